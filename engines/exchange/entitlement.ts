/**
 * What a peer may receive: its sharing rules and the policy with the peer as principal, both at once; and what stands
 * under somebody's control only where it is ours to give or its originator consents (engines/access/onward.ts).
 *
 * The epoch names an entitlement apart from the moment: it changes with rules, clearances and consents, and not with
 * time. What was given under an epoch is kept with it, so that when the entitlement grows, what is new in it is sent,
 * and nothing else again.
 */
import { hash } from 'node:crypto'
import { type Asking, nodePrincipal, onwardTo, type Reader, reader } from '../access/index.ts'
import { actual, canonical, type Instant, type NodeId, type RecordId } from '../record/index.ts'
import type { Condition, Sql } from '../store/index.ts'
import { tlogKey, tlogKeyRevocation, tlogSuccession } from '../tlog/index.ts'
import type { ConsentsFor, Peer } from './contract.ts'
import { sharingCondition } from './rules.ts'

export type Entitlement = {
  readonly epoch: string
  /** What it may have at an instant; embargoes are judged by another. */
  readonly at: (now: Instant, embargoNow: Instant) => Condition
  /** What takes marked fields out, for each purpose that it may ask for; a field that one of them sees is given. */
  readonly readers: (now: Instant, embargoNow: Instant) => readonly Reader[]
}

export type EntitlementParts = {
  readonly node: NodeId
  readonly sql: Sql
  readonly consentsFor: ConsentsFor
  /** Origins that this node succeeds: what they controlled is its own to give. */
  readonly inherited: () => Promise<readonly NodeId[]>
}

export async function entitlementOf(parts: EntitlementParts, peer: Peer): Promise<Entitlement> {
  const passingOn = {
    ...(await parts.consentsFor(peer.node)),
    own: [parts.node, ...(await parts.inherited())],
    controlledByOthers: await controlledByOthers(parts),
  }
  const askings = (now: Instant, embargoNow: Instant) => askingsOf(peer, now, embargoNow)
  const at = (now: Instant, embargoNow: Instant): Condition => ({
    kind: 'any',
    of: [
      keysOf(parts.node),
      {
        kind: 'all',
        of: [
          // Its own it has.
          { kind: 'not', of: { kind: 'origin-in', nodes: [peer.node] } },
          { kind: 'any', of: [sharingCondition(peer.gives), successions] },
          { kind: 'any', of: askings(now, embargoNow).map((asking) => onwardTo(asking, passingOn)) },
        ],
      },
    ],
  })
  const lasting = at(never, ever)
  const said = canonical(JSON.parse(JSON.stringify([lasting, peer.clearances])))
  const epoch = hash('sha256', `mosaic-entitlement-1\n${said}`, 'hex').slice(0, 16)
  await keep(parts.sql, peer.node, { epoch, condition: lasting })
  return { epoch, at, readers: (now, embargoNow) => askings(now, embargoNow).map(reader) }
}

/** So many are kept for each peer, newest first. */
const epochsKept = 32

async function keep(
  sql: Sql,
  node: NodeId,
  { epoch, condition }: { readonly epoch: string; readonly condition: Condition },
): Promise<void> {
  const added = await sql`
    insert into peer_entitlement (node, epoch, condition)
    values (${node}, ${epoch}, ${sql.json(condition as never)})
    on conflict do nothing
    returning 1`
  if (added.length === 0) return
  await sql`
    delete from peer_entitlement
    where node = ${node} and epoch in (
      select epoch from peer_entitlement where node = ${node} order by made_at desc, epoch offset ${epochsKept}
    )`
}

/** What a peer was entitled to in that epoch, whatever the time; undefined where it is not known any more. */
export async function entitledIn(sql: Sql, node: NodeId, epoch: string): Promise<Condition | undefined> {
  const [row] = await sql<{ condition: Condition }[]>`
    select condition from peer_entitlement where node = ${node} and epoch = ${epoch}`
  return row?.condition
}

/** What this node says of its own keys, and of what it took over, goes to every peer: nothing after it verifies else. */
const keysOf = (node: NodeId): Condition => ({
  kind: 'all',
  of: [
    { kind: 'origin-in', nodes: [node] },
    { kind: 'type-in', types: [tlogKey.type, tlogKeyRevocation.type, tlogSuccession.type] },
    { kind: 'realm-in', realms: [actual] },
  ],
})

/** Who took over from whom, of whatever origin, as far as the policy lets it go: a relay's next versions prove nothing else. */
const successions: Condition = {
  kind: 'all',
  of: [
    { kind: 'type-in', types: [tlogSuccession.type] },
    { kind: 'realm-in', realms: [actual] },
  ],
}

/** Apart from time: retention not over, embargo over. */
const never = '0001-01-01T00:00:00.000Z' as Instant
const ever = '9999-12-31T23:59:59.999Z' as Instant

/** One request for each purpose that it may ask for; with none, for what names none. */
function askingsOf(peer: Peer, now: Instant, embargoNow: Instant): readonly Asking[] {
  const { node, organisation, clearances, purposes, police } = peer
  const principal = nodePrincipal({
    node,
    ...(organisation !== undefined && { organisation }),
    clearances,
    purposes,
    police,
  })
  const asked = purposes.length === 0 ? (['public'] as const) : purposes
  return asked.map((purpose) => ({ principal, purpose, now, embargoNow }))
}

/** Own records that are derived from what others control: their control holds for these too. */
async function controlledByOthers({ sql, node }: EntitlementParts): Promise<readonly RecordId[]> {
  const rows = await sql<{ id: RecordId }[]>`
    with recursive controlled as (
      select id from record where origin <> ${node} and (originator_control or 'H2' = any (police))
      union
      select l.id
      from record_link as l
      join controlled as c on l.target = c.id and l.type = 'derivedFrom'
    )
    select distinct id
    from controlled
    join record as r using (id)
    where r.origin = ${node} and (r.originator_control or 'H2' = any (r.police))
    order by id`
  return rows.map(({ id }) => id)
}
