/**
 * Obeying: what a node does about the recalls, receipts and recalled records that reach it, in the order of its log.
 *
 *     a recall            by the target's own origin: kept in force, enforced, answered with a receipt. By anybody else:
 *                         held in quarantine with its reason, and nothing changes. Of a target that is not here: kept in
 *                         force all the same, and answered "not held"
 *     any other record    recalled already, or derived from what is: enforced at once, and the receipt says so anew
 *     a receipt           of a holder downstream: owed to whoever brought the recall, proven as every foreign record is
 *
 * The place in the log moves after a batch is done; a crash does some of it again, which changes nothing. What a record
 * breaks in this is held in quarantine after a few tries, and the others go on.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Compile } from 'typebox/compile'
import { clear, type Held, leq, type MosaicRecord } from '../../record/index.ts'
import { isTransient, whenBack } from '../../store/index.ts'
import { answer } from './answer.ts'
import type { RecallParts } from './contract.ts'
import { enforce } from './enforce.ts'
import {
  anyOrder,
  dropOrder,
  givenTo,
  keepOrder,
  type OrderRow,
  orderOf,
  ordersOf,
  owe,
  recalledAmong,
  targetOf,
} from './queries.ts'
import { exchangeRecall, exchangeReceipt, type RecallBody, type ReceiptBody } from './records.ts'
import { wordOf } from './whose-word.ts'

const place = 'exchange-recall'
const triesAfterMs = [50, 500]
const recallBody = Compile(exchangeRecall.body)
const receiptBody = Compile(exchangeReceipt.body)
const isRecall = (body: unknown): body is RecallBody => recallBody.Check(body)
const isReceipt = (body: unknown): body is ReceiptBody => receiptBody.Check(body)

/** Until the signal aborts. */
export async function obeyRecalls(parts: RecallParts, signal: AbortSignal): Promise<void> {
  const { store } = parts
  const after = await whenBack(() => store.checkpoints.get(place), signal)
  for await (const batch of store.follow({ after, signal }))
    await whenBack(() => digest(parts, batch), signal)
}

/** Records came: where a recall is among them, or may name one of them, they are looked at before anything else. */
export async function obeyArrived(parts: RecallParts, records: readonly MosaicRecord[]): Promise<void> {
  const isRecalling = records.some(({ type }) => type === exchangeRecall.type)
  if (isRecalling || (records.length > 0 && (await anyOrder(parts.store.database)))) await obeyOnce(parts)
}

/** What stands in the log now. */
export async function obeyOnce(parts: RecallParts): Promise<void> {
  for (;;) {
    const after = await parts.store.checkpoints.get(place)
    const batch = await parts.store.read({ after, versions: 'all', order: 'index', limit: 500 })
    if (batch.length === 0) return
    await digest(parts, batch)
  }
}

async function digest(parts: RecallParts, batch: readonly Held[]): Promise<void> {
  for (const held of batch.filter(({ record }) => record.type === exchangeRecall.type))
    await steadily(parts, held, () => obey(parts, held))
  const others = batch.filter(({ record }) => record.type !== exchangeRecall.type)
  await late(parts, others)
  for (const held of others.filter(({ record }) => record.type === exchangeReceipt.type))
    await steadily(parts, held, () => passUp(parts, held))
  const last = batch.at(-1)
  const from = await parts.store.checkpoints.get(place)
  if (last && last.index > from) await parts.store.checkpoints.move({ reactor: place, from, to: last.index })
}

async function obey(parts: RecallParts, held: Held): Promise<void> {
  const { store, node } = parts
  const order = await orderIn(parts, held)
  if (order === undefined)
    return refuse(
      parts,
      held,
      'exchange/recall-unreadable',
      'It says no target, or no handling to tighten to.',
    )
  const word = await wordOf(parts, order)
  if (word === 'another’s')
    return refuse(parts, held, notByOrigin, 'Only the origin of a record takes it back. Nothing was changed.')
  await keepOrder(store.database, order)
  if (word === 'its origin’s') await enforce(parts, order)
  if (order.origin !== node) await answer(parts, order)
  await tellHolders(parts, order)
  await passUpAll(parts, order)
}

/** Who took over from an origin recalls in its stead: that such a recall is owed was not known before it was read. */
async function tellHolders(
  { store, clock }: RecallParts,
  { target, recall, origin }: OrderRow,
): Promise<void> {
  const of = await targetOf(store.database, target)
  if (of === undefined || of.origin === origin) return
  const peers = (await givenTo(store.database, target)).filter((peer) => peer !== origin)
  await owe(store.database, { peers, id: recall, reason: 'recall', at: clock.now() })
}

