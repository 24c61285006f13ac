/**
 * Events of other nodes beside our own: which of those that this asker may see tell of the same thing (engines/fuse).
 * Looked for among the events that hold within reach of these in time, the reach that the packs' fusion gives.
 */
import { type EventBody, type SharedEvents, sharedEvents } from '../../engines/fuse/index.ts'
import { type Held, type NodeId, plusMs, type RecordId } from '../../engines/record/index.ts'
import type { View } from '../ask.ts'
import type { Seen } from '../context.ts'

type HeldEvent = Held<EventBody>

const nothingShared: SharedEvents = { isBeside: () => false, beside: () => [], sameAs: () => [] }

export async function sharedAmong(
  { records, types, node }: Seen,
  { realm, knownAt }: View,
  events: readonly Held[],
): Promise<SharedEvents> {
  if (events.length === 0) return nothingShared
  const own = node.identity.node as NodeId
  const ofOthers = { kind: 'not', of: { kind: 'origin-in', nodes: [own] } } as const
  const near = { types: types.events, realm, ...reachOf(node, events), ...(knownAt && { knownAt }) }
  const theirs = await records.read({ ...near, matching: ofOthers })
  if (theirs.length === 0) return nothingShared
  const ours = await records.read({ ...near, matching: { kind: 'origin-in', nodes: [own] } })
  const all = [...new Map([...events, ...theirs, ...ours].map((one) => [one.record.id, one])).values()]
  if (new Set(all.map(({ record }) => record.origin)).size < 2) return nothingShared
  const members = (all as HeldEvent[]).flatMap(({ record: { body } }) => body?.members ?? [])
  const ids = [
    ...new Set(members.flatMap(({ id, copies = [] }): RecordId[] => [...(id ? [id] : []), ...copies])),
  ]
  const reports = await records.read({ ids, realm, ...(knownAt && { knownAt }) })
  return sharedEvents({ node: own, events: all as HeldEvent[], reports })
}

/** From the earliest to the latest of them, and as far beyond as two reports of one thing may lie apart. */
function reachOf({ packs }: Seen['node'], events: readonly Held[]) {
  const slackMs = Math.max(0, ...packs.flatMap(({ fusion }) => fusion.map(({ windowMs }) => windowMs)))
  const starts = events.map(({ record }) => record.valid.from).sort()
  const [first] = starts
  const last = starts.at(-1)
  return {
    ...(first && { validFrom: plusMs(first, -slackMs) }),
    ...(last && { validUntil: plusMs(last, slackMs) }),
  }
}
