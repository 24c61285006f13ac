/**
 * From received messages to notices: for each message it reads what bears on it, resolves, and writes every notice whose
 * slot it has whole. It decides nothing by itself: the resolver is a function of the messages, so a replay, a second
 * runner and another order of arrival give the same notices.
 *
 * An area that comes into the register gives the notices that name it their place anew (`replace.ts`).
 *
 * A notice whose chain has come to begin earlier gets a new key; the old one says where it goes on. What is not Actual is
 * never resolved in the realm `actual`, whoever put it there.
 */
import { isDeepStrictEqual } from 'node:util'
import { capTriple } from '../../formats/index.ts'
import { placeArea } from '../../place/index.ts'
import { actual, canonical, type Draft, type Held, millis, type NodeId } from '../../record/index.ts'
import { bindingHandling, type Reactor, type ReactorView } from '../../store/index.ts'
import { authoritiesOf } from './authority.ts'
import type { KnownAlert, Register, Resolved } from './contract.ts'
import { slotId } from './names.ts'
import { noticeDraft, resolveMethod } from './notice-draft.ts'
import { placing } from './notice-place.ts'
import { alertRecord, type NoticeBody, noticeRecord } from './records.ts'
import { type HeldAlert, relatedTo } from './related.ts'
import { replacedBy } from './replace.ts'
import { resolverFor } from './resolve.ts'
import { type AreaLookup, type HeldArea, heldAreas, noAreas } from './where.ts'

export function resolveReactor(register: Register, node: NodeId, areas: AreaLookup = noAreas): Reactor {
  const resolve = resolverFor(register)
  const authorityOf = authoritiesOf(register)
  return {
    name: resolveMethod.name,
    version: resolveMethod.version,
    reads: [alertRecord.type, placeArea.type],
    writes: [noticeRecord.type],
    react: async (input, view) => {
      if (input.record.type === placeArea.type)
        return replacedBy(input as HeldArea, { view, node, lookup: areas })
      const alert = input as HeldAlert
      if (!isResolved(alert)) return []
      const { alerts, slots } = await relatedTo(alert, view)
      const counted = alerts.filter(isResolved)
      const held = new Map(counted.map((each) => [nameOf(each), each]))
      const known = counted.map((each) => knownAlert(each, node))
      const whole = resolve(known).filter(({ shown }) => slots.has(slotId(shown)))
      const { realm } = input.record
      const codes = whole.flatMap(({ shown }) => shown.codes)
      const placeOf = placing(await heldAreas(codes, areas, { view, node }), areas)
      const drafts = whole.map((resolved) => {
        const authority = authorityOf(resolved.shown.of.triple.sender)
        return noticeDraft({ resolved, authority, realm, held, placeOf })
      })
      const earlier = await earlierNotices(counted, node, view)
      const fresh = drafts.filter((draft) => !isSaid(draft, earlier))
      return [
        ...fresh,
        ...movedOn(
          earlier.filter(({ record }) => isWhole(record.body, slots)),
          whole,
          drafts,
        ),
      ]
    },
  }
}

const isWhole = ({ slot }: NoticeBody, slots: ReadonlySet<string>): boolean => slots.has(slot)

const isResolved = ({ record: { realm, body } }: HeldAlert): boolean =>
  realm !== actual || body.alert.status === 'Actual'

/** Two nodes may hold a record of one message each: both count, under names of their own. */
const nameOf = ({ record: { key, origin } }: Held): string => `${origin} ${key}`

function knownAlert(held: HeldAlert, node: NodeId): KnownAlert {
  const { record } = held
  const { alert, digest, signature } = record.body
  const triple = capTriple(alert) ?? record.body.triple // a peer may write what it likes beside its message
  return {
    key: nameOf(held),
    alert,
    triple,
    digest,
    recordedMs: millis(record.recordedAt),
    isForged: signature.kind === 'failed',
    isOwn: record.origin === node,
    handling: canonical(bindingHandling(held)),
  }
}

type HeldNotice = Held<NoticeBody>

async function earlierNotices(
  alerts: readonly HeldAlert[],
  node: NodeId,
  view: ReactorView,
): Promise<readonly HeldNotice[]> {
  const notices = await view.read({
    types: [noticeRecord.type],
    linkedTo: alerts.map(({ record }) => record.id),
    linkType: 'derivedFrom',
  })
  return (notices as readonly HeldNotice[]).filter(({ record }) => record.origin === node)
}

/** Also of the same versions of the same messages: else a new version only says that it was looked at again. */
const isSaid = (draft: Draft<NoticeBody>, earlier: readonly HeldNotice[]): boolean =>
  earlier.some(
    ({ record }) =>
      record.key === draft.key &&
      isDeepStrictEqual(record.body, draft.body) &&
      isDeepStrictEqual(record.links, draft.links),
  )

/** Notices whose messages now stand under another key. */
function movedOn(
  earlier: readonly HeldNotice[],
  whole: readonly Resolved[],
  drafts: readonly Draft<NoticeBody>[],
): readonly Draft<NoticeBody>[] {
  const keys = new Set(whole.map(({ key }) => key))
  return earlier.flatMap(({ record }) => {
    if (keys.has(record.key) || record.body.goesOnAs !== undefined) return []
    const next = drafts.find(({ body }) => sharesMessage(body, record.body))
    if (next === undefined) return []
    const { type, key, realm, producer, valid, place, body } = record
    const links = next.links === undefined ? {} : { links: next.links }
    const moved: NoticeBody = { ...body, state: 'superseded', goesOnAs: next.key }
    return [{ type, key, realm, producer, valid, ...(place && { place }), ...links, body: moved }]
  })
}

const sharesMessage = (a: NoticeBody, b: NoticeBody): boolean =>
  isDeepStrictEqual(a.kind, b.kind) &&
  (a.slot === b.slot || (a.areas.codes.length === 0 && b.areas.codes.length === 0)) &&
  a.messages.some(({ key }) => b.messages.some((each) => each.key === key))
