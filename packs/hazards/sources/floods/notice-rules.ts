/**
 * When EFAS gives a notice (version 5.2, from what is published about it):
 *
 *   formal       upstream area ≥ 1000 km², chance > 50 % of exceeding the 5-year level, 2–7 days ahead
 *   informal     upstream area ≥  500 km², chance ≥ 40 %
 *   flash-flood  upstream area <  2000 km², chance ≥ 30 % of exceeding the 5-year level, up to 48 h ahead
 *
 * Severity is assumed: Severe for formal and flash-flood notices, Moderate for informal ones.
 */
import type { CapSeverity } from '../../../../engines/formats/index.ts'
import { type Instant, type Issue, millis } from '../../../../engines/record/index.ts'

export type NoticeRule = {
  readonly name: string
  readonly severity: CapSeverity
  readonly area?: readonly [least: number, below: number]
  readonly chance: { readonly least: number; readonly isAbove?: true }
  readonly leadHours?: readonly [least: number, most: number]
}

export const noticeRules: Readonly<Record<string, NoticeRule>> = {
  formal: {
    name: 'formal flood notification',
    severity: 'Severe',
    area: [1000, Number.POSITIVE_INFINITY],
    chance: { least: 0.5, isAbove: true },
    leadHours: [48, 168],
  },
  informal: {
    name: 'informal flood notification',
    severity: 'Moderate',
    area: [500, Number.POSITIVE_INFINITY],
    chance: { least: 0.4 },
  },
  'flash-flood': {
    name: 'flash flood notification',
    severity: 'Severe',
    area: [0, 2000],
    chance: { least: 0.3 },
    leadHours: [0, 48],
  },
}

export type NoticeFacts = {
  readonly area: number | undefined
  readonly probability: number
  readonly issued: Instant
  readonly from: Instant | undefined
}

/** Where a notice does not keep the rule of its own kind. */
export function broken(
  rule: NoticeRule,
  { area, probability, issued, from }: NoticeFacts,
  place: string,
): readonly Issue[] {
  const { least, isAbove } = rule.chance
  const [fromKm2, belowKm2] = rule.area ?? [0, Number.POSITIVE_INFINITY]
  const hours = from === undefined ? undefined : (millis(from) - millis(issued)) / 3_600_000
  const lead = rule.leadHours
  return [
    ...(probability < least || (isAbove && probability === least)
      ? [breaks(place, 'probability', String(probability), `${isAbove ? 'more than' : 'at least'} ${least}`)]
      : []),
    ...(area !== undefined && (area < fromKm2 || area >= belowKm2)
      ? [breaks(place, 'upstreamAreaKm2', String(area), `from ${fromKm2} to below ${belowKm2} km²`)]
      : []),
    ...(lead !== undefined && hours !== undefined && (hours < lead[0] || hours > lead[1])
      ? [
          breaks(
            place,
            'from',
            String(Math.round(hours)),
            `${lead[0]} to ${lead[1]} hours after it was issued`,
          ),
        ]
      : []),
  ]
}

const breaks = (place: string, name: string, value: string, wanted: string): Issue => ({
  rule: 'efas/outside-its-rule',
  place: `${place} ${name}`,
  value,
  message: `A notice of this kind is given with ${name} ${wanted}. It was taken as it is.`,
})
