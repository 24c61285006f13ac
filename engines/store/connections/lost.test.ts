/** What waits for a connection that dies is told so, whatever it waits for; what comes after gets its own answers. */
import { once } from 'node:events'
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { emptyDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { connect, isTransient, type Sql, type Transaction } from '../connect.ts'
import { ConnectionLost, DatabaseClosed } from '../errors.ts'

let database: TestDatabase
let admin: Sql

beforeAll(async () => {
  database = await emptyDatabase()
  admin = connect(database.url, { max: 1 })
  await admin`create table written (at integer primary key)`
})

afterAll(async () => {
  await admin.end()
  await database[Symbol.asyncDispose]()
})

beforeEach(async () => {
  await admin`truncate written`
})

const never = new Promise<never>(() => {})
const failure = (act: Promise<unknown>) =>
  act.then(
    () => 'nothing failed',
    (error: unknown) => error,
  )

describe('a transaction whose connection dies', () => {
  test('ends, though its body waits for something else for ever', async () => {
    await using pool = aPool(1)
    const lost = failure(
      pool.sql.begin(async (tx) => {
        await kill(tx)
        await never
      }),
    )

    expect(await lost).toBeInstanceOf(ConnectionLost)
    expect(isTransient(await lost)).toBe(true)
    expect(await pool.sql`select 7 as it`).toEqual([{ it: 7 }])
  })

  test('ends every statement that it has under way, in the queue of the connection and behind it', async () => {
    await using pool = aPool(1)
    const told: unknown[] = []
    await failure(
      pool.sql.begin(async (tx) => {
        const pid = await pidOf(tx)
        const asked = Array.from({ length: 150 }, (_, at) =>
          failure(at % 2 ? tx`select pg_sleep(${60 + at})` : tx`select pg_sleep(60)`),
        )
        await admin`select pg_terminate_backend(${pid})`
        told.push(...(await Promise.all(asked)))
      }),
    )

    await expect.poll(() => told.length).toBe(150)
    for (const error of told) expect(error).toBeInstanceOf(ConnectionLost)
  })

  test('is over: what its body asks afterwards is refused, and what it was to write is gone', async () => {
    await using pool = aPool(1)
    let later: unknown
    const body = async (tx: Transaction) => {
      await tx`insert into written values (1)`
      await kill(tx)
      await failure(tx`select pg_sleep(60)`)
      await pool.sql`insert into written values (2)` // somebody else has the next connection meanwhile
      later = [
        await failure(tx`insert into written values (3)`),
        await failure(tx.unsafe('insert into written values (4)')),
        await failure(tx.savepoint(async (inner) => inner`insert into written values (5)`)),
      ]
    }

    expect(await failure(pool.sql.begin(body))).toBeInstanceOf(ConnectionLost)
    await expect.poll(() => later).toBeDefined()
    for (const error of later as unknown[]) expect(error).toBeInstanceOf(ConnectionLost)
    expect(await admin`select at from written`).toEqual([{ at: 2 }])
  })

  test('ends in a savepoint too, and the next one is whole', async () => {
    await using pool = aPool(1)
    const lost = pool.sql.begin((tx) =>
      tx.savepoint(async (inner) => {
        await kill(inner)
        return inner`select 1`
      }),
    )

    expect(await failure(lost)).toBeInstanceOf(ConnectionLost)
    await pool.sql.begin(async (tx) => {
      await tx`insert into written values (1)`
      await failure(tx.savepoint((inner) => inner`insert into written values (1)`))
    })
    expect(await admin`select at from written`).toEqual([{ at: 1 }])
  })

  test.for(['before its rows', 'among its rows', 'after its last row'])('ends a COPY %s', async (when) => {
    await using pool = aPool(1)
    const lost = pool.sql.begin(async (tx) => {
      const pid = await pidOf(tx)
      const into = await tx`copy written (at) from stdin`.writable()
      async function* lines() {
        if (when === 'before its rows') await ended(pid)
        yield '1\n'
        if (when === 'among its rows') await ended(pid)
        yield '2\n'
      }
      const copied = pipeline(Readable.from(lines()), into)
      if (when === 'after its last row') into.once('prefinish', () => void ended(pid))
      await copied
      await never
    })

    expect(await failure(lost)).toBeInstanceOf(ConnectionLost)
    expect(await pool.sql`select at from written`).toEqual([])
  })

  test('keeps its place in the pool for those who wait', async () => {
    await using pool = aPool(1)
    const lost = failure(
      pool.sql.begin(async (tx) => {
        await kill(tx)
        await never
      }),
    )
    const waiting = Promise.all([
      pool.sql`select 1 as it`,
      pool.sql.begin((tx) => tx`select 2 as it`),
      pool.sql`select 3 as it`,
    ])

    expect(await lost).toBeInstanceOf(ConnectionLost)
    expect((await waiting).flat().map(({ it }) => it)).toEqual([1, 2, 3])
  })
})

describe('a statement whose connection dies', () => {
  test('fails, and the next gets its own answer, whole', async () => {
    await using pool = aPool(1)
    const rows = (many: number) => pool.sql`
      select n, case when n = ${many} then pg_terminate_backend(pg_backend_pid()) end as ended, repeat('x', 1000) as long
      from generate_series(1, ${many + 1000}) as n`

    expect(await failure(rows(500))).toBeInstanceOf(ConnectionLost)
    expect(await pool.sql`select 1 as it`).toEqual([{ it: 1 }])
  })

  test('may be a COPY, which then breaks off', async () => {
    await using pool = aPool(1)
    const stream = await pool.sql`
      copy (select repeat('x', 10000), case when n = 500 then pg_terminate_backend(pg_backend_pid()) end
      from generate_series(1, 10000) as n) to stdout`.readable()

    expect(await failure(stream.toArray())).toBeInstanceOf(ConnectionLost)
    expect(await pool.sql`select 1 as it`).toEqual([{ it: 1 }])
  })

  test('fails with a connection that is reset as with one that is ended', async () => {
    await using link = await aLink()
    await using pool = aPool(2, link.url)
    for (let n = 0; n < 20; n++) {
      const asked = [0, 1].map(() => failure(pool.sql`select pg_sleep(60)`))
      await link.carries(2)
      link.reset()

      for (const error of await Promise.all(asked)) expect(isTransient(error)).toBe(true)
      expect(await pool.sql`select ${n}::int as it`).toEqual([{ it: n }])
      link.reset()
      await failure(pool.sql`select 1`) // may be given to a connection that nobody has seen die yet
    }
  })

  test('that no server answers fails at once, first and later', async () => {
    await using deaf = await aServer((socket) => socket.destroy())
    await using pool = aPool(2, deaf.url)

    for (let n = 0; n < 3; n++) {
      const [one, two] = await Promise.all([
        failure(pool.sql`select 1`),
        failure(pool.sql.begin((tx) => tx`select 1`)),
      ])
      expect([isTransient(one), isTransient(two)]).toEqual([true, true])
    }
    await pool.sql.end()
  })

  test('that the server refuses by name says so, also where a connection was lost before', async () => {
    const gone = await emptyDatabase()
    await using pool = aPool(1, gone.url)
    const asked = failure(pool.sql`select pg_sleep(60)`)
    await expect
      .poll(
        () =>
          admin`select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and datname = ${nameOf(gone.url)}`,
      )
      .toHaveLength(1)
    await gone[Symbol.asyncDispose]()

    expect(await asked).toBeInstanceOf(ConnectionLost)
    expect(await failure(pool.sql`select 1`)).toMatchObject({ code: '3D000' })
  })
})

describe('a pool', () => {
  test('opens no more than it may, whatever dies', async () => {
    await using alone = await emptyDatabase()
    await using pool = aPool(3, alone.url)
    const many = Array.from({ length: 60 }, (_, at) =>
      pool.sql.begin(async (tx) => {
        if (at % 5 === 0) await kill(tx)
        const [row] = await tx<{ open: number }[]>`
          select count(*)::int as open from pg_stat_activity where datname = current_database()`
        return row?.open ?? 0
      }),
    )

    const said = await Promise.allSettled(many)

    expect(said.filter(({ status }) => status === 'rejected')).toHaveLength(12)
    expect(Math.max(...said.map((one) => (one.status === 'fulfilled' ? one.value : 0)))).toBe(3)
  })

  test('ends after what is under way, and refuses what comes later', async () => {
    const sql = connect(database.url, { max: 1 })
    const asked = Promise.all([sql`select pg_sleep(0.05)`, sql`select 1 as it`])
    await sql.end()

    expect((await asked)[1]).toEqual([{ it: 1 }])
    expect(await failure(sql`select 1`)).toBeInstanceOf(DatabaseClosed)
    expect(await failure(sql.begin((tx) => tx`select 1`))).toBeInstanceOf(DatabaseClosed)
  })

  test('ends though connections died, and tells who waits too long', async () => {
    const sql = connect(database.url, { max: 1 })
    await failure(sql.begin(kill))
    const slow = failure(sql`select pg_sleep(60)`)
    const behind = failure(sql`select 1`)
    await sql.end({ timeout: 0 })

    expect(await slow).toBeInstanceOf(ConnectionLost)
    expect(await behind).toBeInstanceOf(DatabaseClosed)
  })

  test('that listens hears again after its connection died, and is told to look', async () => {
    await using pool = aPool(1)
    const heard: string[] = []
    let listening = 0
    const onListen = () => {
      listening += 1
    }
    const { unlisten } = await pool.sql.listen('a "bell"', (payload) => heard.push(payload), onListen)
    for (let n = 1; n <= 3; n++) {
      await admin`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`
      await expect.poll(() => listening, { timeout: 10_000 }).toBe(n + 1)
      await pool.sql.notify('a "bell"', String(n))
      await expect.poll(() => heard.at(-1)).toBe(String(n))
    }
    await unlisten()
    await pool.sql.notify('a "bell"', 'unheard')

    expect(heard).toEqual(['1', '2', '3'])
  })

  test('tells of rows that the server refuses after the last one', async () => {
    await using pool = aPool(1)
    const copy = pool.sql.begin(async (tx) => {
      await tx`create table late (at integer, unique (at) deferrable initially immediate)`
      await pipeline(Readable.from(['1\n1\n']), await tx`copy late (at) from stdin`.writable())
    })

    expect(await failure(copy)).toMatchObject({ code: '23505' })
    expect(await pool.sql`select 1 as it`).toEqual([{ it: 1 }])
  })
})

function aPool(max: number, url = database.url) {
  const sql = connect(url, { max })
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 0 }) }
}

async function pidOf(tx: Transaction): Promise<number> {
  const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
  return row?.pid ?? 0
}

const kill = async (tx: Transaction) => ended(await pidOf(tx))

/** Gone from the server, which tells us before or after. */
async function ended(pid: number): Promise<void> {
  await admin`select pg_terminate_backend(${pid}, 10000)`
}

const nameOf = (url: string) => new URL(url).pathname.slice(1)

async function aServer(serve: (socket: Socket) => void) {
  const server = createServer(serve).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(database.url)
  url.port = String((server.address() as AddressInfo).port)
  return { url: url.href, [Symbol.asyncDispose]: async () => void server.close() }
}

/** A way to the database that can be reset. */
async function aLink() {
  const pairs: [Socket, Socket][] = []
  const { hostname, port } = new URL(database.url)
  const server = await aServer((near) => {
    const far = connectSocket(Number(port), hostname)
    pairs.push([near, far])
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.pipe(to)
      from.on('error', () => to.destroy())
    }
  })
  return {
    ...server,
    carries: (many: number) => expect.poll(() => pairs.length).toBe(many),
    reset() {
      for (const [near, far] of pairs.splice(0)) {
        near.resetAndDestroy()
        far.destroy()
      }
    },
  }
}
