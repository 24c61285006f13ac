/**
 * How the keys of a node change: the first is made, a new one is vouched for by the old, an older one is revoked by its
 * heir. Each change is one transaction under the table's lock, with the statement that tells others of it.
 */
import { randomBytes } from 'node:crypto'
import { type Clock, type Instant, millis, type NodeId, plusMs } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { toBase64 } from './bytes.ts'
import { originOf } from './checkpoint.ts'
import type { PublicKey } from './contract.ts'
import { keyLength, type SigningKey, signingKey } from './ed25519.ts'
import { KeyUnfit } from './errors.ts'
import { type BoxSetting, boxLabel, seal } from './key-box.ts'
import { keyMessage, revocationMessage } from './key-records.ts'
import { insertKey, insertStatement, type KeyRow, keyRows, lockKeys, type StatementRow } from './key-rows.ts'
import { ed25519Type, keyIdOf } from './note.ts'
import type { Handle } from './queries.ts'

export type KeysOptions = {
  readonly database: Sql
  readonly node: NodeId
  readonly clock: Clock
  readonly passphrase?: string
  /** Bytes nobody can guess; the machine's own when absent. */
  readonly randomness?: (bytes: number) => Uint8Array
  /** Of scrypt; lower only for tests. */
  readonly cost?: number
}

export const boxSetting = (options: KeysOptions, keyId: string): BoxSetting => ({
  label: boxLabel(options.node, keyId),
  random: options.randomness ?? randomBytes,
  ...(options.passphrase !== undefined && { passphrase: options.passphrase }),
  ...(options.cost !== undefined && { cost: options.cost }),
})

export async function makeFirst(options: KeysOptions): Promise<void> {
  if ((await keyRows(options.database)).length > 0) return
  await options.database.begin(async (tx) => {
    await lockKeys(tx)
    if ((await keyRows(tx)).length > 0) return
    const now = options.clock.now()
    const made = await newKey(options)
    await insertKey(tx, { ...made.row, validFrom: dateOf(now), endorsedBy: made.row.keyId })
    await insertStatement(
      tx,
      vouched(options.node, { row: made.row, validFrom: now, by: made.row.keyId, signer: made.key }),
    )
  })
}

export type MadeKey = {
  readonly key: SigningKey
  readonly seed: Uint8Array
  readonly row: Omit<KeyRow, 'validFrom' | 'endorsedBy'>
}

async function newKey(options: KeysOptions): Promise<MadeKey> {
  const seed = (options.randomness ?? randomBytes)(keyLength)
  const key = signingKey(seed)
  const keyId = keyIdOf(originOf(options.node), ed25519Type, key.publicKey)
  const box = await seal(seed, boxSetting(options, keyId))
  return {
    key,
    seed,
    row: { keyId, publicKey: key.publicKey, box, validUntil: null, revokedAt: null, revokedFor: null },
  }
}

type Vouching = {
  readonly row: Pick<KeyRow, 'keyId' | 'publicKey'>
  readonly validFrom: Instant
  readonly validUntil?: Instant
  readonly by: string
  readonly signer: SigningKey
}

function vouched(node: NodeId, { row, validFrom, validUntil, by, signer }: Vouching): StatementRow {
  const said = {
    publicKey: toBase64(row.publicKey),
    keyId: row.keyId,
    validFrom,
    ...(validUntil !== undefined && { validUntil }),
    endorsedBy: by,
  }
  const signature = toBase64(signer.sign(keyMessage(node, said)))
  return { type: 'tlog.key', keyId: row.keyId, body: { ...said, signature } }
}

type Rotation = KeysOptions & {
  readonly old: PublicKey
  readonly oldKey: SigningKey
  readonly overlapMs: number
}

/** The old key vouches for the new one, and the new one says when the old one ends. */
export async function rotateIn(tx: Handle, rotation: Rotation): Promise<MadeKey> {
  const { node, clock, old, oldKey, overlapMs } = rotation
  await lockKeys(tx)
  const [first] = (await keyRows(tx)).filter(({ revokedAt }) => revokedAt === null)
  if (first?.keyId !== old.keyId)
    throw new KeyUnfit(
      'Another process has made a new key meanwhile; look at the keys before you make one more.',
    )
  const now = clock.now()
  const until = plusMs(now, overlapMs)
  const made = await newKey(rotation)
  const { key, row } = made
  await tx`update tlog_key set valid_until = ${dateOf(until)} where key_id = ${old.keyId}`
  await insertKey(tx, { ...row, validFrom: dateOf(now), endorsedBy: old.keyId })
  await insertStatement(tx, vouched(node, { row, validFrom: now, by: old.keyId, signer: oldKey }))
  const ending = { row: first, validFrom: old.validFrom, validUntil: until, by: row.keyId, signer: key }
  await insertStatement(tx, vouched(node, ending))
  return made
}

type Revocation = {
  readonly node: NodeId
  readonly clock: Clock
  readonly keyId: string
  readonly reason: string
  readonly by: PublicKey
  readonly sign: SigningKey['sign']
}

export async function revokeIn(
  tx: Handle,
  { node, clock, keyId, reason, by, sign }: Revocation,
): Promise<void> {
  await lockKeys(tx)
  const row = (await keyRows(tx)).find((one) => one.keyId === keyId)
  if (row === undefined) throw new KeyUnfit(`This node has no key ${keyId}; mosaic keys lists those it has.`)
  if (row.revokedAt !== null) return
  if (keyId === by.keyId)
    throw new KeyUnfit(
      `${keyId} is the key that signs. Make a new one first (mosaic keys rotate); that one can revoke it.`,
    )
  if (reason.trim() === '' || reason.length > 500 || /\p{Cc}/u.test(reason))
    throw new KeyUnfit('Say in one line of up to 500 characters why the key is revoked.')
  const said = { keyId, revokedAt: clock.now(), reason, by: by.keyId }
  const signature = toBase64(sign(revocationMessage(node, said)))
  await tx`
    update tlog_key set revoked_at = ${dateOf(said.revokedAt)}, revoked_for = ${reason} where key_id = ${keyId}`
  await insertStatement(tx, { type: 'tlog.key-revocation', keyId, body: { ...said, signature } })
}

const dateOf = (at: Instant): Date => new Date(millis(at))
