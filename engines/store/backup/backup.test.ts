import { hash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { emptyDatabase, testDatabase } from '../../../test/support/database.ts'
import { instant, nodeId } from '../../record/index.ts'
import { connect, type Sql } from '../connect.ts'
import { migrate, sqlMigrations } from '../migrate.ts'
import { openStore } from '../open-store.ts'
import { aReport, aStore } from '../store.test-support.ts'
import { verifyBackup, writeBackupFile } from './file.ts'
import { readBackup } from './read-backup.ts'
import { inOrderOfReference } from './tables.ts'
import { writeBackup } from './write-backup.ts'

const now = instant('2026-01-05T08:00:00Z')
let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mosaic-backup-'))
  file = join(folder, 'node.mosaic')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a backup that is put back', () => {
  test('holds every row of every table, in the same order of the log', async () => {
    await using source = await aNodeWithEverything()
    await using target = await emptyDatabase()
    const before = await contentsOf(source.url)

    const written = await writeBackup({ url: source.url, file, now })
    const restored = await readBackup({ url: target.url, file, incarnation: 'b2' })

    const after = await contentsOf(target.url)
    for (const table of filled) expect([table, before[table]?.length]).not.toEqual([table, 0])
    expect(after).toEqual({ ...before, identity: [expect.objectContaining({ incarnation: 'b2' })] })
    expect(restored.rows).toEqual(written.rows)
    expect(written).toMatchObject({
      node: 'skopje.example',
      incarnation: 'a1',
      createdAt: now,
      rows: { log: 3 },
    })
  })

  test('is a node of the same name and secret with a new incarnation, so no CAP identifier is given twice', async () => {
    await using source = await aNodeWithEverything()
    await using first = await emptyDatabase()
    await using second = await emptyDatabase()
    await writeBackup({ url: source.url, file, now })

    const one = await readBackup({ url: first.url, file })
    const two = await readBackup({ url: second.url, file })

    const identities = await Promise.all([source, first, second].map(({ url }) => identityOf(url)))
    expect(new Set(identities.map(({ incarnation }) => incarnation)).size).toBe(3)
    expect([one.newIncarnation, two.newIncarnation]).toEqual(
      identities.slice(1).map(({ incarnation }) => incarnation),
    )
    expect(new Set(identities.map(({ node, secret }) => `${node} ${secret}`)).size).toBe(1)
  })

  test('holds what was tightened under what it was tightened to, and gives back nothing that was erased', async () => {
    await using source = await aStore()
    await using target = await emptyDatabase()
    const { store } = source
    const [tightened, gone] = await store.append([
      aReport({ key: 'tightened' }),
      aReport({ key: 'gone', body: { witness: 'Arta Example' } }),
    ])
    if (tightened?.kind !== 'appended' || gone?.kind !== 'appended') throw new Error('not appended')
    const effective = { tlp: 'TLP:AMBER', audience: ['org-a'] } as const
    await store.tighten(tightened.record.id, effective)
    await store.erase([gone.record.id], { derived: false, reason: 'subject request' })

    await writeBackup({ url: source.url, file, now })
    await readBackup({ url: target.url, file })

    await using restored = await openStore({
      url: target.url,
      node: nodeId('durres.example'),
      clock: source.clock,
    })
    expect(await restored.get(tightened.record.id)).toMatchObject({ effective })
    expect(await restored.count({ where: { kind: 'audience-names', names: ['org-a'] } })).toBe(1)
    expect(await restored.count({ where: { kind: 'tlp-at-most', label: 'TLP:GREEN' } })).toBe(0)
    expect(await restored.get(gone.record.id)).toBeUndefined()
    expect(await restored.read({ erased: true })).toEqual(await store.read({ erased: true }))
    expect(await restored.erasures([gone.record.id])).toEqual(await store.erasures([gone.record.id]))
    expect(restored.identity.incarnation).not.toBe(store.identity.incarnation)
  })

  test('goes on counting where the node stood, never giving a number again', async () => {
    await using source = await aNodeWithEverything()
    await using target = await emptyDatabase()
    await using sql = disposable(source.url)
    await sql.run`insert into job (queue, key, payload, run_at) select 'q', n::text, '1', now() from generate_series(1, 9) n`
    await sql.run`delete from job where queue = 'q'`
    const [counter] = await sql.run`select last_value from job_id_seq`
    await writeBackup({ url: source.url, file, now })
    await readBackup({ url: target.url, file })

    await using restored = disposable(target.url)
    const [next] = await restored.run`
      insert into job (queue, key, payload, run_at) values ('deliver', 'next', '1', now()) returning id`

    expect(next?.id).toBe(Number(counter?.last_value) + 1)
  })

  test('is one instant: what is written meanwhile is not half in it', async () => {
    await using source = await aNodeWithEverything()
    await using target = await emptyDatabase()
    await using sql = disposable(source.url)
    let late: Promise<unknown> | undefined
    const meanwhile = () => {
      late ??= sql.run`insert into source_state values ('late', '{}')`.execute()
    }

    const { rows } = await writeBackup({ url: source.url, file, now, onProgress: meanwhile })
    await late
    await readBackup({ url: target.url, file })

    expect(rows.source_state).toBe(1)
    expect((await contentsOf(source.url)).source_state).toHaveLength(2)
    expect((await contentsOf(target.url)).source_state).toHaveLength(1)
  })

  test('keeps a payload of many megabytes byte for byte', async () => {
    await using source = await aNodeWithEverything()
    await using target = await emptyDatabase()
    await using sql = disposable(source.url)
    await aLargePayload(sql.run)
    const [before] =
      await sql.run`select sha256(bytes) as digest, length(bytes) as length from payload where hash = 'large'`

    await writeBackup({ url: source.url, file, now })
    await readBackup({ url: target.url, file })

    await using restored = disposable(target.url)
    const [after] =
      await restored.run`select sha256(bytes) as digest, length(bytes) as length from payload where hash = 'large'`
    expect(after).toEqual(before)
    expect(before?.length).toBe(6_400_000)
  })

  test('of an older program is restored as it was, then migrated to today', async () => {
    await using old = await emptyDatabase()
    await using target = await emptyDatabase()
    await using sql = disposable(old.url)
    await migrate(sql.run, sqlMigrations().slice(0, 1))
    await aRecord(sql.run, 'from-long-ago')
    await writeBackup({ url: old.url, file, now })

    const summary = await readBackup({ url: target.url, file })

    expect(summary.migration).toBe(1)
    expect(summary.migrated).toEqual(
      sqlMigrations()
        .slice(1)
        .map((one) => one.file),
    )
    expect((await contentsOf(target.url)).record).toMatchObject([{ id: 'from-long-ago' }])
  })

  test.each([
    12,
    sqlMigrations().length,
  ])('written at migration %i signs its log under another incarnation than it has now: signing is held', async (migrations) => {
    await using old = await emptyDatabase()
    await using target = await emptyDatabase()
    await using sql = disposable(old.url)
    await migrate(sql.run, sqlMigrations().slice(0, migrations))
    await sql.run`insert into identity values (true, 'skopje.example', 'a1', ${Buffer.alloc(32)})`
    await writeBackup({ url: old.url, file, now })

    await readBackup({ url: target.url, file, incarnation: 'b2' })

    await using restored = disposable(target.url)
    expect(
      await restored.run`select t.incarnation as signed, i.incarnation as now from tlog_tree as t, identity as i`,
    ).toEqual([{ signed: 'a1', now: 'b2' }])
  })
})

