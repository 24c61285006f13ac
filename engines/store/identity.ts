/**
 * Who this node is: its name, its incarnation and its secret, in one row. Written at the first opening, read at every
 * other. The incarnation stands in the CAP identifiers, and a restore gives a new one, so none is ever given twice.
 */
import { randomBytes } from 'node:crypto'
import type { NodeId } from '../record/index.ts'
import { connect, type Sql } from './connect.ts'
import type { Identity } from './contract.ts'
import { OtherNode } from './errors.ts'

export type KeptIdentity = Identity & { readonly secret: Uint8Array }

export const randomIncarnation = (): string => randomBytes(5).toString('hex')

/** Takes what is given only where the database has no identity yet. */
export async function identityOf(
  sql: Sql,
  node: NodeId,
  first: { readonly incarnation?: string; readonly secret?: Uint8Array } = {},
): Promise<KeptIdentity> {
  await sql`
    insert into identity (node, incarnation, secret)
    values (
      ${node}, ${first.incarnation ?? randomIncarnation()}, ${Buffer.from(first.secret ?? randomBytes(32))}
    )
    on conflict do nothing`
  const [row] = await sql<KeptIdentity[]>`select node, incarnation, secret from identity`
  if (row === undefined || row.node !== node) throw new OtherNode(row?.node ?? 'nobody', node)
  return row
}

/** Whose database this is; undefined where no node has opened it yet. */
export async function nodeNamedIn(url: string): Promise<NodeId | undefined> {
  const sql = connect(url, { max: 1 })
  try {
    const [is] = await sql<{ ours: boolean }[]>`select to_regclass('identity') is not null as ours`
    if (!is?.ours) return undefined
    const [row] = await sql<{ node: NodeId }[]>`select node from identity`
    return row?.node
  } finally {
    await sql.end()
  }
}

/** Somebody who writes beside the database's node: leaves the row alone, shares its secret where none is given. */
export async function guestIdentity(
  sql: Sql,
  identity: Identity,
  secret?: Uint8Array,
): Promise<KeptIdentity> {
  if (secret !== undefined) return { ...identity, secret }
  const [row] = await sql<{ secret: Buffer }[]>`select secret from identity`
  return { ...identity, secret: row?.secret ?? randomBytes(32) }
}

/**
 * After a restore: what the database gives out from now on is told from what it gave out before, and the log is not
 * signed until it is known what others saw of it (migration 0013).
 */
export async function renewIncarnation(sql: Sql): Promise<string> {
  const incarnation = randomIncarnation()
  await sql`update identity set incarnation = ${incarnation}`
  return incarnation
}
