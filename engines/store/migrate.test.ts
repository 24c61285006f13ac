import { describe, expect, test } from 'vitest'
import { emptyDatabase } from '../../test/support/database.ts'
import { type Handling, instant, type MosaicRecord, nodeId, recordId } from '../record/index.ts'
import { connect, type Sql, type Transaction } from './connect.ts'
import { migrate, sqlMigrations } from './migrate.ts'
import { writeRows } from './queries.ts'
import { bucketOf, recordRow } from './rows.ts'
import { aReport } from './store.test-support.ts'

async function anEmptyDatabase() {
  const database = await emptyDatabase()
  const sql = connect(database.url, { max: 3 })
  return {
    sql,
    async [Symbol.asyncDispose]() {
      await sql.end()
      await database[Symbol.asyncDispose]()
    },
  }
}
const aMigration = (number: number, text: string) => ({
  number,
  file: `000${number}-a.sql`,
  text,
  checksum: text,
})

describe('migrations', () => {
  test('are numbered from 1 without a gap', () => {
    expect(sqlMigrations().map(({ number }) => number)).toEqual(sqlMigrations().map((_, n) => n + 1))
  })

  test('run once each, also when several processes start together', async () => {
    await using opened = await anEmptyDatabase()

    const ran = await Promise.all([migrate(opened.sql), migrate(opened.sql), migrate(opened.sql)])

    expect(ran.flat()).toEqual(sqlMigrations().map(({ file }) => file))
  })

  test('of a newer program are refused by an older one', async () => {
    await using opened = await anEmptyDatabase()
    await migrate(opened.sql, [aMigration(1, 'select 1'), aMigration(2, 'select 2')])

    await expect(migrate(opened.sql, [aMigration(1, 'select 1')])).rejects.toMatchObject({
      code: 'store/database-newer',
      message: expect.stringContaining('at migration 2 and this program knows 1'),
    })
  })

  test('that were edited after they ran are refused by name', async () => {
    await using opened = await anEmptyDatabase()
    await migrate(opened.sql, [aMigration(1, 'select 1')])

    await expect(migrate(opened.sql, [aMigration(1, 'select 2')])).rejects.toMatchObject({
      code: 'store/migration-edited',
      message: expect.stringContaining('0001-a.sql'),
    })
  })

  test('that fail leave nothing behind, and those before them stand', async () => {
    await using opened = await anEmptyDatabase()
    const failing = [aMigration(1, 'create table one ()'), aMigration(2, 'create table two (); select 1/0')]

    await expect(migrate(opened.sql, failing)).rejects.toMatchObject({ code: 'store/migration-failed' })

    const tables = await opened.sql`select to_regclass('one') as one, to_regclass('two') as two`
    expect([...tables]).toEqual([{ one: 'one', two: null }])
    expect(
      await migrate(opened.sql, [aMigration(1, 'create table one ()'), aMigration(2, 'select 2')]),
    ).toEqual(['0002-a.sql'])
  })

  test('say the handling of records that were there before as those written since do', async () => {
    await using opened = await anEmptyDatabase()
    const handlings: readonly Handling[] = [
      { tlp: 'TLP:CLEAR' },
      { tlp: 'TLP:RED', originatorControl: true, audience: [], purposes: ['border', 'health'] },
      {
        tlp: 'TLP:AMBER+STRICT',
        audience: ['a "b"', 'c'],
        police: ['H1'],
        embargoUntil: at,
        retainUntil: at,
      },
      { tlp: 'TLP:CLEAR', fieldMarks: { '/body/a': 'TLP:RED', '/place': 'TLP:AMBER' } },
    ]
    const areas = [
      { scheme: 'a:%', code: 'b:c' },
      { scheme: 'ISO3166-1', code: 'AL' },
      { scheme: 'ISO3166-1', code: 'AL', asOf: '2019-01-01' },
    ]
    const records = handlings.map((handling, n): MosaicRecord => {
      const draft = aReport({ key: `k${n}`, place: n % 2 ? { areas } : { cells: [] } })
      const origin = nodeId('durres.example')
      const id = recordId(origin, draft.type, draft.key, draft.realm)
      return {
        ...draft,
        ...{ id, version: 1, schemaVersion: 1, origin, recordedAt: at, attribution: [], links: [], handling },
      }
    })
    const rows = records.map((record) => recordRow(record, at, () => new Uint8Array(32)))
    await migrate(opened.sql, sqlMigrations().slice(0, 3))
    for (const { record, text } of rows)
      await opened.sql`
        insert into record (bucket, id, version, type, realm, origin, key, recorded_at, received_at, valid_from, content_digest, salt, record)
        values (${bucketOf(record.id)}, ${record.id}, 1, ${record.type}, ${record.realm}, ${record.origin}, ${record.key},
                ${at}, ${at}, ${at}, '', '', ${text}::text::json)`

    await migrate(opened.sql)
    const filled = await handlingIn(opened.sql)
    await opened.sql`delete from record`
    await opened.sql.begin((tx) => writeRows(tx as Transaction, [rows], []))

    expect(filled).toEqual(await handlingIn(opened.sql))
    expect(filled[1]).toMatchObject({ tlp: 4, audience: [], originator_control: true })
    expect(filled[3]).toMatchObject({ areas: ['ISO3166-1:AL', 'a%3A%25:b:c'], marks: ['/body/a', '/place'] })
  })
})

const at = instant('2019-11-26T02:54:12Z')
const handlingIn = (sql: Sql) => sql`
  select tlp, audience, purposes, police, originator_control, embargo_until, retain_until, marks, areas, effective
  from record order by key`
