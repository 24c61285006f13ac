/**
 * Codes as areas: which shapes stand for the codes of one place on a day, and what had to stand in.
 *
 * Several lists may name one place, and a code beside the best one may be as coarse as a province. So the codes are taken
 * list by list, in the order given: the first list of which every code has a shape; else the first of which any has, and
 * what lacks stands as its country; else the countries. A missing shape makes a warning reach too many, never nobody.
 *
 * Each code: the edition that held on the day, under each of its meanings; else the edition nearest before, else after,
 * and this is told; else the country, and this is told; else only told.
 */
import type { AreaIndex } from './area-index.ts'
import type { Area, Day } from './areas.ts'
import { type Code, type CodeReader, codeText } from './code-rules.ts'

export const fallbackReasons = [
  'place/area-of-other-edition',
  'place/area-as-country',
  'place/area-unknown',
] as const
export type FallbackReason = (typeof fallbackReasons)[number]

/** What stands for a code in place of its own area on its own day. */
export type AreaFallback = Code & {
  readonly reason: FallbackReason
  /** The whole of it stands for the code. */
  readonly country?: string
  /** First day of the edition whose shape stands for it. */
  readonly edition?: Day
}

export type CodesResolved = {
  readonly areas: readonly Area[]
  readonly fallbacks: readonly AreaFallback[]
}

export type ResolveParts = {
  readonly index: Pick<AreaIndex, 'edition'>
  readonly reader: CodeReader
  /** For a code whose country the rules do not say: whose place this is at all. */
  readonly country?: string
  /** Whether a shape is held of the country. */
  readonly hasCountry: (country: string) => boolean
}

export function resolveCodes(codes: readonly Code[], on: Day, parts: ResolveParts): CodesResolved {
  const lists = [...Map.groupBy(codes, ({ scheme }) => scheme).values()].map((list) =>
    list.map((code) => resolveCode(code, on, parts)),
  )
  const chosen =
    lists.find((list) => list.every(({ area }) => area !== undefined)) ??
    lists.find((list) => list.some(({ area }) => area !== undefined)) ??
    lists[0] ??
    []
  return {
    areas: [...new Set(chosen.flatMap(({ area }) => area ?? []))],
    fallbacks: chosen.flatMap(({ fallback }) => fallback ?? []),
  }
}

type CodeResolved = { readonly area?: Area; readonly fallback?: AreaFallback }

function resolveCode({ scheme, code }: Code, on: Day, parts: ResolveParts): CodeResolved {
  const { index, reader, hasCountry } = parts
  const found = reader.meanings({ scheme, code }).flatMap((one) => index.edition(one, on) ?? [])
  const current = found.find(({ isOfDay }) => isOfDay)
  if (current !== undefined) return { area: current.area }
  const [other] = found
  if (other !== undefined) {
    const { area } = other
    const fallback = { scheme, code, reason: 'place/area-of-other-edition', edition: area.validFrom } as const
    return { area, fallback }
  }
  const country = reader.countryOf({ scheme, code }) ?? parts.country
  return country !== undefined && hasCountry(country)
    ? { fallback: { scheme, code, reason: 'place/area-as-country', country } }
    : { fallback: { scheme, code, reason: 'place/area-unknown' } }
}

/** What happened to a code, in a sentence that says what to do. */
export function fallbackMessage(fallback: AreaFallback): string {
  const name = codeText(fallback)
  switch (fallback.reason) {
    case 'place/area-of-other-edition':
      return `No edition of the list held on that day; the shape of ${name} is of the edition of ${fallback.edition}. Import the list of the day.`
    case 'place/area-as-country':
      return `No shape is held for ${name}; the whole of ${fallback.country} stands for it. Import its list.`
    case 'place/area-unknown':
      return `No shape is held for ${name}, nor is its country known. Import its list.`
    default:
      return fallback.reason satisfies never
  }
}
