/**
 * Consent: an originator's leave to pass on what it controls (originator control, police code H2), as a record of its
 * own, for named nodes, organisations or communities, for records by id or by type, until an instant. It is taken back
 * by withdrawing the consent itself.
 *
 * A consent reaches the relays that were given what it names, whatever the rules say, and others by the rules.
 */
import { hash } from 'node:crypto'
import type { Consent, PassingOn } from '../../access/index.ts'
import {
  actual,
  canonical,
  type Held,
  type MosaicRecord,
  type NodeId,
  type RecordId,
  recordId,
} from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import type { Consented, ConsentOrder, RecallParts } from './contract.ts'
import { deliveredTo, lateFor } from './delivery.ts'
import { owe } from './queries.ts'
import { type ConsentBody, exchangeConsent } from './records.ts'

export async function consent(parts: RecallParts, order: ConsentOrder): Promise<Consented> {
  const { store, node, clock } = parts
  const { to, ids = [], types = [], until, reason, by } = order
  if (to.length === 0 || ids.length + types.length === 0)
    return { kind: 'refused', reason: { code: 'exchange/consent-to-nothing' } }
  const held = await store.read({ ids, erased: true })
  const owned = new Set([node, ...((await parts.ownedBy?.(node)) ?? [])])
  const ours = new Set(held.filter(({ record }) => owned.has(record.origin)).map(({ record }) => record.id))
  const others = ids.filter((id) => !ours.has(id))
  if (others.length > 0)
    return { kind: 'refused', reason: { code: 'exchange/consent-not-ours', ids: others } }

  const body: ConsentBody = {
    to: [...new Set(to)].sort(),
    ...(ids.length > 0 && { ids: [...new Set(ids)].sort() }),
    ...(types.length > 0 && { types: [...new Set(types)].sort() }),
    ...(until !== undefined && { until }),
    ...(reason !== undefined && { reason }),
  }
  const key = hash('sha256', canonical([body.to, body.ids ?? [], body.types ?? []]), 'hex').slice(0, 40)
  const now = clock.now()
  const id = recordId(node, exchangeConsent.type, key, actual)
  await owe(store.database, {
    peers: await relaysOf(store.database, ids, types),
    id,
    reason: 'consent',
    at: now,
  })
  const [outcome] = await store.append([
    {
      type: exchangeConsent.type,
      key,
      realm: actual,
      producer: by,
      valid: { from: now, ...(until !== undefined && { until: until < now ? now : until }) },
      handling: { tlp: 'TLP:GREEN' },
      links: ids.map((one) => ({ type: 'consentsTo' as const, id: one })),
      body,
    },
  ])
  if (outcome?.kind !== 'appended' && outcome?.kind !== 'unchanged')
    throw new Error(`the store refused a consent: ${JSON.stringify(outcome)}`)
  return { kind: 'consented', consent: outcome.record as MosaicRecord<ConsentBody> }
}

/** Peers that were given what is consented to, and so may pass it on. */
async function relaysOf(
  sql: Sql,
  ids: readonly RecordId[],
  types: readonly string[],
): Promise<readonly NodeId[]> {
  const byId = [...(await deliveredTo(sql, ids)).values()].flat()
  const patterns = types.map((type) => (type.endsWith('.*') ? `${type.slice(0, -1)}%` : type))
  const byType =
    types.length === 0
      ? []
      : await sql<{ peer: NodeId }[]>`
          select distinct d.peer
          from delivery as d
          join record as r using (bucket, id, version)
          where r.type like any (${patterns}::text[])`
  return [...new Set([...byId, ...byType.map(({ peer }) => peer)])].sort()
}

/** Which consents of originators hold for this peer now. */
export async function consentsFor(
  parts: RecallParts,
  peer: NodeId,
): Promise<Omit<PassingOn, 'own' | 'controlledByOthers'>> {
  const { store, clock } = parts
  const now = clock.now()
  const names = await namesOf(store.database, peer)
  const held = (await store.read({ types: [exchangeConsent.type] })) as readonly Held<ConsentBody>[]
  const consents: Consent[] = []
  for (const { record } of held) {
    const { origin, body } = record
    if ((body.until ?? '~') <= now || !body.to.some((name) => names.has(name))) continue
    for (const owner of [origin, ...((await parts.ownedBy?.(origin)) ?? [])])
      consents.push({
        origin: owner,
        ...(body.ids && { ids: body.ids }),
        ...(body.types && { types: body.types }),
      })
  }
  const derived = consents.length === 0 ? [] : await derivedReleased(parts, consents)
  return { consents, released: [...derived, ...(await lateFor(parts, peer))].sort() }
}

async function namesOf(sql: Sql, peer: NodeId): Promise<ReadonlySet<string>> {
  const [row] = await sql<
    { organisation: string | null; clearances: readonly { readonly community: string }[] | null }[]
  >`
    select peer ->> 'organisation' as organisation, peer -> 'clearances' as clearances from peer where node = ${peer}`
  const communities = (row?.clearances ?? []).map(({ community }) => community)
  return new Set([peer, `node:${peer}`, ...(row?.organisation ? [row.organisation] : []), ...communities])
}

type Source = {
  readonly own: RecordId
  readonly id: RecordId
  readonly origin: NodeId
  readonly type: string
}

/** This node's own records of which every controlled source is covered by a consent. */
async function derivedReleased(
  { store, node }: RecallParts,
  consents: readonly Consent[],
): Promise<readonly RecordId[]> {
  const sources = await store.database<Source[]>`
    with recursive up (own, id) as (
      select distinct r.id, r.id
      from record as r
      where r.origin = ${node} and (r.originator_control or 'H2' = any (r.police))
      union
      select up.own, k.target
      from up
      join record_link as k
        on k.bucket = ('x' || left(up.id, 2))::bit(8)::int % 64 and k.id = up.id and k.type = 'derivedFrom'
    )
    select distinct up.own, r.id, r.origin, r.type
    from up
    join record as r on r.bucket = ('x' || left(up.id, 2))::bit(8)::int % 64 and r.id = up.id
    where r.origin <> ${node} and (r.originator_control or 'H2' = any (r.police))`
  const covered = new Map<RecordId, boolean>()
  for (const source of sources)
    covered.set(source.own, (covered.get(source.own) ?? true) && consents.some((one) => covers(one, source)))
  return [...covered].filter(([, isCovered]) => isCovered).map(([own]) => own)
}

const covers = ({ origin, ids = [], types = [] }: Consent, source: Source): boolean =>
  origin === source.origin &&
  (ids.includes(source.id) ||
    types.some(
      (type) => type === source.type || (type.endsWith('.*') && source.type.startsWith(type.slice(0, -1))),
    ))
