/** A warning of another authority as lists and its page show it: the authority's words, and what is known against them. */
import type { Held, Instant, RecordId } from '../../engines/record/index.ts'
import { type AlertBody, alertRecord, type NoticeBody, noticeRecord } from '../../engines/warn/index.ts'
import type { View } from '../ask.ts'
import type { Seen } from '../context.ts'
import type { NoticeDetail, NoticeSummary } from '../schemas/index.ts'
import { shapeOf } from './outline.ts'
import { isWhole } from './warning.ts'

export type HeldNotice = Held<NoticeBody>

export const isNoticeInForce = ({ record: { body, valid } }: HeldNotice, now: Instant): boolean =>
  body.state === 'in-force' && (valid.until === undefined || valid.until > now)

export function noticeSummary(notice: HeldNotice, now: Instant): NoticeSummary {
  const { record, receivedAt } = notice
  const { id, realm, version, valid, body } = record
  const { authority, level, texts } = body
  return {
    id,
    realm,
    authority: { ...authority, names: { ...authority.names } },
    sender: body.sender,
    status: body.status,
    state: body.state,
    inForce: isNoticeInForce(notice, now),
    ...(level.own === undefined ? {} : { ownLevel: level.own.text }),
    severity: level.severity,
    urgency: level.urgency,
    certainty: level.certainty,
    kind: body.kind.map((one) => ({ ...one })),
    event: { ...texts.event },
    headline: { ...texts.headline },
    area: { ...texts.area },
    from: valid.from,
    until: valid.until ?? body.expires,
    expiresAssumed: body.expiresAssumed,
    group: body.group,
    holds: body.holds,
    ...(body.holdsBecause === undefined ? {} : { holdsBecause: body.holdsBecause }),
    hasConflict: body.messages.some(({ role }) => role === 'conflict'),
    receivedAt,
    version,
  }
}

/** What it is made of is read as the asker may have it: of a message that is not theirs to see, its name alone is told. */
export async function noticeDetail(
  seen: Seen,
  view: View,
  { notice, now }: { readonly notice: HeldNotice; readonly now: Instant },
): Promise<NoticeDetail> {
  const { body, attribution, realm } = notice.record
  const { texts } = body
  const isDrawn = body.areas.polygons.length > 0 || body.areas.circles.length > 0
  const shape = isDrawn ? undefined : shapeOf(notice.record.place?.geometry)
  const [alerts, next] = await Promise.all([
    messagesOf(seen, view, notice),
    body.goesOnAs === undefined ? undefined : noticeUnder(seen, view, body.goesOnAs),
  ])
  return {
    ...noticeSummary(notice, now),
    languages: Object.keys(texts.event),
    description: { ...texts.description },
    instruction: { ...texts.instruction },
    senderName: { ...texts.senderName },
    web: { ...texts.web },
    contact: { ...texts.contact },
    ...(body.onset === undefined ? {} : { onset: body.onset }),
    ...(body.effective === undefined ? {} : { effective: body.effective }),
    ...(body.endedAt === undefined ? {} : { endedAt: body.endedAt }),
    ...(next && next.record.realm === realm ? { goesOnAs: next.record.id } : {}),
    areas: areasOf(body),
    ...(shape ? { shape } : {}),
    codesWithoutShape: (body.areaFallback ?? []).map((one) => ({ ...one })),
    messages: body.messages.map((message) => messageOf(message, alerts)),
    dangling: [...body.dangling],
    attribution: attribution.map((one) => ({ ...one })),
  }
}

type HeldAlert = Held<AlertBody>
type Message = NoticeDetail['messages'][number]

async function messagesOf({ records }: Seen, { realm, knownAt }: View, { record }: HeldNotice) {
  const ids = record.links.flatMap(({ type, id }) => (type === 'derivedFrom' && id ? [id as RecordId] : []))
  if (ids.length === 0) return []
  const held = await records.read({ types: [alertRecord.type], realm, ids, ...(knownAt && { knownAt }) })
  return held.filter(isWhole) as readonly HeldAlert[]
}

/** The key in the chain is `origin key` of the message's record. */
function messageOf(
  { key, triple, role, because }: NoticeBody['messages'][number],
  alerts: readonly HeldAlert[],
): Message {
  const held = alerts.find(({ record }) => `${record.origin} ${record.key}` === key)
  const body = held?.record.body
  return {
    ...triple,
    role,
    because,
    ...(held && { id: held.record.id, receivedAt: held.receivedAt }),
    ...(body && { msgType: body.alert.msgType, signature: { ...body.signature } }),
    defects: (body?.defects ?? []).map((defect) => ({ ...defect })),
  }
}

async function noticeUnder({ records }: Seen, { realm, knownAt }: View, key: string) {
  const [next] = await records.read({ types: [noticeRecord.type], realm, key, ...(knownAt && { knownAt }) })
  return next
}

/** CAP writes [lat, lon]; everything outside CAP is [lon, lat]. */
function areasOf({ areas, texts }: NoticeBody): NoticeDetail['areas'] {
  return {
    desc: { ...texts.area },
    polygons: areas.polygons.map((ring) => ring.map(([lat, lon]) => [lon, lat] as [number, number])),
    circles: areas.circles.map(({ center: [lat, lon], radiusKm }) => ({
      center: [lon, lat] as [number, number],
      radiusKm,
    })),
    geocodes: areas.codes.map((code) => ({ ...code })),
  }
}
