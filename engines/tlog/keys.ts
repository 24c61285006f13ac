/**
 * The keys of this node: made at the first start, sealed under a passphrase where one is given, replaced with an overlap
 * in which both sign, revoked by their heirs. What others must know of them is said in records (`statements`).
 *
 * All processes of a node share the table; each opens what it finds and looks again before it signs the log.
 */
import { randomBytes } from 'node:crypto'
import { actual, type Draft, instant } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { sameBytes } from './bytes.ts'
import type { NodeKeys, PublicKey } from './contract.ts'
import { type SigningKey, signingKey } from './ed25519.ts'
import { KeyUnfit } from './errors.ts'
import { isValidAt } from './follow-keys.ts'
import type { LogSigner } from './integrate.ts'
import { boxLabel, open, seal } from './key-box.ts'
import { boxSetting, type KeysOptions, type MadeKey, makeFirst, revokeIn, rotateIn } from './key-changes.ts'
import { type KeyRow, keyRows, lockKeys, publicOf, type StatementRow, statementRows } from './key-rows.ts'
import { type EscrowParts, keptEscrow, sealEscrowAgain, splitKeys } from './recovery.ts'

export type { KeysOptions }

export type OpenKeys = NodeKeys & {
  /** All that sign the log now: in an overlap the new key and the old. */
  readonly signers: () => Promise<readonly LogSigner[]>
  /** What is to be appended as records, oldest first; `unlessEver` makes a repeat harmless. */
  readonly statements: () => Promise<readonly Draft[]>
  /** False: whoever reads the database, or a backup of it, can sign as this node. */
  readonly isSealed: () => Promise<boolean>
  /** Shares for so many people, any two of whom can recover the keys, and the escrow copy they open. Shown once. */
  readonly split: (shares: number) => Promise<{ readonly shares: readonly string[]; readonly escrow: string }>
  /** The escrow copy as of the last change of keys; undefined before the first split. */
  readonly escrow: () => Promise<string | undefined>
}

export async function openKeys(options: KeysOptions): Promise<OpenKeys> {
  const { database: sql, node, clock } = options
  const ring: Ring = new Map()
  let newest: PublicKey
  let rows: readonly KeyRow[] = []

  const look = async (): Promise<void> => {
    rows = await keyRows(sql)
    for (const row of rows) if (!ring.has(row.keyId)) ring.set(row.keyId, await opened(options, row))
    const first = rows.find(({ revokedAt }) => revokedAt === null)
    if (first === undefined)
      throw new KeyUnfit('Every key of this node is revoked. Recover or set up the node anew.')
    newest = publicOf(node, first)
  }
  const signingOf = (keyId: string): SigningKey => {
    const key = ring.get(keyId)?.signing
    if (key === undefined)
      throw new KeyUnfit(`The private key of ${keyId} is not open in this process; start it again.`)
    return key
  }

  await makeFirst(options)
  await look()
  await sealOpenOnes(options, ring)
  return {
    node,
    current: () => newest,
    all: async () => {
      await look()
      return rows.map((row) => publicOf(node, row))
    },
    sign: (message) => signingOf(newest.keyId).sign(message),
    signers: async () => {
      await look()
      const now = clock.now()
      const valid = rows
        .map((row) => publicOf(node, row))
        .filter((key) => isValidAt(key, now) || key.keyId === newest.keyId)
      return valid.map((publicKey) => ({ publicKey, sign: signingOf(publicKey.keyId).sign }))
    },
    rotate: async (overlapMs) => {
      await look()
      if (!(overlapMs >= 0) || overlapMs > maxOverlapMs)
        throw new KeyUnfit(
          'The overlap of two keys lasts from nothing to two years; give it in milliseconds.',
        )
      const old = newest
      await sql.begin(async (tx) => {
        const made = await rotateIn(tx, { ...options, old, oldKey: signingOf(old.keyId), overlapMs })
        await sealEscrowAgain(tx, escrowParts(options, ring, made))
      })
      await look()
      return newest
    },
    revoke: async (keyId, reason) => {
      await look()
      await sql.begin(async (tx) => {
        await revokeIn(tx, { node, clock, keyId, reason, by: newest, sign: signingOf(newest.keyId).sign })
        await sealEscrowAgain(tx, escrowParts(options, ring))
      })
      await look()
    },
    statements: async () => (await statementRows(sql)).map(draftOf),
    isSealed: async () => (await keyRows(sql)).every(({ box }) => box.kind !== 'open'),
    split: async (shares) => {
      await look()
      return splitKeys(sql, escrowParts(options, ring), shares)
    },
    escrow: () => keptEscrow(sql),
  }
}

type Ring = Map<string, { readonly signing: SigningKey; readonly seed: Uint8Array }>

const escrowParts = (options: KeysOptions, ring: Ring, made?: MadeKey): EscrowParts => ({
  node: options.node,
  clock: options.clock,
  random: options.randomness ?? randomBytes,
  seeds: new Map([
    ...[...ring].map(([keyId, { seed }]) => [keyId, seed] as const),
    ...(made ? [[made.row.keyId, made.seed] as const] : []),
  ]),
})

const maxOverlapMs = 2 * 366 * 24 * 3600 * 1000

/** How the private keys lie in the database, for whoever examines a node without opening them. */
export async function keysAtRest(sql: Sql): Promise<'none' | 'open' | 'sealed'> {
  const rows = await keyRows(sql)
  if (rows.length === 0) return 'none'
  return rows.some(({ box }) => box.kind === 'open') ? 'open' : 'sealed'
}

async function opened({ node, passphrase }: KeysOptions, { box, keyId, publicKey }: KeyRow) {
  const seed = await open(box, {
    label: boxLabel(node, keyId),
    ...(passphrase !== undefined && { passphrase }),
  })
  const signing = signingKey(seed)
  if (!sameBytes(signing.publicKey, publicKey))
    throw new KeyUnfit(
      `The private key of ${keyId} is not that of its public key: the database was changed. Restore a backup.`,
    )
  return { signing, seed }
}

/** A passphrase that is given seals what was open before. */
async function sealOpenOnes(options: KeysOptions, ring: Ring): Promise<void> {
  if (options.passphrase === undefined || (await keysAtRest(options.database)) === 'sealed') return
  await options.database.begin(async (tx) => {
    await lockKeys(tx)
    for (const { keyId, box } of await keyRows(tx)) {
      const seed = ring.get(keyId)?.seed
      if (box.kind !== 'open' || seed === undefined) continue
      await tx`update tlog_key set box = ${tx.json(await seal(seed, boxSetting(options, keyId)))} where key_id = ${keyId}`
    }
  })
}

/** A key's record is its own; what is said of it later supersedes what was said before. */
const draftOf = ({ type, keyId, body }: StatementRow): Draft => ({
  type,
  key: keyId,
  realm: actual,
  producer: { kind: 'method', name: 'tlog', version: '1' },
  valid: { from: instant('validFrom' in body ? body.validFrom : body.revokedAt) },
  body,
})
