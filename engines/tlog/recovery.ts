/**
 * Splitting the keys of a node among people, and getting them back from two of them.
 *
 * What comes back is used in one of two ways. Into the database of the same node (its passphrase is lost, or a backup was
 * restored): the keys are put back, sealed anew. On another node, when the old one is gone with its log: they sign the
 * succession, and nothing else; a second log under the old name would be a second history.
 */
import type { Clock, NodeId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { fromBase64, toBase64 } from './bytes.ts'
import { originOf } from './checkpoint.ts'
import type { PublicKey } from './contract.ts'
import { type SigningKey, signingKey } from './ed25519.ts'
import { RecoveryRefused } from './errors.ts'
import { type EscrowContent, openEscrow, parseEscrow, recoveryKeyOf, sealEscrow } from './escrow.ts'
import { type BoxSetting, boxLabel, type KeyBox, seal } from './key-box.ts'
import {
  insertKey,
  insertStatement,
  type KeyRow,
  keyRows,
  lockKeys,
  publicOf,
  type StatementRow,
  statementRows,
} from './key-rows.ts'
import { ed25519Type, keyIdOf } from './note.ts'
import type { Handle } from './queries.ts'
import { combineShares, splitSecret } from './shares.ts'

type Random = (bytes: number) => Uint8Array

export type EscrowParts = {
  readonly node: NodeId
  readonly clock: Clock
  readonly random: Random
  /** Private keys by their id. */
  readonly seeds: ReadonlyMap<string, Uint8Array>
}

/** New shares and an escrow copy that only they open; shares of an earlier split open only copies of before. */
export async function splitKeys(
  sql: Sql,
  parts: EscrowParts,
  count: number,
): Promise<{ readonly shares: readonly string[]; readonly escrow: string }> {
  const secret = parts.random(32)
  const shares = await splitSecret(secret, count)
  const escrow = await sql.begin(async (tx) => {
    await lockKeys(tx)
    const recoveryKey = recoveryKeyOf(secret)
    const text = sealEscrow({ node: parts.node, recoveryKey }, await contentOf(tx, parts), parts.random)
    await tx`
      insert into tlog_recovery (public_key, shares, escrow, made_at)
      values (${Buffer.from(recoveryKey)}, ${count}, ${text}, ${parts.clock.now()})
      on conflict (only_row) do update
        set public_key = excluded.public_key, shares = excluded.shares, escrow = excluded.escrow,
          made_at = excluded.made_at`
    return text
  })
  return { shares, escrow }
}

/** After a change of keys: the same people can open the new copy. Nothing where no shares were made. */
export async function sealEscrowAgain(tx: Handle, parts: EscrowParts): Promise<void> {
  const [kept] = await tx<{ publicKey: Uint8Array }[]>`select public_key as "publicKey" from tlog_recovery`
  if (kept === undefined) return
  const content = await contentOf(tx, parts)
  const text = sealEscrow(
    { node: parts.node, recoveryKey: new Uint8Array(kept.publicKey) },
    content,
    parts.random,
  )
  await tx`update tlog_recovery set escrow = ${text}, made_at = ${parts.clock.now()}`
}

export async function keptEscrow(sql: Sql): Promise<string | undefined> {
  const [kept] = await sql<{ escrow: string }[]>`select escrow from tlog_recovery`
  return kept?.escrow
}

async function contentOf(tx: Handle, { seeds }: EscrowParts): Promise<EscrowContent> {
  const rows = (await keyRows(tx)).toReversed()
  const keys = rows.map((row) => {
    const seed = seeds.get(row.keyId)
    if (seed === undefined)
      throw new RecoveryRefused(
        `The private key of ${row.keyId} is not open in this process; start it again.`,
      )
    return {
      keyId: row.keyId,
      seed: toBase64(seed),
      validFrom: row.validFrom.toISOString(),
      validUntil: row.validUntil?.toISOString() ?? null,
      revokedAt: row.revokedAt?.toISOString() ?? null,
      revokedFor: row.revokedFor,
      endorsedBy: row.endorsedBy,
    }
  })
  return { keys, statements: [...(await statementRows(tx))] }
}

export type RecoveredKeys = {
  readonly node: NodeId
  /** The newest that is not revoked. */
  readonly keyId: string
  readonly signing: SigningKey
  /** All of them, oldest first. */
  readonly publicKeys: readonly PublicKey[]
  readonly content: EscrowContent
}

/** Two shares and the escrow copy give the keys. Throws `RecoveryRefused` with what is missing or does not fit. */
export async function recoverKeys(shares: readonly string[], escrowText: string): Promise<RecoveredKeys> {
  const secret = await combineShares(shares)
  const escrow = parseEscrow(escrowText)
  if (escrow === undefined)
    throw new RecoveryRefused(
      'This is no escrow copy; it is the file that mosaic keys split wrote, or keys escrow.',
    )
  const content = openEscrow(escrow, secret)
  const newest = content.keys.findLast(({ revokedAt }) => revokedAt === null)
  const signing = newest && signingKey(fromBase64(newest.seed) ?? new Uint8Array(32))
  if (
    newest === undefined ||
    signing === undefined ||
    newest.keyId !== keyIdOf(originOf(escrow.node), ed25519Type, signing.publicKey)
  )
    throw new RecoveryRefused('The escrow copy holds no key of that node that is still in force.')
  const publicKeys = content.keys.map((key) => publicOf(escrow.node, rowOf(key, openBox)))
  return { node: escrow.node, keyId: newest.keyId, signing, publicKeys, content }
}

/**
 * Puts recovered keys into the database of their own node, sealed anew. Keys that it holds already and cannot open are
 * replaced by the same keys; one that it made itself at a first start would fork the chain, and is refused.
 */
export async function putBack(
  sql: Sql,
  { node, content }: RecoveredKeys,
  boxes: Omit<BoxSetting, 'label'>,
): Promise<void> {
  const sealed = new Map<string, KeyBox>()
  for (const { keyId, seed } of content.keys)
    sealed.set(
      keyId,
      await seal(fromBase64(seed) ?? new Uint8Array(0), { ...boxes, label: boxLabel(node, keyId) }),
    )
  await sql.begin(async (tx) => {
    await lockKeys(tx)
    const held = await keyRows(tx)
    const stranger = held.find(({ keyId }) => !sealed.has(keyId))
    if (stranger !== undefined)
      throw new RecoveryRefused(
        `This database has a key of its own, ${stranger.keyId}. Recover into the restored backup of the node, or let ` +
          'this node succeed the old one under a name of its own.',
      )
    for (const key of content.keys) {
      const box = sealed.get(key.keyId)
      if (box === undefined) continue
      if (held.some(({ keyId }) => keyId === key.keyId))
        await tx`update tlog_key set box = ${tx.json(box)} where key_id = ${key.keyId}`
      else await insertKey(tx, rowOf(key, box))
    }
    if (held.length === 0)
      for (const one of content.statements) await insertStatement(tx, one as StatementRow)
  })
}

/** Where only the public half is asked for. */
const openBox: KeyBox = { kind: 'open', key: '' }

function rowOf(key: EscrowContent['keys'][number], box: KeyBox): KeyRow {
  const { publicKey } = signingKey(fromBase64(key.seed) ?? new Uint8Array(0))
  const date = (at: string | null): Date | null => (at === null ? null : new Date(at))
  const { keyId, revokedFor, endorsedBy } = key
  return {
    keyId,
    publicKey,
    box,
    validFrom: new Date(key.validFrom),
    validUntil: date(key.validUntil),
    revokedAt: date(key.revokedAt),
    revokedFor,
    endorsedBy,
  }
}