async function orderIn({ store, node }: RecallParts, { record }: Held): Promise<OrderRow | undefined> {
  const { body } = record
  if (!isRecall(body)) return undefined
  const { target, action, handling } = body
  if (action === 'relabel' && handling === undefined) return undefined
  if (!record.links.some(({ type, id }) => type === 'recalls' && id === target)) return undefined
  const [provenance] = record.origin === node ? [] : await store.provenance([record])
  return {
    target: target,
    recall: record.id,
    origin: record.origin,
    realm: record.realm,
    action,
    handling: handling ?? null,
    via: provenance?.via ?? null,
  }
}

/** Records that were recalled before they came, and what is derived from them. */
async function late(parts: RecallParts, batch: readonly Held[]): Promise<void> {
  const { database } = parts.store
  if (batch.length === 0 || !(await anyOrder(database))) return
  const byId = new Map(batch.map((held) => [held.record.id, held]))
  const found = await recalledAmong(database, [...byId.keys()])
  for (const target of new Set(found.map((row) => row.target))) {
    const arrived = found.flatMap((row) => (row.target === target ? (byId.get(row.id) ?? []) : []))
    const [first] = arrived
    for (const order of await ordersOf(database, target))
      if (first && !isMet(order, arrived)) await steadily(parts, first, () => enforceLate(parts, order))
  }
}

/** What this node derived itself has joined the handling already. */
const isMet = ({ action, handling }: OrderRow, arrived: readonly Held[]): boolean =>
  action === 'relabel' &&
  arrived.every(({ record, effective }) => leq(handling ?? clear, effective ?? record.handling))

async function enforceLate(parts: RecallParts, order: OrderRow): Promise<void> {
  const { store, node } = parts
  const word = await wordOf(parts, order)
  if (word === 'unknown') return
  if (word === 'its origin’s') {
    await enforce(parts, order)
    if (order.origin !== node) await answer(parts, order)
    return
  }
  await dropOrder(store.database, order)
  const recall = await store.get(order.recall)
  if (recall)
    await refuse(parts, recall, notByOrigin, 'Its target came, and is another origin’s. Nothing was changed.')
}

const notByOrigin = 'exchange/recall-not-by-origin'

/** A receipt from downstream may have come before this node knew who brought the recall. */
async function passUpAll(parts: RecallParts, { recall }: OrderRow): Promise<void> {
  const receipts = await parts.store.read({
    types: [exchangeReceipt.type],
    linkedTo: [recall],
    linkType: 'answers',
  })
  for (const held of receipts) await passUp(parts, held)
}

/** Owed by itself only where it may have gone by before this node knew; else `followUpsFor` finds it in its place. */
async function passUp({ store, node, clock }: RecallParts, { record, index }: Held): Promise<void> {
  const { body } = record
  if (record.origin === node || !isReceipt(body)) return
  const order = await orderOf(store.database, body.recall)
  if (order === undefined || order.via === null || order.via === record.origin || index > order.knownAt)
    return
  await owe(store.database, { peers: [order.via], id: record.id, reason: 'receipt', at: clock.now() })
}

const refuse = async (
  { store }: RecallParts,
  { record, receivedAt }: Held,
  rule: string,
  message: string,
): Promise<void> => {
  await store.quarantine.hold({
    kind: 'refused',
    from: record.origin,
    realm: record.realm,
    receivedAt,
    mediaType: 'application/json',
    bytes: Buffer.from(JSON.stringify(record)),
    issues: [{ rule, place: `${record.id}@${record.version}`, message }],
  })
}

async function steadily(parts: RecallParts, held: Held, act: () => Promise<void>): Promise<void> {
  for (const waitMs of [...triesAfterMs, undefined]) {
    try {
      return await act()
    } catch (error) {
      if (isTransient(error)) throw error
      if (waitMs === undefined) return holdFailed(parts, held, error)
      await sleep(waitMs)
    }
  }
}

const holdFailed = async (
  { store }: RecallParts,
  { record, receivedAt }: Held,
  error: unknown,
): Promise<void> => {
  const message = error instanceof Error ? error.message : String(error)
  await store.quarantine.hold({
    kind: 'reactor-failed',
    from: place,
    realm: record.realm,
    receivedAt,
    mediaType: 'application/json',
    bytes: Buffer.from(JSON.stringify(record)),
    issues: [{ rule: 'store/reactor-failed', place: `${record.id}@${record.version}`, message }],
  })
}
