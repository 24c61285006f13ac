/** What the log's tests do not care about: a database whose `log` holds so many leaves, keys, a standing clock. */
import { hash } from 'node:crypto'
import { testDatabase } from '../../test/support/database.ts'
import { instant, type NodeId, nodeId, SettableClock } from '../record/index.ts'
import { connect, type Sql } from '../store/index.ts'
import type { TransparencyLog } from './contract.ts'
import { type KeysOptions, type OpenKeys, openKeys } from './keys.ts'
import { openLog } from './log.ts'

export const durres = nodeId('durres.example')
/** scrypt as fast as it can be. */
export const fastCost = 2 ** 4

export type TestLog = AsyncDisposable & {
  readonly sql: Sql
  readonly url: string
  readonly clock: SettableClock
  readonly node: NodeId
  readonly keys: OpenKeys
  readonly log: TransparencyLog
  /** Adds leaves to the store's log as the sequencer does. */
  readonly fill: (count: number) => Promise<void>
  readonly reopenKeys: (options?: Partial<KeysOptions>) => Promise<OpenKeys>
}

export const leafAt = (index: number): Buffer => hash('sha256', `leaf ${index}`, 'buffer')

export async function aLog(
  options: Partial<KeysOptions> & { readonly batch?: number } = {},
): Promise<TestLog> {
  const database = await testDatabase()
  const sql = connect(database.url, { max: 3 })
  const clock = new SettableClock(instant('2019-11-26T02:54:12Z'))
  const node = options.node ?? durres
  const { batch, ...keySettings } = options
  const reopenKeys = (other: Partial<KeysOptions> = {}) =>
    openKeys({ database: sql, node, clock, cost: fastCost, ...keySettings, ...other })
  const keys = await reopenKeys()
  return {
    sql,
    url: database.url,
    clock,
    node,
    keys,
    reopenKeys,
    log: openLog({ database: sql, node, clock, keys, ...(batch !== undefined && { batch }) }),
    fill: (count) => fill(sql, count),
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 5 })
      await database[Symbol.asyncDispose]()
    },
  }
}

async function fill(sql: Sql, count: number): Promise<void> {
  const [head] = await sql<{ next: number }[]>`select next_index as next from log_head`
  const first = head?.next ?? 0
  for (let at = first; at < first + count; at += 20_000) {
    const indexes = Array.from({ length: Math.min(20_000, first + count - at) }, (_, n) => at + n)
    await sql`
      insert into log (index, bucket, id, version, leaf)
      select i, 0, lpad(i::text, 40, '0'), 1, decode(leaf, 'hex')
      from unnest(${indexes}::bigint[], ${indexes.map((index) => leafAt(index).toString('hex'))}::text[]) as l (i, leaf)`
  }
  await sql`update log_head set next_index = ${first + count}`
}
