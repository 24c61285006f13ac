/** A holder's answer to a recall: what it held, what it did, and to whom it had passed it on. */
import { type Draft, recordId } from '../../record/index.ts'
import type { RecallParts } from './contract.ts'
import { givenTo, type OrderRow, versionsHeld } from './queries.ts'
import { exchangeReceipt, type ReceiptBody } from './records.ts'

/** This node's receipt: one record for each recall, a new version only when there is something else to say. */
export async function answer(parts: RecallParts, order: OrderRow): Promise<void> {
  const { store, node, clock } = parts
  const said = await bodyOf(parts, order)
  const [before] = await store.read({
    ids: [recordId(node, exchangeReceipt.type, order.recall, order.realm)],
  })
  if (before !== undefined && sameButTime(before.record.body as ReceiptBody, said)) return
  const at = clock.now()
  const draft: Draft<ReceiptBody> = {
    type: exchangeReceipt.type,
    key: order.recall,
    realm: order.realm,
    producer: { kind: 'method', name: 'exchange-recall', version: '1' },
    valid: { from: at, until: at },
    handling: { tlp: 'TLP:GREEN', originatorControl: true },
    links: [{ type: 'answers', id: order.recall }],
    body: { ...said, at },
  }
  const [outcome] = await store.append([draft])
  if (outcome?.kind !== 'appended' && outcome?.kind !== 'unchanged')
    throw new Error(`the store refused a receipt: ${JSON.stringify(outcome)}`)
}

async function bodyOf(
  { store }: RecallParts,
  { target, recall, action, origin }: OrderRow,
): Promise<Omit<ReceiptBody, 'at'>> {
  const versions = await versionsHeld(store.database, target)
  const derived = versions === 0 ? 0 : (await store.derivedFrom(target)).length
  const done = action === 'withdraw' ? 'removed' : 'relabelled'
  const downstream = (await givenTo(store.database, target)).filter((peer) => peer !== origin)
  return {
    recall,
    target,
    done: versions === 0 ? 'not-held' : done,
    versions,
    derived,
    ...(downstream.length > 0 && { downstream: downstream.slice(0, 1000) }),
  }
}

const sameButTime = ({ at: _, ...before }: ReceiptBody, now: Omit<ReceiptBody, 'at'>): boolean =>
  JSON.stringify(Object.entries(before).sort()) === JSON.stringify(Object.entries(now).sort())