describe('a backup file', () => {
  test('tells what it is in its first lines, and nobody else can read it', async () => {
    await using source = await aNodeWithEverything()
    await writeBackup({ url: source.url, file, now, program: 'mosaic 0.1.0' })

    const [magic, header] = (await readFile(file, 'latin1')).split('\n', 2)

    expect(magic).toBe('mosaic-backup 1')
    expect(JSON.parse(header ?? '')).toMatchObject({
      createdAt: now,
      program: 'mosaic 0.1.0',
      node: 'skopje.example',
    })
    expect((await stat(file)).mode & 0o077).toBe(0)
  })

  test('with any one byte changed is refused, and so is any part of it', async () => {
    await using source = await aNodeWithEverything()
    await writeBackup({ url: source.url, file, now })
    const whole = await readFile(file)
    const copy = join(folder, 'copy.mosaic')
    const position = fc.integer({ min: 0, max: whole.length - 1 })

    await fc.assert(
      fc.asyncProperty(position, fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(whole)
        changed[at] = (changed[at] ?? 0) ^ change
        await writeFile(copy, changed)
        await expect(verifyBackup(copy)).rejects.toMatchObject({ code: refused })
        await writeFile(copy, whole.subarray(0, at))
        await expect(verifyBackup(copy)).rejects.toMatchObject({ code: refused })
      }),
      { numRuns: 60 },
    )
  })

  test('that is damaged leaves the database as empty as it was', async () => {
    await using source = await aNodeWithEverything()
    await using target = await emptyDatabase()
    await writeBackup({ url: source.url, file, now })
    const bytes = await readFile(file)
    await writeFile(file, bytes.fill(0, bytes.length - 200, bytes.length - 180))

    await expect(readBackup({ url: target.url, file })).rejects.toMatchObject({
      code: 'store/backup-damaged',
    })
    expect(await tablesIn(target.url)).toEqual([])
  })

  test('whose digest was made to fit a broken content is refused too, and the database is empty again', async () => {
    await using source = await aNodeWithEverything()
    await using target = await emptyDatabase()
    await using sql = disposable(source.url)
    await aLargePayload(sql.run)
    await writeBackup({ url: source.url, file, now })
    const content = (await readFile(file)).subarray(0, -73)
    const broken = content.fill(0, content.length - 5_000, content.length - 4_900)
    await writeFile(file, Buffer.concat([broken, Buffer.from(`\nsha256 ${hash('sha256', broken)}\n`)]))

    await expect(readBackup({ url: target.url, file })).rejects.toMatchObject({
      code: 'store/backup-damaged',
    })
    expect(await tablesIn(target.url)).toEqual([])
  })

  test('that ends before its tables do is refused', async () => {
    await using source = await aNodeWithEverything()
    await using target = await emptyDatabase()
    await writeBackup({ url: source.url, file, now })
    const { header } = await verifyBackup(file)
    await writeBackupFile(file, header, (async function* () {})())

    await expect(readBackup({ url: target.url, file })).rejects.toMatchObject({
      code: 'store/backup-damaged',
    })
  })

  test('of something else is called that', async () => {
    await writeFile(file, 'PGDMP')

    await expect(verifyBackup(file)).rejects.toMatchObject({ code: 'store/not-a-backup' })
    await expect(verifyBackup(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'store/not-a-backup' })
  })

  test('is not written where nothing can be written, and that is said', async () => {
    await using source = await testDatabase()
    const nowhere = join(folder, 'no such folder', 'node.mosaic')

    await expect(writeBackup({ url: source.url, file: nowhere, now })).rejects.toMatchObject({
      code: 'store/backup-not-written',
    })
  })

  test('of a later format is called newer', async () => {
    await writeFile(file, 'mosaic-backup 2\nwho knows')

    await expect(verifyBackup(file)).rejects.toMatchObject({ code: 'store/backup-newer' })
  })

  test('replaces an older one only when it is whole', async () => {
    await using source = await aNodeWithEverything()
    await writeBackup({ url: source.url, file, now })
    const before = await readFile(file)
    await using sql = disposable(source.url)
    await aLargePayload(sql.run)
    const interrupt = () => {
      throw new Error('interrupted')
    }

    await expect(writeBackup({ url: source.url, file, now, onProgress: interrupt })).rejects.toThrow(
      'interrupted',
    )
    expect(await readFile(file)).toEqual(before)
    expect(await readdir(folder)).toEqual(['node.mosaic'])
  })
})

