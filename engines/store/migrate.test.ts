import { describe, expect, test } from 'vitest'
import { emptyDatabase } from '../../test/support/database.ts'
import { connect } from './connect.ts'
import { migrate, sqlMigrations } from './migrate.ts'

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
})
