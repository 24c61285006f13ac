/**
 * The hold on signing. While it stands nothing is signed in the name of this log (`integrate.ts` asks in the transaction
 * that would sign), and everything else goes on: what comes is stored and warned of, what was signed before is served.
 *
 *     signs ──restore (the node has a new incarnation)──▶ held: restored ──all active peers not ahead, or a person──▶ signs
 *       │                                                      │
 *       └──a peer shows a checkpoint of ours that this database does not hold──▶ held: ahead (for ever under this log)
 *
 * The database keeps all of it (migration 0013), so every process and every restart finds the same.
 */
import { type Clock, instant, millis, type NodeId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { sameBytes } from './bytes.ts'
import { logVerifier, openCheckpoint, originOf } from './checkpoint.ts'
import type { NodeKeys } from './contract.ts'
import { ResumeUnfit } from './errors.ts'
import { rootOf } from './proofs.ts'
import { type Handle, lockTree, readTilesFrom, treeOf } from './queries.ts'
import { type LastSeen, type PeerAnswer, type Resumption, resumptionOf, withProofs } from './resumption.ts'
import { tileHashes } from './tile-hashes.ts'

export type Hold = {
  readonly reason: 'restored' | 'ahead'
  /** What the peers said, as far as they were asked. */
  readonly answers: readonly PeerAnswer[]
}

export type Signing = { readonly kind: 'signs' } | ({ readonly kind: 'held' } & Hold)

export type SigningHold = {
  readonly state: () => Promise<Signing>
  /** What it means that a peer last saw this of our log. */
  readonly judge: (said: SaidSeen) => Promise<LastSeen>
  /** Keeps the answer. A proof that the peer is ahead holds signing from now on. */
  readonly keep: (peer: NodeId, answer: LastSeen) => Promise<PeerAnswer>
  /** Ends the hold where these answers of all active peers, or a person's reason, allow it. */
  readonly resume: (answers: readonly PeerAnswer[], because?: string) => Promise<Resumed>
}

/** Size and signed note of our newest checkpoint that a peer knows; without a note it only says so. */
export type SaidSeen = { readonly size: number; readonly note?: string }

export type Resumed = Resumption | { readonly kind: 'not-held' }

export type HoldParts = {
  readonly database: Sql
  readonly node: NodeId
  readonly clock: Clock
  readonly keys: Pick<NodeKeys, 'all'>
}

export function openHold(parts: HoldParts): SigningHold {
  const { database: sql, clock } = parts
  return {
    state: () => signingOf(sql),
    judge: (said) => judge(parts, said),
    async keep(peer, answer) {
      const at = clock.now()
      await sql`
        insert into tlog_last_seen (peer, incarnation, answer, note, asked_at)
        select ${peer}, incarnation, ${sql.json(answer)}, ${answer.kind === 'ahead' ? answer.note : null}, ${at}
        from identity
        on conflict (peer) do update
        set incarnation = excluded.incarnation, answer = excluded.answer, note = excluded.note,
          asked_at = excluded.asked_at
        where tlog_last_seen.note is null`
      return { peer, at, answer }
    },
    resume: (answers, because) => resume(parts, answers, because),
  }
}

/** Is signing held, and by what? A database that no node has opened has nothing to hold back. */
export async function signingOf(sql: Sql | Handle): Promise<Signing> {
  const [tree] = await sql<{ isRestored: boolean; isAhead: boolean }[]>`
    select t.incarnation is distinct from i.incarnation as "isRestored",
      exists (select from tlog_last_seen where note is not null) as "isAhead"
    from tlog_tree as t
    cross join identity as i`
  if (tree === undefined || !(tree.isRestored || tree.isAhead)) return { kind: 'signs' }
  return { kind: 'held', reason: tree.isAhead ? 'ahead' : 'restored', answers: await answersIn(sql) }
}

async function answersIn(sql: Sql | Handle): Promise<readonly PeerAnswer[]> {
  const rows = await sql<{ peer: NodeId; answer: LastSeen; at: Date }[]>`
    select s.peer, s.answer, s.asked_at as at
    from tlog_last_seen as s
    cross join identity as i
    cross join tlog_tree as t
    where s.note is not null or (s.incarnation = i.incarnation and t.incarnation is distinct from i.incarnation)
    order by s.peer`
  return rows.map(({ peer, answer, at }) => ({ peer, answer, at: instant(at) }))
}

/**
 * A checkpoint that a key of ours signed proves what it says, unless that key is revoked: whoever stole it could sign as
 * many as they like. The tree is read after the peer answered, and only grows.
 */
async function judge({ database: sql, node, keys }: HoldParts, { size, note }: SaidSeen): Promise<LastSeen> {
  const sound = (await keys.all()).filter(({ revokedAt }) => revokedAt === undefined)
  const opened = openCheckpoint(note ?? '', sound.map(logVerifier))
  const tree = await treeOf(sql)
  if (note === undefined || opened.kind !== 'verified' || opened.checkpoint.origin !== originOf(node))
    return size > tree.size ? { kind: 'says-ahead', size } : { kind: 'not-ahead', size }
  const { checkpoint } = opened
  const isOurs =
    checkpoint.size <= tree.size &&
    sameBytes(await rootOf(checkpoint.size, tileHashes(readTilesFrom(sql))), checkpoint.root)
  return isOurs
    ? { kind: 'not-ahead', size: checkpoint.size }
    : { kind: 'ahead', size: checkpoint.size, note }
}

/** Under the lock of the tree, so that of several processes one resumes, and none while another finds a proof. */
async function resume(
  { database: sql, clock }: HoldParts,
  given: readonly PeerAnswer[],
  because?: string,
): Promise<Resumed> {
  if (because !== undefined && !isReason(because)) throw new ResumeUnfit()
  return await sql.begin(async (tx) => {
    const { size } = await lockTree(tx)
    const signing = await signingOf(tx)
    if (signing.kind === 'signs') return { kind: 'not-held' }
    const answers = withProofs(given, signing.answers)
    const outcome = resumptionOf(answers, because)
    if (outcome.kind === 'stays-held') return outcome
    await tx`
      insert into tlog_resumed (incarnation, size, answers, because, resumed_at)
      select incarnation, ${size}, ${tx.json(answers as never)}, ${outcome.by === 'person' ? (because ?? null) : null},
        ${new Date(millis(clock.now()))}
      from identity`
    await tx`update tlog_tree set incarnation = (select incarnation from identity)`
    return outcome
  })
}

const isReason = (text: string): boolean => text.trim() !== '' && text.length <= 500 && !/\p{Cc}/u.test(text)
