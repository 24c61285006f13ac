/** A recall as a record: its key, its id, its handling, and the order that follows from it. */
import { hash } from 'node:crypto'
import {
  canonical,
  type Draft,
  type Handling,
  type Held,
  type MosaicRecord,
  type NodeId,
  normalise,
  type RecordId,
  recordId,
  tlpLabels,
} from '../../record/index.ts'
import type { RecallParts } from './contract.ts'
import { keepOrder, type OrderRow } from './queries.ts'
import { exchangeRecall, type RecallBody } from './records.ts'

export type What =
  | { readonly action: 'withdraw' }
  | { readonly action: 'relabel'; readonly handling: Handling }

/** Keeps this node's own order in force. */
export async function rememberOwn(
  { store }: RecallParts,
  { id, origin, realm, body }: MosaicRecord<RecallBody>,
): Promise<OrderRow> {
  const order: OrderRow = {
    target: body.target,
    recall: id,
    origin,
    realm,
    action: body.action,
    handling: body.handling ?? null,
    via: null,
  }
  await keepOrder(store.database, order)
  return order
}

type Recall = {
  readonly versions: readonly Held[]
  readonly key: string
  readonly what: What
  readonly reason: string
  readonly by: Draft['producer']
  readonly follows?: RecordId
}

export function recallDraft(
  { clock }: RecallParts,
  { versions, key, what, reason, by, follows }: Recall,
): Draft<RecallBody> {
  const { id: target, realm } = versionOf(versions)
  return {
    type: exchangeRecall.type,
    key,
    realm,
    producer: by,
    valid: { from: clock.now() },
    handling: reachOf(versions.map(({ record }) => record.handling)),
    links: [{ type: 'recalls', id: target }],
    body: {
      target,
      action: what.action,
      ...(what.action === 'relabel' && { handling: what.handling }),
      reason,
      ...(follows !== undefined && { follows }),
    },
  }
}

export const keyOf = (target: RecordId, what: What): string =>
  what.action === 'withdraw'
    ? `${target}:withdraw`
    : `${target}:relabel:${hash('sha256', canonical(what.handling), 'hex').slice(0, 16)}`

export const idOf = (node: NodeId, key: string, versions: readonly Held[]): RecordId =>
  recordId(node, exchangeRecall.type, key, versionOf(versions).realm)

function versionOf(versions: readonly Held[]): MosaicRecord {
  const [first] = versions
  if (first === undefined) throw new Error('a recall is of a record that is held')
  return first.record
}

/** Whoever could have any of these may have this: the lowest label, all who are named, or no audience at all. */
export function reachOf(handlings: readonly Handling[]): Handling {
  const tlp = tlpLabels.find((label) => handlings.some((one) => one.tlp === label)) ?? 'TLP:RED'
  if (handlings.some(({ audience }) => audience === undefined)) return { tlp }
  return normalise({ tlp, audience: handlings.flatMap(({ audience = [] }) => audience) })
}
