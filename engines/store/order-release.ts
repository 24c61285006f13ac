/**
 * Ordering a release: an origin lets what is derived from its evidence be handled less strictly (`record/release.ts`).
 *
 * It is a record of this node, under a key made of what it releases: the same again with another end or another handling
 * is its next version, and the newest version is what holds. Once recalled it stays so; the same is then released under
 * the next key. A release of named records is handled as they are, so that only who may have them learns of them; where
 * they are handled differently it becomes several. A standing rule names no record and is public.
 *
 * It is in force from ten minutes before it was ordered: for nodes whose clocks are a little behind.
 */
import { hash } from 'node:crypto'
import {
  canonical,
  clear,
  type Draft,
  type Handling,
  type Held,
  type Instant,
  isRestricted,
  type Link,
  leq,
  type MosaicRecord,
  type NodeId,
  normalise,
  type Producer,
  plusMs,
  type Realm,
  type RecordId,
  type ReleaseBody,
  recordId,
  recordRelease,
} from '../record/index.ts'
import type { Store } from './contract.ts'
import { bindingHandling, restrictedRoots } from './roots.ts'

type Ordered = {
  readonly as: Handling
  readonly until?: Instant
  readonly because: string
  readonly by: Producer
}
export type ReleaseOrder = Ordered & {
  readonly what:
    | {
        readonly kind: 'records'
        readonly ids: readonly RecordId[]
        /** Also versions other than the newest, those to come among them. */
        readonly everyVersion?: boolean
      }
    | (Extract<ReleaseBody['what'], { kind: 'standing' }> & { readonly realm: Realm })
}

export type Released =
  | { readonly kind: 'released'; readonly releases: readonly MosaicRecord<ReleaseBody>[] }
  | { readonly kind: 'refused'; readonly reason: ReleaseRefusal }

export type ReleaseRefusal =
  | { readonly code: 'release/not-held'; readonly ids: readonly RecordId[] }
  /** Only its origin releases a record. */
  | { readonly code: 'release/not-ours'; readonly id: RecordId; readonly origin: NodeId }
  | { readonly code: 'release/not-restricted'; readonly id: RecordId }
  /** All that restricts it came from these: a release of ours would let nothing out. */
  | {
      readonly code: 'release/restricted-elsewhere'
      readonly id: RecordId
      readonly origins: readonly NodeId[]
    }
  /** What it would be handled as is no less strict. */
  | { readonly code: 'release/not-less'; readonly id: RecordId; readonly handling: Handling }

export type ReleaseParts = {
  readonly store: Store
  readonly node: NodeId
  readonly now: Instant
}

const skewMs = 600_000

/** What would be refused, before anything is written; the drafts where nothing is. */
export async function planRelease(
  parts: ReleaseParts,
  order: ReleaseOrder,
): Promise<{ readonly drafts: readonly Draft<ReleaseBody>[] } | ReleaseRefusal> {
  if (order.what.kind === 'standing') return { drafts: [await standingDraft(parts, order, order.what)] }
  const ids = [...new Set(order.what.ids)].sort()
  const held = await parts.store.read({ ids })
  const missing = ids.filter((id) => !held.some(({ record }) => record.id === id))
  if (missing.length > 0) return { code: 'release/not-held', ids: missing }
  for (const one of held) {
    const refusal = await refusalOf(parts, order, one)
    if (refusal) return refusal
  }
  const alike = Map.groupBy(
    held,
    (one) => `${one.record.realm} ${canonical(normalise(bindingHandling(one)))}`,
  )
  const drafts: Draft<ReleaseBody>[] = []
  for (const group of alike.values()) drafts.push(await recordsDraft(parts, order, group))
  return { drafts }
}

export async function orderRelease(parts: ReleaseParts, order: ReleaseOrder): Promise<Released> {
  const plan = await planRelease(parts, order)
  if ('code' in plan) return { kind: 'refused', reason: plan }
  const outcomes = await parts.store.append(plan.drafts)
  const releases = outcomes.map((outcome) => {
    if (outcome.kind === 'appended' || outcome.kind === 'unchanged')
      return outcome.record as MosaicRecord<ReleaseBody>
    throw new Error(`the store refused a release: ${JSON.stringify(outcome)}`)
  })
  return { kind: 'released', releases }
}

async function refusalOf(
  { store, node }: ReleaseParts,
  { as }: ReleaseOrder,
  held: Held,
): Promise<ReleaseRefusal | undefined> {
  const { id, origin } = held.record
  if (origin !== node) return { code: 'release/not-ours', id, origin }
  const handling = bindingHandling(held)
  if (!isRestricted(handling)) return { code: 'release/not-restricted', id }
  const roots = (await restrictedRoots(store, held)) ?? []
  const own = roots.filter((root) => root.origin === node)
  if (roots.length > 0 && own.length === 0) {
    const origins = [...new Set(roots.map((root) => root.origin))].sort()
    return { code: 'release/restricted-elsewhere', id, origins }
  }
  return leq(handling, as) ? { code: 'release/not-less', id, handling } : undefined
}

function recordsDraft(
  parts: ReleaseParts,
  order: ReleaseOrder,
  held: readonly Held[],
): Promise<Draft<ReleaseBody>> {
  const isEvery = order.what.kind === 'records' && order.what.everyVersion === true
  const [first] = held
  if (first === undefined) throw new Error('a group has at least one record')
  const links = held.map(
    ({ record: { id, version } }): Link => ({ type: 'releases', id, ...(isEvery ? {} : { version }) }),
  )
  return releaseDraft(parts, order, {
    what: { kind: 'records', ids: links.map(({ id }) => id) },
    realm: first.record.realm,
    handling: bindingHandling(first),
    links,
  })
}

const standingDraft = (
  parts: ReleaseParts,
  order: ReleaseOrder,
  { realm, ...what }: Extract<ReleaseOrder['what'], { kind: 'standing' }>,
): Promise<Draft<ReleaseBody>> => releaseDraft(parts, order, { what, realm, handling: clear, links: [] })

type Content = {
  readonly what: ReleaseBody['what']
  readonly realm: Realm
  readonly handling: Handling
  readonly links: readonly Link[]
}

async function releaseDraft(
  parts: ReleaseParts,
  { as, until, because, by }: Ordered,
  { what, realm, handling, links }: Content,
): Promise<Draft<ReleaseBody>> {
  return {
    type: recordRelease.type,
    key: await freeKey(parts, realm, hash('sha256', canonical([what, links]), 'hex').slice(0, 40)),
    realm,
    producer: by,
    valid: { from: plusMs(parts.now, -skewMs), ...(until !== undefined && { until }) },
    handling,
    links,
    body: { what, as: normalise(as), because },
  }
}

/** The key, or the next one where what stood under it was recalled. */
async function freeKey({ store, node }: ReleaseParts, realm: Realm, stem: string): Promise<string> {
  for (let at = 1; ; at += 1) {
    const key = at === 1 ? stem : `${stem}#${at}`
    const id = recordId(node, recordRelease.type, key, realm)
    const isGone = (await store.erasures([id])).length > 0
    if (!isGone && (await store.count({ linkedTo: [id], linkType: 'recalls' })) === 0) return key
  }
}
