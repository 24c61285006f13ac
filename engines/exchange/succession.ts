/**
 * Who speaks for an origin that is no more: the node that a `tlog.succession` names, signed by a key of the old node
 * (engines/tlog/succession.ts), and which of several holds (engines/tlog/succession-order.ts). The heir recalls what the
 * old node owned and writes its next versions, under the old name, proven by its own log, with higher numbers than the old
 * log can hold (docs/decisions/0021).
 */
import { actual, type Draft, type Held, type MosaicRecord, type NodeId } from '../record/index.ts'
import type { Appended, Store } from '../store/index.ts'
import {
  type Claim,
  type Decided,
  decideSuccession,
  lineOf,
  type PublicKey,
  type Stretch,
  type Succession,
  succeeds,
  tlogSuccession,
} from '../tlog/index.ts'

export type SuccessionParts = {
  readonly store: Pick<Store, 'read' | 'provenance'>
  /** All keys of a node that were ever vouched for, revoked ones marked. */
  readonly keysOf: (node: NodeId) => Promise<readonly PublicKey[]>
}

export type KnownClaim = Claim & { readonly record: MosaicRecord }

export type Successions = {
  /** In the order in which they became known here. */
  readonly claims: readonly KnownClaim[]
  readonly decided: (from: NodeId) => Decided<KnownClaim>
  /** The logs that speak for the records of a node, its own first. */
  readonly line: (origin: NodeId) => readonly Stretch[]
}

/** Pure. */
export function successionsOf(claims: readonly KnownClaim[]): Successions {
  const byNode = Map.groupBy(claims, ({ from }) => from)
  const decided = (from: NodeId) => decideSuccession(byNode.get(from) ?? [])
  const standing = new Map<NodeId, KnownClaim>()
  for (const from of byNode.keys()) {
    const { stands } = decided(from)
    if (stands) standing.set(from, stands)
  }
  return { claims, decided, line: (origin) => lineOf(origin, standing) }
}

export const noSuccessions = successionsOf([])

/** Those that are held here and that a key of the old node signed. */
export async function knownSuccessions({ store, keysOf }: SuccessionParts): Promise<Successions> {
  const held = await store.read({
    types: [tlogSuccession.type],
    realm: actual,
    versions: 'all',
    order: 'index',
  })
  if (held.length === 0) return noSuccessions
  const sources = await store.provenance(held.map(({ record: { id, version } }) => ({ id, version })))
  const claims: KnownClaim[] = []
  for (const [at, one] of held.entries()) {
    const claim = await claimOf(one, sources[at]?.proof?.index ?? one.index, keysOf)
    if ('record' in claim) claims.push(claim)
  }
  return successionsOf(claims)
}

/** `index`: in the log that proves the record. */
export async function claimOf(
  { record }: Pick<Held, 'record'>,
  index: number,
  keysOf: SuccessionParts['keysOf'],
): Promise<KnownClaim | Extract<Succession, { readonly kind: 'refused' }>> {
  const from = (record.body as { readonly from?: unknown } | null)?.from
  const found = succeeds(record, typeof from === 'string' ? await keysOf(from as NodeId) : [])
  if (found.kind === 'refused') return found
  const { kind: _, isInOldLog, ...claim } = found
  return { ...claim, record, ...(isInOldLog && { index }) }
}

/** The node that owns now what this one owned; undefined while it owns it itself. */
export async function successorOf(parts: SuccessionParts, origin: NodeId): Promise<NodeId | undefined> {
  const heir = heirIn((await knownSuccessions(parts)).line(origin))
  return heir === origin ? undefined : heir
}

/** The last of the line; nobody where it ended without an heir of its own, in a circle. */
const heirIn = (line: readonly Stretch[]): NodeId | undefined => {
  const last = line.at(-1)
  return last?.end === undefined ? last?.node : undefined
}

/** Has it, or had it in its turn, what that origin owned? What it said after its turn is refused when it comes. */
export async function speaksFor(parts: SuccessionParts, heir: NodeId, origin: NodeId): Promise<boolean> {
  const [, ...heirs] = (await knownSuccessions(parts)).line(origin)
  return heirs.some(({ node }) => node === heir)
}

/** Whose records this node owns beside its own. */
export async function ownedBy(parts: SuccessionParts, node: NodeId): Promise<readonly NodeId[]> {
  const { claims, line } = await knownSuccessions(parts)
  const ended = [...new Set(claims.map(({ from }) => from))]
  return ended.filter((from) => from !== node && heirIn(line(from)) === node).sort()
}

export type Superseded =
  | { readonly kind: 'written'; readonly outcomes: readonly Appended[] }
  /** Somebody else owns what that origin owned: the origin itself, or its heir. */
  | { readonly kind: 'refused'; readonly code: 'exchange/not-the-heir'; readonly owner: NodeId | undefined }

/** Next versions of records of an origin that this node succeeds. */
export async function supersede(
  parts: SuccessionParts & { readonly node: NodeId; readonly store: Pick<Store, 'append'> },
  origin: NodeId,
  drafts: readonly Draft[],
): Promise<Superseded> {
  const line = (await knownSuccessions(parts)).line(origin)
  const owner = heirIn(line)
  if (owner !== parts.node || origin === parts.node)
    return { kind: 'refused', code: 'exchange/not-the-heir', owner }
  const inPlaceOf = { origin, above: line.at(-1)?.above ?? 0 }
  return { kind: 'written', outcomes: await parts.store.append(drafts, { inPlaceOf }) }
}
