/**
 * Keys of origins that are no peers of this node, as peers that may introduce them gave them.
 *
 * States of an origin: `unknown` → `known`: the first introduction is believed. From then on only the origin's own
 * statements change its keys, followed from those first ones (engines/tlog/follow-keys.ts). A key that somebody gives
 * later and that no known key vouches for is `contested`: kept beside, believed by nobody, shown, until a person who has
 * compared fingerprints settles which one is the origin's.
 *
 * Of each key its `root` is kept as it was introduced: following begins there anew each time.
 */
import { type Instant, instant, type NodeId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { logVerifier } from '../tlog/index.ts'
import type { PeerKey } from './contract.ts'

export type KeyStanding = 'introduced' | 'vouched-for' | 'contested'

/** As it lies in the database. */
type Kept = PeerKey & { readonly root?: PeerKey; readonly standing?: KeyStanding }

export type IntroducedKey = {
  readonly origin: NodeId
  readonly key: PeerKey
  readonly root: PeerKey
  readonly standing: KeyStanding
  readonly by: NodeId
  readonly at: Instant
}

export type Introduced = {
  readonly keys: (node: NodeId) => Promise<readonly PeerKey[]>
  readonly all: (node?: NodeId) => Promise<readonly IntroducedKey[]>
  /** Answers those that are contested now and were not known of before. */
  readonly introduce: (
    node: NodeId,
    given: readonly PeerKey[],
    by: NodeId,
    at: Instant,
  ) => Promise<readonly PeerKey[]>
  /** Keys as they follow from the roots. Nothing where none is known. */
  readonly renew: (
    node: NodeId,
    follow: (roots: readonly PeerKey[]) => readonly PeerKey[],
    at: Instant,
  ) => Promise<void>
  /** This key is the origin's, and what does not follow from it is not. Answers false where there is no such key. */
  readonly settle: (node: NodeId, keyId: string) => Promise<boolean>
}

/** Of one origin: who contests for ever does not fill the database. */
const mostKept = 50

export function createIntroduced(sql: Sql): Introduced {
  const all = (node?: NodeId) => rowsOf(sql, node)
  return {
    all,
    keys: async (node) =>
      (await all(node)).filter(({ standing }) => standing !== 'contested').map(({ key }) => key),
    introduce: (node, given, by, at) =>
      locked(sql, async (tx) => {
        const rows = await rowsOf(tx, node)
        const isFirst = rows.length === 0
        const added = given.filter(
          (key) =>
            isItsId(node, key) &&
            (isFirst || key.revokedAt === undefined) &&
            !rows.some((row) => row.key.keyId === key.keyId),
        )
        const standing = isFirst ? 'introduced' : 'contested'
        const kept = isFirst ? added : added.slice(0, Math.max(0, mostKept - rows.length))
        for (const key of kept) await write(tx, { origin: node, key, root: key, standing, by, at })
        return isFirst ? [] : kept
      }),
    renew: async (node, follow, at) => {
      await locked(sql, async (tx) => {
        const rows = await rowsOf(tx, node)
        const roots = rows.filter(({ standing }) => standing === 'introduced')
        const [first] = roots
        if (first === undefined) return
        const followed = follow(roots.map(({ root }) => root))
        for (const key of followed) {
          const root = roots.find((one) => one.key.keyId === key.keyId)
          await write(tx, { ...(root ?? { ...first, root: key, standing: 'vouched-for', at }), key })
        }
        const gone = rows.filter(
          ({ standing, key }) =>
            standing === 'vouched-for' && !followed.some(({ keyId }) => keyId === key.keyId),
        )
        await remove(tx, node, gone)
      })
    },
    settle: (node, keyId) =>
      locked(sql, async (tx) => {
        const rows = await rowsOf(tx, node)
        const row = rows.find(({ key }) => key.keyId === keyId)
        if (row === undefined) return false
        await remove(tx, node, rows)
        await write(tx, { ...row, key: row.root, standing: 'introduced' })
        return true
      }),
  }
}

type Handle = Pick<Sql, never> & Parameters<Parameters<Sql['begin']>[1]>[0]

/** Several peers introduce at the same time: only one of them is the first. */
async function locked<Value>(sql: Sql, act: (tx: Handle) => Promise<Value>): Promise<Value> {
  return (
    await sql.begin(async (tx) => {
      await tx`lock table introduced_key in share row exclusive mode`
      return { value: await act(tx) }
    })
  ).value as Value
}

/** Which keys of this origin, or of all, were introduced, and by whom? */
async function rowsOf(sql: Sql | Handle, node?: NodeId): Promise<readonly IntroducedKey[]> {
  const rows = await sql<{ origin: NodeId; key: Kept; by: NodeId; at: Date }[]>`
    select origin, key, introduced_by as by, introduced_at as at
    from introduced_key
    where ${node === undefined ? sql`true` : sql`origin = ${node}`}
    order by origin, introduced_at, key_id`
  return rows.map(({ origin, key: { root, standing, ...key }, by, at }) => ({
    ...{ origin, key, by },
    root: root ?? key,
    standing: standing ?? 'introduced',
    at: instant(at),
  }))
}

async function write(tx: Handle, { origin, key, root, standing, by, at }: IntroducedKey): Promise<void> {
  const kept: Kept = { ...key, root, standing }
  await tx`
    insert into introduced_key (origin, key_id, key, introduced_by, introduced_at)
    values (${origin}, ${key.keyId}, ${tx.json(kept as never)}, ${by}, ${at})
    on conflict (origin, key_id) do update
    set key = excluded.key`
}

const remove = (tx: Handle, node: NodeId, rows: readonly IntroducedKey[]) => tx`
  delete from introduced_key
  where origin = ${node} and key_id = any (${rows.map(({ key }) => key.keyId)}::text[])`

const isItsId = (node: NodeId, { key, keyId }: PeerKey): boolean => logVerifier({ node, key }).keyId === keyId
