/** Is a recall the word of its target's origin? */
import { exerciseOf, type NodeId, type RecordId } from '../../record/index.ts'
import { originOf } from '../../tlog/index.ts'
import { provenBy } from '../proven-by.ts'
import type { RecallParts } from './contract.ts'
import { type OrderRow, targetOf } from './queries.ts'
import { exchangeRecall, exchangeReceipt } from './records.ts'

/**
 * Whose word is it? Of a target that never was here nobody can say, so nothing that is here changes by it: else any peer
 * could have others' records erased by recalling what they are derived from. It is asked again when the target comes;
 * meanwhile the origins of what is derived from it recall that themselves.
 */
export async function wordOf(
  parts: RecallParts,
  order: OrderRow,
): Promise<'its origin’s' | 'another’s' | 'unknown'> {
  const { store, speaksFor } = parts
  const target = await targetOf(store.database, order.target)
  if (target === undefined) return 'unknown'
  if (
    target.realm !== order.realm ||
    target.type === exchangeRecall.type ||
    target.type === exchangeReceipt.type
  )
    return 'another’s'
  const isByOrigin = target.origin === order.origin
  if (!isByOrigin && (await speaksFor?.(order.origin, target.origin)) !== true) return 'another’s'
  return exerciseOf(order.realm) === undefined || (await isByItsPlayer(parts, order, target.origin))
    ? 'its origin’s'
    : 'another’s'
}

/**
 * In an exercise a name may be one that a scenario brings, in which any node can write. So the log that first proved the
 * target proves the recall, too; or that of an heir, which speaks for a log and not for a player. What the log of that
 * very name proves is its word in any case: nobody plays under it. Of what is erased the proof has gone with the content;
 * then the log that proved the recall which erased it stands for the one that proved the target.
 */
async function isByItsPlayer(
  { store, node }: RecallParts,
  { target, recall, origin }: OrderRow,
  owner: NodeId,
): Promise<boolean> {
  const before = (await store.erasures([target])).flatMap(({ reason }) => recallNamedIn(reason))
  const proven = await provenBy(store.database, [target, recall, ...before], node)
  const by = proven.get(recall)?.log
  if (origin === owner && by === originOf(origin)) return true
  const first = proven.get(target)?.log
  if (first === undefined)
    return before.some((id) => id === recall || (by !== undefined && proven.get(id)?.log === by))
  return origin === owner ? by === first : by === originOf(origin) && first === originOf(owner)
}

const recallNamedIn = (reason: string): readonly RecordId[] => {
  const named = /recall ([0-9a-f]{40})$/.exec(reason)?.[1]
  return named === undefined ? [] : [named as RecordId]
}
