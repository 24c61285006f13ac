/**
 * Where a recall stands, for people: who holds what was recalled, who has confirmed, who has not answered since when.
 *
 * Known holders are the peers to which this node gave the target, and those whom a holder's receipt names as given it in
 * turn; whoever sent a receipt of its own accord is one as well. A receipt counts for the node in whose log it stands.
 */
import { type Held, instant, type NodeId, type RecordId } from '../../record/index.ts'
import type { Holder, RecallParts, RecallState } from './contract.ts'
import { bucketOf } from './queries.ts'
import { exchangeRecall, exchangeReceipt, type RecallBody, type ReceiptBody } from './records.ts'

/** Undefined where no such recall is held. */
export async function recallState(parts: RecallParts, id: RecordId): Promise<RecallState | undefined> {
  const held = await parts.store.get(id)
  return held?.record.type === exchangeRecall.type ? stateOf(parts, held as Held<RecallBody>) : undefined
}

/** The recalls that this node ordered, newest first. */
export async function recallsOrdered(parts: RecallParts, limit = 100): Promise<readonly RecallState[]> {
  const where = { kind: 'origin-in', nodes: [parts.node] } as const
  const held = await parts.store.read({ types: [exchangeRecall.type], where, order: '-index', limit })
  return Promise.all(held.map((one) => stateOf(parts, one as Held<RecallBody>)))
}

async function stateOf(parts: RecallParts, { record }: Held<RecallBody>): Promise<RecallState> {
  const { id, body, recordedAt } = record
  const receipts = (await parts.store.read({
    types: [exchangeReceipt.type],
    linkedTo: [id],
    linkType: 'answers',
  })) as readonly Held<ReceiptBody>[]
  const given = await givenAt(parts, body.target)
  const holders = holdersOf(given, receipts).filter(({ node }) => node !== record.origin)
  const waitingFor = holders.filter(({ confirmed }) => confirmed === undefined).map(({ node }) => node)
  return {
    id,
    target: body.target,
    action: body.action,
    reason: body.reason,
    orderedAt: recordedAt,
    ...(body.follows !== undefined && { follows: body.follows }),
    holders,
    waitingFor,
    isComplete: waitingFor.length === 0,
  }
}

type Given = Pick<Holder, 'node' | 'sentAt' | 'acknowledgedAt'>

async function givenAt({ store }: RecallParts, target: RecordId): Promise<readonly Given[]> {
  const rows = await store.database<{ peer: NodeId; sent: Date; acknowledged: Date | null }[]>`
    select peer, min(sent_at) as sent, min(acknowledged_at) as acknowledged
    from delivery
    where bucket = ${bucketOf(target)} and id = ${target}
    group by peer
    order by peer`
  return rows.map(({ peer, sent, acknowledged }) => ({
    node: peer,
    sentAt: instant(sent),
    ...(acknowledged && { acknowledgedAt: instant(acknowledged) }),
  }))
}

function holdersOf(given: readonly Given[], receipts: readonly Held<ReceiptBody>[]): readonly Holder[] {
  const holders = new Map<NodeId, Holder>(given.map((one) => [one.node, one]))
  const name = (node: NodeId, more: Partial<Holder>) =>
    holders.set(node, { node, ...more, ...holders.get(node) })
  for (const { record } of receipts)
    for (const node of record.body.downstream ?? [])
      if (!holders.has(node)) name(node, { through: record.origin })
  for (const { record, receivedAt } of receipts) {
    const { done, at, derived } = record.body
    name(record.origin, { confirmed: { done, at, receivedAt, derived } })
  }
  return [...holders.values()].sort((a, b) => (a.node < b.node ? -1 : 1))
}