describe('a restore is refused', () => {
  test('into a database that holds something, and says what', async () => {
    await using source = await aNodeWithEverything()
    await writeBackup({ url: source.url, file, now })

    await expect(readBackup({ url: source.url, file })).rejects.toMatchObject({
      code: 'store/database-not-empty',
      tables: expect.arrayContaining(['record']),
    })
  })

  test('from a program that is newer', async () => {
    await using source = await testDatabase()
    await using target = await emptyDatabase()
    await using sql = disposable(source.url)
    await sql.run`insert into migration (number, file, checksum) values (9999, '9999-tomorrow.sql', 'x')`
    await writeBackup({ url: source.url, file, now })

    await expect(readBackup({ url: target.url, file })).rejects.toMatchObject({ code: 'store/backup-newer' })
  })

  test('from a program whose migrations were others', async () => {
    await using source = await testDatabase()
    await using target = await emptyDatabase()
    await using sql = disposable(source.url)
    await sql.run`update migration set checksum = 'edited' where number = 1`
    await writeBackup({ url: source.url, file, now })

    await expect(readBackup({ url: target.url, file })).rejects.toMatchObject({
      code: 'store/backup-of-other-tables',
    })
  })

  test('by the server half way, and the database is empty again', async () => {
    await using source = await testDatabase()
    await using target = await emptyDatabase()
    await using sql = disposable(source.url)
    // A rule that only the source lacks: the rows are refused after their last byte.
    await sql.run`alter table checkpoint drop constraint checkpoint_index_check`
    await sql.run`insert into checkpoint select 'broken', -7, now()`
    await writeBackup({ url: source.url, file, now })

    await expect(readBackup({ url: target.url, file })).rejects.toMatchObject({ code: '23514' })
    expect(await tablesIn(target.url)).toEqual([])
  })

  test('and so is a backup of a database that is not a node’s', async () => {
    await using other = await emptyDatabase()

    await expect(writeBackup({ url: other.url, file, now })).rejects.toMatchObject({
      code: 'store/nothing-to-back-up',
    })
  })
})

