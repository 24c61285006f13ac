/**
 * Ordering a recall: the origin of a record takes it back, or tightens it, here and wherever it went.
 *
 * A withdrawal is of the record as such, in every version that was and may yet come: what is right afterwards is said
 * under another key. A relabelling joins a handling to whatever holds, so it only ever tightens, and it too holds for
 * versions to come. Both hold for all that is derived from the record, here and at every holder.
 *
 * The recall is itself a record of this node, standing in its log: whoever gets it can see who ordered it. Its handling
 * lets everybody have it who could have had any version of the target.
 */
import {
  type Handling,
  type Held,
  leq,
  type MosaicRecord,
  normalise,
  type RecordId,
} from '../../record/index.ts'
import type { Recalled, RecallOrder, RecallParts, RecallRefusal, RelabelOrder } from './contract.ts'
import { deliveredTo } from './delivery.ts'
import { idOf, keyOf, recallDraft, rememberOwn, type What } from './draft.ts'
import { admittedBy, enforce } from './enforce.ts'
import { exchangeRecall, exchangeReceipt, type RecallBody } from './records.ts'

export const withdraw = (parts: RecallParts, order: RecallOrder): Promise<Recalled> =>
  ordered(parts, order, { action: 'withdraw' })

export const relabel = (parts: RecallParts, { handling, ...order }: RelabelOrder): Promise<Recalled> =>
  ordered(parts, order, { action: 'relabel', handling: normalise(handling) })

async function ordered(parts: RecallParts, order: RecallOrder, what: What): Promise<Recalled> {
  const { store } = parts
  const versions = await store.read({ ids: [order.target], versions: 'all', erased: true })
  const against = await refusal(parts, order.target, versions)
  if (against !== undefined) return { kind: 'refused', reason: against }
  const key = keyOf(order.target, what)
  const before = await store.get(idOf(parts.node, key, versions))
  if (before !== undefined) return { kind: 'unchanged', recall: before.record as MosaicRecord<RecallBody> }
  if (what.action === 'relabel' && versions.every((held) => leq(what.handling, effectiveOf(held))))
    return { kind: 'refused', reason: { code: 'exchange/relabel-not-stricter', handling: what.handling } }
  const admitted = what.action === 'relabel' ? admittedBy(parts, what.handling, versions) : []
  if (admitted.length > 0)
    return { kind: 'refused', reason: { code: 'exchange/relabel-admits', names: admitted } }

  const draft = recallDraft(parts, { versions, key, what, reason: order.reason, by: order.by })
  const [appended] = await store.append([draft])
  if (appended?.kind !== 'appended' && appended?.kind !== 'unchanged')
    throw new Error(`the store refused a recall: ${JSON.stringify(appended)}`)
  const recall = appended.record as MosaicRecord<RecallBody>
  const touched = await enforce(parts, await rememberOwn(parts, recall))
  const told = (await deliveredTo(store.database, [order.target])).get(order.target) ?? []
  return { kind: 'recalled', recall, touched, told }
}

async function refusal(
  { node, speaksFor }: RecallParts,
  target: RecordId,
  versions: readonly Held[],
): Promise<RecallRefusal | undefined> {
  const [first] = versions
  if (first === undefined) return { code: 'exchange/recall-not-held', target }
  const { origin, type } = first.record
  if (type === exchangeRecall.type || type === exchangeReceipt.type)
    return { code: 'exchange/not-recallable', type }
  const isOurs = origin === node || (await speaksFor?.(node, origin)) === true
  return isOurs ? undefined : { code: 'exchange/recall-not-ours', origin }
}

const effectiveOf = ({ record, effective }: Held): Handling => effective ?? record.handling
