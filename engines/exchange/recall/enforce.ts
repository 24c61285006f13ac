/**
 * Doing what a recall says: the content of the target and of all that is derived from it goes, or their handling is
 * tightened; and what this node itself derived and handed on, it recalls in turn, since it is the origin of that. Only
 * an origin's word reaches the holders of its records, whether or not they can see what those were derived from.
 *
 * A repeat changes nothing, so a crash anywhere in it is answered by doing it again.
 */
import {
  clear,
  type Draft,
  type Handling,
  type Held,
  leq,
  type MosaicRecord,
  type RecordId,
  recordId,
  unreachable,
} from '../../record/index.ts'
import type { Ref } from '../../store/index.ts'
import type { RecallParts } from './contract.ts'
import { deliveredTo } from './delivery.ts'
import { keyOf, recallDraft, rememberOwn } from './draft.ts'
import type { OrderRow } from './queries.ts'
import { exchangeRecall, exchangeReceipt, type RecallBody } from './records.ts'

/**
 * Whom a relabelling would let in. From TLP:AMBER upwards the bare label keeps a record with its holder's organisation and
 * clients, and an audience admits others; joining an audience to such a record would widen it.
 */
export function admittedBy(
  { node, organisation }: RecallParts,
  { audience = [] }: Handling,
  held: readonly Held[],
): readonly string[] {
  const isBare = held.some(({ record, effective }) => {
    const handling = effective ?? record.handling
    return handling.audience === undefined && handling.tlp !== 'TLP:CLEAR' && handling.tlp !== 'TLP:GREEN'
  })
  return isBare ? audience.filter((name) => name !== node && name !== organisation) : []
}

/** Answers how many versions changed now. */
export async function enforce(parts: RecallParts, order: OrderRow): Promise<number> {
  const touched = await apply(parts, order)
  await recallDerived(parts, order)
  return touched.length
}

async function apply(
  parts: RecallParts,
  { target, recall, origin, action, handling }: OrderRow,
): Promise<readonly Ref[]> {
  const { store } = parts
  switch (action) {
    case 'withdraw':
      await dropBeside(parts, target)
      return store.erase([target], { derived: true, reason: `withdrawn by ${origin}, recall ${recall}` })
    case 'relabel':
      return store.tighten(target, await withoutAdmitting(parts, target, handling ?? { tlp: 'TLP:RED' }))
    default:
      return unreachable(action)
  }
}

async function dropBeside(parts: RecallParts, target: RecordId): Promise<void> {
  if (parts.dropLeftBehind === undefined) return
  const held = await heldWithDerived(parts, target)
  if (held.length > 0) await parts.dropLeftBehind(held)
}

/** Where it would let somebody in, at the target or at anything derived from it, it stays with this node's own. */
async function withoutAdmitting(parts: RecallParts, target: RecordId, handling: Handling): Promise<Handling> {
  if (handling.audience === undefined) return handling
  const held = await heldWithDerived(parts, target)
  const admitted = admittedBy(parts, handling, held)
  return { ...handling, audience: handling.audience.filter((name) => !admitted.includes(name)) }
}

/** The target and all that is derived from it, as far as there is content. */
async function heldWithDerived({ store }: RecallParts, target: RecordId): Promise<readonly Held[]> {
  const derived = await store.derivedFrom(target)
  return store.read({ ids: [...new Set([target, ...derived.map(({ id }) => id)])], versions: 'all' })
}

async function recallDerived(parts: RecallParts, order: OrderRow): Promise<void> {
  const { store, node } = parts
  const derived = await store.derivedFrom(order.target)
  const own = [...new Set(derived.filter(({ origin }) => origin === node).map(({ id }) => id))]
  if (own.length === 0) return
  const given = [...(await deliveredTo(store.database, own)).keys()]
  const all = await store.read({ ids: given, versions: 'all', erased: true })
  const drafts = given.flatMap((id) =>
    derivedDraft(
      parts,
      order,
      id,
      all.filter(({ record }) => record.id === id),
    ),
  )
  const missing = await unsaid(parts, drafts)
  for (const outcome of await store.append(missing)) {
    if (outcome.kind !== 'appended' && outcome.kind !== 'unchanged')
      throw new Error(`the store refused a recall: ${JSON.stringify(outcome)}`)
    await rememberOwn(parts, outcome.record as MosaicRecord<RecallBody>)
  }
}

function derivedDraft(
  parts: RecallParts,
  order: OrderRow,
  id: RecordId,
  versions: readonly Held[],
): readonly Draft[] {
  const type = versions[0]?.record.type
  if (type === undefined || type === exchangeRecall.type || type === exchangeReceipt.type) return []
  if (order.action === 'relabel' && !versions.some((held) => isBoundBy(held, order))) return []
  const what =
    order.action === 'withdraw'
      ? ({ action: 'withdraw' } as const)
      : ({ action: 'relabel', handling: order.handling as Handling } as const)
  return [
    recallDraft(parts, {
      versions,
      key: keyOf(id, what),
      what,
      reason: 'What it was derived from was recalled by its origin.',
      by: { kind: 'method', name: 'exchange-recall', version: '1' },
      follows: order.recall,
    }),
  ]
}

/** What a release freed from its sources is not bound by what becomes of their label. */
const isBoundBy = ({ record, effective }: Held, { handling }: OrderRow): boolean =>
  leq(handling ?? clear, effective ?? record.handling)

/** A recall is said once: a second version of it would only say the time anew. */
async function unsaid({ store, node }: RecallParts, drafts: readonly Draft[]): Promise<readonly Draft[]> {
  const ids = drafts.map(({ type, key, realm }) => recordId(node, type, key, realm))
  const said = new Set((await store.read({ ids })).map(({ record }) => record.id))
  return drafts.filter((_, n) => !said.has(ids[n] as RecordId))
}