test('tables are filled after those they refer to', () => {
  const tables = [
    { name: 'a', refers: ['c'] },
    { name: 'b', refers: ['a'] },
    { name: 'c', refers: [] },
  ]

  expect(inOrderOfReference(tables).map(({ name }) => name)).toEqual(['c', 'a', 'b'])
})

const refused = expect.stringMatching(/^store\/(backup-damaged|not-a-backup|backup-newer)$/)

/** A row in every table that the store has, with values that COPY must escape. */
/** The tables of the store; what engines above it keep is copied by the same rule, which knows no table. */
const filled = [
  'record',
  'record_link',
  'record_cell',
  'record_attachment',
  'attachment',
  'attachment_chunk',
  'provenance',
  'origin_note',
  'pending',
  'log',
  'log_head',
  'checkpoint',
  'quarantine',
  'payload',
  'receipt',
  'source_state',
  'identity',
  'job',
]

async function aNodeWithEverything() {
  const database = await testDatabase()
  await using sql = disposable(database.url)
  const { run } = sql
  const awkward = 'tab\there, line\nfeed, back\\slash, \\N, Шкодра, ž, 𝔐'
  for (const id of ['one', 'two', 'three']) await aRecord(run, id)
  await run`insert into record_link select bucket, id, version, 0, 'derivedFrom', ${awkward}, null from record limit 1`
  await run`insert into record_cell select bucket, id, version, ${(1n << 59n).toString()} from record limit 1`
  await run`insert into record_attachment select bucket, id, version, 'a1' from record limit 1`
  await run`
    insert into attachment (sha256, size, media_type, held_bytes, begun_at) values ('a1', 9, 'text/plain', 3, ${now})`
  await run`insert into attachment_chunk select content % 64, content, 0, '\\x000aff' from attachment`
  await run`insert into origin_note (hash, note) values (${Buffer.alloc(32, 4)}, ${awkward})`
  await run`
    insert into provenance (bucket, id, version, leaf, salts, withheld, via, origin_index, tree_size, hashes, note)
    select bucket, id, version, ${Buffer.alloc(32, 5)}, '\\x0a', '', 'ohrid.example', 0, 1, '', 1 from record limit 1`
  await run`
    update record
    set audience = ${[awkward, '']}, marks = '{/place}', areas = '{ISO3166-1:MK}', effective = '{"tlp": "TLP:RED"}', tlp = 4
    where id = 'two'`
  await run`insert into checkpoint values ('fuse/hazards', 2, ${now})`
  await run`
    insert into quarantine (id, kind, sender, realm, received_at, media_type, bytes, issues)
    values ('q1', 'undecodable', ${awkward}, 'actual', ${now}, 'text/plain', '\\x00ff0a5c', '[{"rule":"a/b"}]')`
  await run`insert into payload values ('h1', 'text/plain', ${Buffer.from(awkward)})`
  await run`insert into receipt (hash, source, realm, received_at) values ('h1', 's', 'actual', ${now})`
  await run`insert into source_state values ('s', '{"received": 1}')`
  await run`insert into identity (node, incarnation, secret) values ('skopje.example', 'a1', ${Buffer.alloc(32, 7)})`
  await run`insert into job (queue, key, payload, run_at, last_error) values ('deliver', 'k', ${run.json({ text: awkward })}, ${now}, ${awkward})`
  await run`insert into pending (buckets, ids, versions, leaves) values ('{1}', '{four}', '{1}', array['\\x01'::bytea])`
  return database
}

