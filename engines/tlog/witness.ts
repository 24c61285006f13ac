/**
 * Witness (C2SP tlog-witness): looks whether a log only grows, and says so with its cosignature.
 *
 *     404 origin unknown · 403 not signed by that log · 400 no such request, or old beyond size · 409 old is not what was
 *     cosigned last: the body says what was · 422 the proof does not lead from there to here · 200 the cosignature
 *
 * What was cosigned last is replaced in one statement that names what the proof was checked against, so of two requests
 * that fork the log exactly one is cosigned. Two checkpoints of one size, both signed by the log, with different roots are
 * a fork: both notes are kept, and nobody can deny either.
 */
import { type Clock, type Instant, instant, millis } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { sameBytes, toBase64 } from './bytes.ts'
import { logVerifier, type OpenedCheckpoint, openCheckpoint } from './checkpoint.ts'
import type { Hash, NodeKeys, PublicKey } from './contract.ts'
import { cosignatureLine } from './cosignature.ts'
import { verifyConsistency } from './merkle.ts'
import { parseAddCheckpoint } from './witness-request.ts'

export type WitnessOptions = {
  readonly database: Sql
  readonly clock: Clock
  readonly keys: Pick<NodeKeys, 'node' | 'current' | 'sign'>
  /** Keys of the log with this origin; undefined where it is not ours to witness. Revoked and ended ones sign nothing new. */
  readonly keysOf: (origin: string) => Promise<readonly PublicKey[] | undefined>
  /** Told of every fork that is found. */
  readonly onFork?: (fork: Fork) => Promise<void>
}

export type WitnessAnswer = {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422
  readonly type: 'text/plain; charset=utf-8' | 'text/x.tlog.size'
  readonly body: string
}

/** Evidence: two trees of one size under one name. */
export type Fork = {
  readonly origin: string
  readonly size: number
  /** What was seen first, and what cannot stand beside it: signed notes. */
  readonly note: string
  readonly otherNote: string
  readonly foundAt: Instant
}

export type Witness = {
  readonly addCheckpoint: (body: Uint8Array) => Promise<WitnessAnswer>
  readonly forks: () => Promise<readonly Fork[]>
  /** Newest checkpoint of that log that was cosigned. */
  readonly seen: (origin: string) => Promise<{ readonly size: number; readonly note: string } | undefined>
}

type Seen = { readonly size: number; readonly root: Hash; readonly note: string }
type Verified = Extract<OpenedCheckpoint, { readonly kind: 'verified' }>

export function openWitness(options: WitnessOptions): Witness {
  const { database: sql } = options
  return {
    addCheckpoint: (body) => addCheckpoint(options, body),
    forks: () => forksOf(sql),
    seen: (origin) => witnessedOf(sql, origin),
  }
}

async function addCheckpoint(options: WitnessOptions, body: Uint8Array): Promise<WitnessAnswer> {
  const request = parseAddCheckpoint(body)
  if (request === undefined) return answer(400, 'The body is not an add-checkpoint request.')
  const { old, proof, note } = request
  const origin = note.slice(0, Math.max(0, note.indexOf('\n')))
  const now = options.clock.now()
  const known = (await options.keysOf(origin))?.filter(
    ({ revokedAt, validUntil }) => revokedAt === undefined && (validUntil === undefined || now < validUntil),
  )
  const opened = openCheckpoint(note, (known ?? []).map(logVerifier))
  if (opened.kind === 'malformed') return answer(400, `The checkpoint cannot be read: ${opened.says}.`)
  if (known === undefined) return answer(404, 'This log is not witnessed here.')
  if (opened.kind !== 'verified') return answer(403, 'No key known for this log signed the checkpoint.')
  const { size, root } = opened.checkpoint
  if (old > size) return answer(400, 'The old size is beyond the checkpoint.')

  const seen = await seenOf(options.database, origin)
  if (seen?.size === size && !sameBytes(seen.root, root)) await keepFork(options, seen, opened, note)
  if (old !== (seen?.size ?? 0)) return conflict(seen)
  if (seen?.size === size && !sameBytes(seen.root, root)) return conflict(seen)
  if (old > 0 || seen !== undefined) {
    if (!verifyConsistency({ from: old, to: size, rootFrom: seen?.root ?? root, rootTo: root, proof }))
      return answer(422, 'The proof does not lead from the old checkpoint to this one.')
  } else if (proof.length > 0) return answer(422, 'From nothing there is nothing to prove.')

  if (!(await replaceSeen(options, { seen, opened, note }))) {
    const now = await seenOf(options.database, origin)
    if (now?.size === size && !sameBytes(now.root, root)) await keepFork(options, now, opened, note)
    return conflict(now)
  }
  return answer(200, `${cosigned(options, opened.note.text)}\n`)
}

