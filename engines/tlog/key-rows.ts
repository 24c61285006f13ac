/** The keys of this node as rows of the database, and what it says of them. */
import { type Instant, instant, type NodeId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { toBase64 } from './bytes.ts'
import type { PublicKey } from './contract.ts'
import type { KeyBox } from './key-box.ts'
import type { KeyBody, RevocationBody } from './key-records.ts'
import type { Handle } from './queries.ts'

export type KeyRow = {
  readonly keyId: string
  readonly publicKey: Uint8Array
  readonly box: KeyBox
  readonly validFrom: Date
  readonly validUntil: Date | null
  readonly revokedAt: Date | null
  readonly revokedFor: string | null
  readonly endorsedBy: string
}

export type StatementRow =
  | { readonly type: 'tlog.key'; readonly keyId: string; readonly body: KeyBody }
  | { readonly type: 'tlog.key-revocation'; readonly keyId: string; readonly body: RevocationBody }

/** Which keys has this node, newest first? */
export const keyRows = (sql: Sql | Handle): Promise<readonly KeyRow[]> =>
  sql<KeyRow[]>`
    select
      key_id as "keyId", public_key as "publicKey", box, valid_from as "validFrom", valid_until as "validUntil",
      revoked_at as "revokedAt", revoked_for as "revokedFor", endorsed_by as "endorsedBy"
    from tlog_key
    order by made desc`

/** What has this node said of its keys, oldest first? */
export const statementRows = (sql: Sql | Handle): Promise<readonly StatementRow[]> =>
  sql<StatementRow[]>`select type, key_id as "keyId", body from tlog_key_statement order by seq`

/** Nobody else makes, changes or recovers keys until the transaction ends. */
export async function lockKeys(tx: Handle): Promise<void> {
  await tx`lock table tlog_key in exclusive mode`
}

export async function insertKey(tx: Handle, row: KeyRow): Promise<void> {
  await tx`
    insert into tlog_key (key_id, public_key, box, valid_from, valid_until, revoked_at, revoked_for, endorsed_by)
    values (
      ${row.keyId}, ${Buffer.from(row.publicKey)}, ${tx.json(row.box)}, ${row.validFrom}, ${row.validUntil},
      ${row.revokedAt}, ${row.revokedFor}, ${row.endorsedBy}
    )`
}

export async function insertStatement(tx: Handle, { type, keyId, body }: StatementRow): Promise<void> {
  await tx`insert into tlog_key_statement (type, key_id, body) values (${type}, ${keyId}, ${tx.json(body)})`
}

export const publicOf = (node: NodeId, row: KeyRow): PublicKey => ({
  node,
  keyId: row.keyId,
  key: toBase64(row.publicKey),
  validFrom: at(row.validFrom),
  ...(row.validUntil && { validUntil: at(row.validUntil) }),
  ...(row.revokedAt && { revokedAt: at(row.revokedAt) }),
})

const at = (date: Date): Instant => instant(date)
