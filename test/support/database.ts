/**
 * A fresh database per test, cloned from a template that is migrated once per run: some 30 ms instead of a migration.
 *
 *     await using database = await testDatabase()
 *     const sql = postgres(database.url)
 */
import { randomBytes } from 'node:crypto'
import postgres, { type Sql } from 'postgres'
import { inject } from 'vitest'
import { connect } from '../../engines/store/connect.ts'
import { migrate } from '../../engines/store/migrate.ts'

export type TestDatabase = AsyncDisposable & { readonly url: string }

const template = 'mosaic_test_template'
/** Any number that nothing else locks by. */
const templateLock = 7_300_001

/** A database with the store's tables and no rows. */
export async function testDatabase(): Promise<TestDatabase> {
  return withAdmin(async (admin) => {
    await ensureTemplate(admin)
    return make(admin, template)
  })
}

/** A database with nothing in it. */
export const emptyDatabase = (): Promise<TestDatabase> => withAdmin((admin) => make(admin, 'template0'))

async function make(admin: Sql, from: string): Promise<TestDatabase> {
  const name = `mosaic_test_${randomBytes(8).toString('hex')}`
  await admin`create database ${admin(name)} template ${admin(from)}`
  return {
    url: urlOf(name),
    [Symbol.asyncDispose]: () =>
      withAdmin(async (again) => {
        await again`drop database if exists ${again(name)} with (force)`
      }),
  }
}

/** Workers race for it: the first to take the lock makes it under another name, and renames it when it is whole. */
async function ensureTemplate(admin: Sql): Promise<void> {
  if (await exists(admin, template)) return
  await admin`select pg_advisory_lock(${templateLock})`
  try {
    if (await exists(admin, template)) return
    const unfinished = `${template}_unfinished`
    await admin`drop database if exists ${admin(unfinished)} with (force)`
    await admin`create database ${admin(unfinished)} template template0`
    await migrateTemplate(urlOf(unfinished))
    await admin`alter database ${admin(unfinished)} rename to ${admin(template)}`
  } finally {
    await admin`select pg_advisory_unlock(${templateLock})`
  }
}

async function migrateTemplate(url: string): Promise<void> {
  const sql = connect(url, { max: 1 })
  try {
    await migrate(sql)
  } finally {
    await sql.end()
  }
}

async function exists(admin: Sql, name: string): Promise<boolean> {
  return (await admin`select 1 from pg_database where datname = ${name}`).length > 0
}

async function withAdmin<T>(act: (admin: Sql) => Promise<T>): Promise<T> {
  const admin = postgres(inject('adminUrl'), { max: 1, onnotice: () => undefined })
  try {
    return await act(admin)
  } finally {
    await admin.end()
  }
}

function urlOf(name: string): string {
  const url = new URL(inject('adminUrl'))
  url.pathname = `/${name}`
  return url.href
}
