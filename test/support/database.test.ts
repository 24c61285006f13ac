import postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import { emptyDatabase, testDatabase } from './database.ts'

describe('databases of the tests', () => {
  test('two tests never see each other’s rows', async () => {
    await using first = await testDatabase()
    await using second = await testDatabase()
    const [a, b] = [postgres(first.url), postgres(second.url)]

    await a`create table seen (what text)`
    const found = await b`select to_regclass('seen') as name`

    expect(found[0]?.name).toBeNull()
    await Promise.all([a.end(), b.end()])
  })

  test('an empty database holds no table', async () => {
    await using database = await emptyDatabase()
    const sql = postgres(database.url)

    const tables = await sql`select tablename from pg_tables where schemaname = 'public'`

    expect(tables).toEqual([])
    await sql.end()
  })
})