function cosigned({ keys, clock }: WitnessOptions, text: string): string {
  const { node } = keys
  const publicKey = new Uint8Array(Buffer.from(keys.current().key, 'base64'))
  return cosignatureLine(text, Math.floor(millis(clock.now()) / 1000), { node, publicKey, sign: keys.sign })
}

const answer = (status: WitnessAnswer['status'], body: string): WitnessAnswer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: body.endsWith('\n') ? body : `${body}\n`,
})

const conflict = (seen: Seen | undefined): WitnessAnswer => ({
  status: 409,
  type: 'text/x.tlog.size',
  body: `${seen?.size ?? 0}\n`,
})

/** Newest checkpoint of that log that this node has cosigned. */
export async function witnessedOf(
  sql: Sql,
  origin: string,
): Promise<{ readonly size: number; readonly note: string } | undefined> {
  const found = await seenOf(sql, origin)
  return found && { size: found.size, note: found.note }
}

async function seenOf(sql: Sql, origin: string): Promise<Seen | undefined> {
  const [seen] = await sql<Seen[]>`select size, root, note from tlog_witnessed where origin = ${origin}`
  return seen
}

type Replacement = { readonly seen: Seen | undefined; readonly opened: Verified; readonly note: string }

/** False where what was seen is no longer what the proof was checked against. */
async function replaceSeen(
  { database: sql, clock }: WitnessOptions,
  { seen, opened, note }: Replacement,
): Promise<boolean> {
  const { origin, size, root } = opened.checkpoint
  const replaced =
    seen === undefined
      ? await sql`
          insert into tlog_witnessed (origin, size, root, note, cosigned_at)
          values (${origin}, ${size}, ${Buffer.from(root)}, ${note}, ${clock.now()})
          on conflict (origin) do nothing`
      : await sql`
          update tlog_witnessed
          set size = ${size}, root = ${Buffer.from(root)}, note = ${note}, cosigned_at = ${clock.now()}
          where origin = ${origin} and size = ${seen.size} and root = ${Buffer.from(seen.root)}`
  return replaced.count === 1
}

async function keepFork(
  { database: sql, clock, onFork }: WitnessOptions,
  seen: Seen,
  { checkpoint: { origin, size, root } }: Verified,
  otherNote: string,
): Promise<void> {
  const at = clock.now()
  const kept = await sql`
    insert into tlog_fork (origin, size, root, other_root, note, other_note, found_at)
    values (${origin}, ${size}, ${Buffer.from(seen.root)}, ${Buffer.from(root)}, ${seen.note}, ${otherNote}, ${at})
    on conflict do nothing`
  if (kept.count === 1) await onFork?.({ origin, size, note: seen.note, otherNote, foundAt: at })
}

async function forksOf(sql: Sql): Promise<readonly Fork[]> {
  const rows = await sql<(Omit<Fork, 'foundAt'> & { foundAt: Date })[]>`
    select origin, size, note, other_note as "otherNote", found_at as "foundAt"
    from tlog_fork
    order by found_at, origin
    limit 1000`
  return rows.map((row) => ({ ...row, foundAt: instant(row.foundAt) }))
}

/** Do these two notes, both signed by that log, show two histories of one size? For evidence that others hand over. */
export function isFork(one: string, other: string, keys: readonly PublicKey[]): boolean {
  const verifiers = keys.map(logVerifier)
  const [a, b] = [one, other].map((note) => openCheckpoint(note, verifiers))
  if (a?.kind !== 'verified' || b?.kind !== 'verified') return false
  const [left, right] = [a.checkpoint, b.checkpoint]
  return (
    left.origin === right.origin && left.size === right.size && toBase64(left.root) !== toBase64(right.root)
  )
}
