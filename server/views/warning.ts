/** A warning record as lists, pages and feeds show it: CAP's words, one structure for all languages. */
import { type Held, type Instant, instant } from '../../engines/record/index.ts'
import { inForce, type WarningBody } from '../../engines/warn/index.ts'
import type { WarningDetail, WarningSummary } from '../schemas/index.ts'

export type HeldWarning = Held<WarningBody>

/** A warning with a field withheld is no warning for this reader: its CAP message stands as issued, or not at all. */
export const isWhole = ({ withheld = [] }: Held): boolean => withheld.length === 0

/** In the order given; state is judged among all of them, so hand over every message of their chains. */
export function warningSummaries(warnings: readonly HeldWarning[], at: Instant): WarningSummary[] {
  const holding = new Set(inForce(warnings, at).map(({ record }) => record.id))
  return warnings.map((warning) => summaryOfWarning(warning, warnings, holding.has(warning.record.id)))
}

function summaryOfWarning(
  warning: HeldWarning,
  all: readonly HeldWarning[],
  isInForce: boolean,
): WarningSummary {
  const { record, receivedAt } = warning
  const { body } = record
  const [first] = body.infos
  const follower = all.find(({ record: other }) =>
    other.body.references.some(({ identifier }) => identifier === body.identifier),
  )
  return {
    id: record.id,
    realm: record.realm,
    identifier: body.identifier,
    country: body.country,
    ...(body.event === undefined ? {} : { event: body.event }),
    hazard: body.hazard,
    status: body.status,
    msgType: body.msgType,
    severity: first?.severity ?? 'Unknown',
    urgency: first?.urgency ?? 'Unknown',
    certainty: first?.certainty ?? 'Unknown',
    sender: body.sender,
    ...(first?.senderName === undefined ? {} : { senderName: first.senderName }),
    sent: body.sent,
    ...(first?.onset === undefined ? {} : { onset: instant(first.onset) }),
    expires: body.expires,
    inForce: isInForce,
    ...(follower ? { supersededBy: follower.record.id } : {}),
    authority: body.authority === 'authority' ? 'warning' : 'advice',
    languages: body.infos.map(({ language }) => language ?? 'en-US'),
    unreviewed: body.infos
      .map(({ language }) => language ?? 'en-US')
      .filter((language) => body.reviewed[language] !== true),
    headline: Object.fromEntries(
      body.infos.map(({ language, headline, event }) => [language ?? 'en-US', headline ?? event]),
    ),
    receivedAt,
  }
}

/** `related`: every message of the event, for its state and for the ids of what it references. */
export function warningDetail(
  warning: HeldWarning,
  related: readonly HeldWarning[],
  because: WarningDetail['because'],
  at: Instant,
): WarningDetail {
  const { body } = warning.record
  const [first] = body.infos
  const isInForce = inForce(related, at).some(({ record }) => record.id === warning.record.id)
  return {
    ...summaryOfWarning(warning, related, isInForce),
    category: [...(first?.category ?? [])],
    responseType: [...(first?.responseType ?? [])],
    eventCode: [...(first?.eventCode ?? [])],
    parameter: [...(first?.parameter ?? [])],
    ...(body.note === undefined ? {} : { note: body.note }),
    ...(body.mandate === '' ? {} : { mandate: body.mandate }),
    infos: body.infos.map(({ language = 'en-US', event, headline, description, instruction }) => ({
      language,
      event,
      ...(headline === undefined ? {} : { headline }),
      ...(description === undefined ? {} : { description }),
      ...(instruction === undefined ? {} : { instruction }),
      isUnreviewed: body.reviewed[language] !== true,
    })),
    areas: areasOf(body),
    references: body.references.map((reference) => {
      const held = related.find(({ record }) => record.body.identifier === reference.identifier)
      return { ...reference, ...(held ? { id: held.record.id } : {}) }
    }),
    because,
  }
}

/** CAP writes [lat, lon]; everything outside CAP is [lon, lat]. */
function areasOf({ infos }: WarningBody): WarningDetail['areas'] {
  const [first] = infos
  return (first?.area ?? []).map((area, at) => ({
    desc: Object.fromEntries(
      infos.map(({ language = 'en-US', area: areas }) => [language, areas[at]?.areaDesc ?? area.areaDesc]),
    ),
    polygons: area.polygon.map((ring) => ring.map(([lat, lon]) => [lon, lat] as [number, number])),
    circles: area.circle.map(({ center: [lat, lon], radiusKm }) => ({
      center: [lon, lat] as [number, number],
      radiusKm,
    })),
    geocodes: area.geocode.map(({ valueName, value }) => ({ scheme: valueName, code: value })),
  }))
}
