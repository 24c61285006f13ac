import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyDatabase } from '../../test/support/database.ts'
import { instant, nodeId, SettableClock } from '../record/index.ts'
import { openStore, readBackup, writeBackup } from '../store/index.ts'
import { aReport, aStore } from '../store/store.test-support.ts'
import { logVerifier } from './checkpoint.ts'
import { exportLog, keysFile } from './export-log.ts'
import { openHold } from './hold.ts'
import { openKeys } from './keys.ts'
import { openLog } from './log.ts'
import { folderSource, ownSource, urlSource } from './log-source.ts'
import { verifyConsistency } from './merkle.ts'
import { formatVkey } from './note.ts'
import { aLog, durres, type TestLog } from './tlog.test-support.ts'
import { verifyDatabase } from './verify-database.ts'
import { verifyLog } from './verify-log.ts'

async function aFolder() {
  const path = await mkdtemp(join(tmpdir(), 'mosaic-log-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

const exported = async ({ log, keys }: TestLog, folder: string) =>
  exportLog(folder, { log, keys: await keys.all() })

const filesOf = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

describe('an exported log', () => {
  test.each([0, 1, 256, 700])('of %i entries verifies from its files alone', async (size) => {
    await using node = await aLog()
    await using folder = await aFolder()
    await node.fill(size)
    const { root } = await node.log.integrate()

    await exported(node, folder.path)

    expect(await verifyLog(folderSource(folder.path))).toMatchObject({
      kind: 'sound',
      origin: 'durres.example/log',
      size,
      root,
      keysFrom: 'served',
    })
    expect(
      await verifyLog(ownSource(node.log), {
        vkeys: keysFile(await node.keys.all())
          .trim()
          .split('\n'),
      }),
    ).toMatchObject({
      kind: 'sound',
      keysFrom: 'given',
    })
  })

  test('with three levels of tiles verifies', async () => {
    await using node = await aLog()
    await using folder = await aFolder()
    await node.fill(70_000)
    await node.log.integrate()

    await exported(node, folder.path)

    expect(await verifyLog(folderSource(folder.path))).toMatchObject({ kind: 'sound', size: 70_000 })
    expect((await stat(join(folder.path, 'tile/2/000.p/1'))).size).toBe(32)
    expect((await stat(join(folder.path, 'tile/1/001.p/17'))).size).toBe(17 * 32)
    expect((await stat(join(folder.path, 'tile/0/273.p/112'))).size).toBe(112 * 32)
  })

  test('is added to: full tiles are not written again, partial ones stay until they are full', async () => {
    await using node = await aLog()
    await using folder = await aFolder()
    await node.fill(300)
    await node.log.integrate()
    await exported(node, folder.path)
    await node.fill(100)
    await node.log.integrate()

    const second = await exported(node, folder.path)

    expect(second).toMatchObject({ kept: 3, written: 2 })
    expect((await stat(join(folder.path, 'tile/0/001.p/44'))).isFile()).toBe(true)
    expect(await verifyLog(folderSource(folder.path))).toMatchObject({ kind: 'sound', size: 400 })
  })

  test('goes on where it broke off', async () => {
    await using node = await aLog()
    await using folder = await aFolder()
    await node.fill(1000)
    await node.log.integrate()
    const broken = exportLog(folder.path, {
      log: node.log,
      keys: await node.keys.all(),
      onProgress: ({ written }) => {
        if (written === 4) throw new Error('the disk is full')
      },
    })
    await expect(broken).rejects.toThrow('the disk is full')
    expect((await verifyLog(folderSource(folder.path))).kind).toBe('wrong')

    const { kept } = await exported(node, folder.path)

    expect(kept).toBe(4)
    expect((await verifyLog(folderSource(folder.path))).kind).toBe('sound')
  })

  test('verifies over HTTP as from a folder', async () => {
    await using node = await aLog()
    await using folder = await aFolder()
    await node.fill(300)
    await node.log.integrate()
    await exported(node, folder.path)
    const server = createServer(async (request, response) => {
      const bytes = await readFile(join(folder.path, request.url ?? '')).catch(() => undefined)
      response.writeHead(bytes ? 200 : 404).end(bytes)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

    const outcome = await verifyLog(urlSource(url, fetch))
    const gone = await verifyLog(urlSource(`${url}/elsewhere/`, fetch))

    server.close()
    server.closeAllConnections()
    expect(outcome).toMatchObject({ kind: 'sound', size: 300 })
    expect(gone).toMatchObject({ kind: 'wrong', path: 'keys' })
  })
})

describe('tampering with an exported log', () => {
  test('any one byte, of any file, anywhere, is found and its place is said', async () => {
    await using node = await aLog()
    await using folder = await aFolder()
    await node.fill(600)
    await node.log.integrate()
    await exported(node, folder.path)
    const vkeys = [formatVkey(logVerifier(node.keys.current()))]
    const files = (await filesOf(folder.path)).filter((file) => !file.endsWith('keys'))
    expect(files).toHaveLength(8)

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (file, nth, change) => {
          const bytes = await readFile(file)
          const at = nth % bytes.length
          const touched = Buffer.from(bytes)
          touched[at] = (touched[at] ?? 0) ^ change
          await writeFile(file, touched)
          const given = await verifyLog(folderSource(folder.path), { vkeys })
          const served = await verifyLog(folderSource(folder.path))
          await writeFile(file, bytes)
          expect(given.kind).toBe('wrong')
          expect(served.kind).toBe('wrong')
        },
      ),
      { numRuns: 150 },
    )
    expect((await verifyLog(folderSource(folder.path), { vkeys })).kind).toBe('sound')
  })

  test.each([
    ['a tile that is gone', 'tile/0/001', undefined],
    ['a tile that is cut', 'tile/0/001', (bytes: Buffer) => bytes.subarray(0, 8000)],
    ['a tile that is too long', 'tile/0/001', (bytes: Buffer) => Buffer.concat([bytes, bytes])],
    ['a bundle that is gone', 'tile/entries/002.p/88', undefined],
    ['a bundle that is cut', 'tile/entries/002.p/88', (bytes: Buffer) => bytes.subarray(0, 33)],
    [
      'a bundle with one more',
      'tile/entries/002.p/88',
      (bytes: Buffer) => Buffer.concat([bytes, bytes.subarray(0, 34)]),
    ],
    [
      'a tile above',
      'tile/1/000.p/2',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(32), bytes.subarray(0, 32)]),
    ],
    ['a checkpoint that is gone', 'checkpoint', undefined],
    ['keys of nobody', 'keys', () => Buffer.from('')],
  ])('%s is named', async (_, path, change) => {
    await using node = await aLog()
    await using folder = await aFolder()
    await node.fill(600)
    await node.log.integrate()
    await exported(node, folder.path)
    const file = join(folder.path, path)
    if (change) await writeFile(file, change(await readFile(file)))
    else await rm(file)

    expect(await verifyLog(folderSource(folder.path))).toMatchObject({ kind: 'wrong', path })
  })

  test('a log that was made anew with other keys is found by whoever knows the key', async () => {
    await using node = await aLog()
    await using other = await aLog()
    await using folder = await aFolder()
    await other.fill(3)
    await other.log.integrate()
    await exported(other, folder.path)

    expect((await verifyLog(folderSource(folder.path))).kind).toBe('sound')
    expect(
      await verifyLog(folderSource(folder.path), { vkeys: [formatVkey(logVerifier(node.keys.current()))] }),
    ).toMatchObject({
      kind: 'wrong',
      path: 'checkpoint',
    })
  })
})

/** A real store with own records, its keys and its log. */
async function aVerifiableNode() {
  const opened = await aStore()
  const { store, clock } = opened
  const database = store.database
  const keys = await openKeys({ database, node: durres, clock })
  const log = openLog({ database, node: durres, clock, keys })
  await store.append(
    Array.from({ length: 300 }, (_, n) =>
      aReport({ key: `k${n}`, body: { magnitude: n / 10, title: `no. ${n}` } }),
    ),
  )
  await store.append([aReport({ key: 'k7', body: { magnitude: 9 }, links: [] })])
  await store.append([
    aReport({
      key: 'guarded',
      handling: {
        tlp: 'TLP:AMBER',
        audience: ['tirana.example'],
        embargoUntil: instant('2030-01-01T00:00:00Z'),
      },
    }),
  ])
  await log.integrate()
  return {
    store,
    url: opened.url,
    sql: database,
    log,
    keys,
    verify: () => verifyDatabase({ database, store, log, keys }),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

describe("this node's own database", () => {
  test('verifies', async () => {
    await using node = await aVerifiableNode()

    expect(await node.verify()).toMatchObject({
      kind: 'sound',
      records: 302,
      erased: 0,
      unsigned: 0,
      log: { size: 302 },
    })
  })

  test('verifies with records that are not signed yet, and after an erasure, whose content it cannot compare', async () => {
    await using node = await aVerifiableNode()
    const [first] = await node.store.read({ key: 'k7' })
    await node.store.erase([first?.record.id ?? ('' as never)], { derived: false, reason: 'time is over' })
    await node.store.append([aReport({ key: 'late' })])

    expect(await node.verify()).toMatchObject({ kind: 'sound', records: 301, erased: 2, unsigned: 1 })
  })

  test('verifies with the statements of its keys, appended twice', async () => {
    await using node = await aVerifiableNode()
    await node.keys.rotate(1000)
    const drafts = await node.keys.statements()

    await node.store.append(drafts, { unlessEver: true })
    await node.store.append(drafts, { unlessEver: true })
    await node.log.integrate()

    const held = await node.store.read({ types: ['tlog.key'], versions: 'all' })
    expect(held.map(({ record: { key, version } }) => `${key}@${version}`)).toEqual(
      drafts.map(({ key }, at) => `${key}@${at === 2 ? 2 : 1}`),
    )
    expect((await node.verify()).kind).toBe('sound')
  })

  test('any one byte of a record, its salt, its leaf, or a tile that somebody changed is found', async () => {
    await using node = await aVerifiableNode()
    const { sql } = node
    const bytea = (column: string) =>
      `set_byte(${column}, $2::int % length(${column}), get_byte(${column}, $2::int % length(${column})) # $3::int)`
    const places = [
      `update record set salt = ${bytea('salt')} where (bucket, id, version) = (select bucket, id, version from log where index = $1)`,
      `update record set content_digest = ${bytea('content_digest')} where (bucket, id, version) = (select bucket, id, version from log where index = $1)`,
      `update log set leaf = ${bytea('leaf')} where index = $1`,
      `update tlog_tile set bytes = ${bytea('bytes')} where level = 0 and n = $1::int % 2`,
      `update tlog_tile set bytes = ${bytea('bytes')} where level = 1 and n = $1::int % 1`,
      `update tlog_tree set root = ${bytea('root')} where $1::int >= 0`,
    ]

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.nat(300),
        fc.nat(10_000),
        fc.integer({ min: 1, max: 255 }),
        async (place, index, byte, change) => {
          const touch = () => sql.unsafe(place, [index, byte, change])
          await touch()
          expect((await node.verify()).kind).toBe('wrong')
          await touch()
        },
      ),
      { numRuns: 60 },
    )
    expect((await node.verify()).kind).toBe('sound')
  })

  test('any one character of a record is found', async () => {
    await using node = await aVerifiableNode()
    const { sql } = node

    await fc.assert(
      fc.asyncProperty(
        fc.nat(300),
        fc.nat(),
        fc.constantFrom(...'0aZ ":,{}[]\\é'),
        async (index, nth, character) => {
          const [row] = await sql<{ text: string; ctid: string; id: string; version: number }[]>`
          select r.record::text as text, r.id, r.version
          from log as l join record as r using (bucket, id, version)
          where l.index = ${index}`
          if (row === undefined) throw new Error('no row')
          const at = nth % row.text.length
          const text = row.text.slice(0, at) + character + row.text.slice(at + 1)
          if (text === row.text) return
          const isJson =
            await sql`update record set record = ${text}::text::json where id = ${row.id} and version = ${row.version}`.then(
              () => true,
              () => false,
            )
          if (!isJson) return
          expect((await node.verify()).kind).toBe('wrong')
          await sql`update record set record = ${row.text}::text::json where id = ${row.id} and version = ${row.version}`
        },
      ),
      { numRuns: 60 },
    )
    expect((await node.verify()).kind).toBe('sound')
  })

  test.each([
    ['a record that is gone', "delete from record where key = 'k5'"],
    [
      'a record that nobody logged',
      "insert into record select (r).* from (select jsonb_populate_record(r, '{\"version\": 7}') as r from record as r where key = 'k5') as x",
    ],
    ['a record that is said to be of another type', "update record set type = 'other.type' where key = 'k5'"],
    ['a record that is found by another key', "update record set key = 'k6' where key = 'k5'"],
    ['an index that is gone', 'delete from log where index = 5'],
    ['a log that lost its end', 'delete from log where index >= 290'],
    ['a guard that was weakened', "update record set tlp = 0 where key = 'guarded'"],
    [
      'an audience that was widened',
      "update record set audience = array_append(audience, 'x') where key = 'guarded'",
    ],
    [
      'an embargo that was shortened',
      "update record set embargo_until = embargo_until - interval '1 hour' where key = 'guarded'",
    ],
    ['a record spelled otherwise', "update record set record = (record::text || ' ')::json where key = 'k5'"],
  ])('%s is found', async (_, change) => {
    await using node = await aVerifiableNode()

    await node.sql.unsafe(change)

    expect((await node.verify()).kind).toBe('wrong')
  })

  test("a peer's record is compared with its leaf as it came", async () => {
    await using node = await aVerifiableNode()
    await using peer = await aStore({ node: nodeId('tirana.example') })
    await peer.store.append([aReport({ key: 'theirs' })])
    const [held] = await peer.store.read({ key: 'theirs' })
    const [given] = await peer.store.provenance(held ? [held.record] : [])
    const proof = { index: 0, treeSize: 1, hashes: [], checkpoint: 'a note' }
    const via = nodeId('tirana.example')
    await node.store.receive(given ? [{ parcel: given.parcel, via, proof }] : [])
    await node.log.integrate()

    const whole = await node.verify()
    await node.sql`update provenance set salts = set_byte(salts, 3, get_byte(salts, 3) # 1)`
    const touched = await node.verify()

    expect(whole).toMatchObject({ kind: 'sound', records: 303 })
    expect(touched).toMatchObject({ kind: 'wrong', path: expect.stringContaining(held?.record.id ?? '?') })
  })

  test('verifies after backup and restore, and its log and keys go on', async () => {
    await using node = await aVerifiableNode()
    await using folder = await aFolder()
    await using empty = await emptyDatabase()
    await node.keys.rotate(1000)
    const before = await node.log.integrate()
    const file = join(folder.path, 'node.mosaic')
    await writeBackup({ url: node.url, file, now: instant('2019-11-27T00:00:00Z') })
    await readBackup({ url: empty.url, file })
    const clock = new SettableClock(instant('2019-11-27T00:00:00Z'))
    await using store = await openStore({ url: empty.url, node: durres, clock })
    const { database } = store
    const keys = await openKeys({ database, node: durres, clock })
    const log = openLog({ database, node: durres, clock, keys })
    await openHold({ database, node: durres, clock, keys }).resume([])

    await keys.rotate(1000)
    await store.append([aReport({ key: 'after' })])
    const after = await log.integrate()

    const proof = await log.consistency(before.size, after.size)
    const ends = { from: before.size, to: after.size, rootFrom: before.root, rootTo: after.root }
    expect(verifyConsistency({ ...ends, proof })).toBe(true)
    expect((await verifyDatabase({ database, store, log, keys })).kind).toBe('sound')
  })
})