async function aLargePayload(sql: Sql): Promise<void> {
  await sql`
    insert into payload (hash, media_type, bytes)
    select 'large', 'application/octet-stream', string_agg(sha256(n::text::bytea), ''::bytea order by n)
    from generate_series(1, 200000) n`
}

async function aRecord(sql: Sql, id: string): Promise<void> {
  await sql`
    insert into record (bucket, id, version, type, realm, origin, key, recorded_at, received_at, valid_from, content_digest, salt, record)
    values (1, ${id}, 1, 'hazards.observation', 'actual', 'skopje.example', ${id}, ${now}, ${now}, ${now},
            ${Buffer.alloc(32, 1)}, ${Buffer.alloc(32, 2)}, ${JSON.stringify({ id })}::text::json)`
  await sql`
    with head as (update log_head set next_index = next_index + 1 returning next_index - 1 as index)
    insert into log (index, bucket, id, version, leaf) select index, 1, ${id}, 1, ${Buffer.alloc(32, 3)} from head`
}

const tablesIn = async (url: string): Promise<string[]> => {
  await using sql = disposable(url)
  const rows = await sql.run<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' order by 1`
  return rows.map(({ name }) => name)
}

/** Every row of every table but the migrations, as text. */
async function contentsOf(url: string): Promise<Record<string, readonly Record<string, unknown>[]>> {
  const names = (await tablesIn(url)).filter((name) => name !== 'migration')
  await using sql = disposable(url)
  const contents: Record<string, readonly Record<string, unknown>[]> = {}
  for (const name of names) {
    const rows = await sql.run<{ row: Record<string, unknown> }[]>`
      select to_jsonb(t) as row from ${sql.run(name)} as t order by t::text`
    contents[name] = rows.map(({ row }) => row)
  }
  return contents
}

async function identityOf(url: string) {
  await using sql = disposable(url)
  const [row] = await sql.run<{ node: string; incarnation: string; secret: string }[]>`
    select node, incarnation, encode(secret, 'hex') as secret from identity`
  if (row === undefined) throw new Error('no identity')
  return row
}

function disposable(url: string) {
  const run = connect(url, { max: 2 })
  return { run, [Symbol.asyncDispose]: () => run.end() }
}
