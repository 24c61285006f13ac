import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import {
  createRegistry,
  defineRecord,
  exercise,
  type Handling,
  leafOf,
  type MosaicRecord,
  parseRecordId,
  plusMs,
  recordId,
} from '../record/index.ts'
import { connect } from './connect.ts'
import type { Appended } from './contract.ts'
import { aReport, aStore, atMainShock } from './store.test-support.ts'

const recordsOf = (outcomes: readonly Appended[]): readonly MosaicRecord[] =>
  outcomes.map((outcome) => {
    if (outcome.kind === 'refused') throw new Error(JSON.stringify(outcome.reason))
    if (outcome.kind === 'held-back') throw new Error('held back')
    return outcome.record
  })
const derived = (key: string, inputs: readonly MosaicRecord[], parts = {}) =>
  aReport({
    type: 'hazards.event',
    key,
    attribution: [],
    links: inputs.map(({ id, version }) => ({ type: 'derivedFrom', id, version })),
    ...parts,
  })

describe('appending', () => {
  test('the same report again writes nothing; a revision is the next version', async () => {
    await using opened = await aStore()
    const { store } = opened

    const outcomes = [
      ...(await store.append([aReport()])),
      ...(await store.append([aReport()])),
      ...(await store.append([aReport({ body: { magnitude: 6.3 } })])),
    ]

    expect(outcomes.map(({ kind }) => kind)).toEqual(['appended', 'unchanged', 'appended'])
    expect(recordsOf(outcomes).map(({ version }) => version)).toEqual([1, 1, 2])
    expect(await store.head()).toBe(1)
  })

  test('several revisions in one batch apply in their order', async () => {
    await using opened = await aStore()

    const outcomes = await opened.store.append(
      [6.4, 6.4, 6.3, 6.4].map((magnitude) => aReport({ body: { magnitude } })),
    )

    expect(outcomes.map(({ kind }) => kind)).toEqual(['appended', 'unchanged', 'appended', 'appended'])
    expect(recordsOf(outcomes).map(({ version }) => version)).toEqual([1, 1, 2, 3])
    expect((await opened.store.read({ versions: 'all' })).map(({ record }) => record.version)).toEqual([
      1, 2, 3,
    ])
  })

  test("an old report that a source's cache gives out again changes nothing, when asked so", async () => {
    await using opened = await aStore()
    const { store } = opened
    await store.append([aReport({ body: { magnitude: 6.2 } })])
    await store.append([aReport({ body: { magnitude: 6.4 } })])

    const [replayed] = await store.append([aReport({ body: { magnitude: 6.2 } })], { unlessEver: true })
    const [back] = await store.append([aReport({ body: { magnitude: 6.2 } })])

    expect(replayed).toMatchObject({ kind: 'unchanged', record: { version: 1, body: { magnitude: 6.2 } } })
    expect(back).toMatchObject({ kind: 'appended', record: { version: 3 } })
  })

  test('a broken draft is refused with its issues and does not hold up the others', async () => {
    const body = Type.Object({ magnitude: Type.Number() })
    const registry = createRegistry([defineRecord({ type: 'hazards.observation', schemaVersion: 1, body })])
    await using opened = await aStore({ registry })

    const outcomes = await opened.store.append([
      aReport({ key: '' }),
      aReport({ key: 'us1' }),
      aReport({ key: 'us2', body: { magnitude: 'strong' } }),
      aReport({ key: 'us3', body: { magnitude: 1, note: 'x'.repeat(1_048_576) } }),
      aReport({ key: 'us4', type: 'unknown.type', body: 'whatever' }),
    ])

    expect(outcomes).toMatchObject([
      { kind: 'refused', reason: { code: 'record/invalid', issues: [{ place: '/key' }] } },
      { kind: 'appended' },
      { kind: 'refused', reason: { code: 'record/invalid', issues: [{ place: '/body/magnitude' }] } },
      { kind: 'refused', reason: { code: 'record/invalid', issues: [{ rule: 'record/too-large' }] } },
      { kind: 'appended', record: { schemaVersion: 1 } },
    ])
    expect(await opened.store.head()).toBe(1)
  })

  test('every odd character of every script comes back as it went in', async () => {
    await using opened = await aStore()
    const body = {
      text: 'tab\t line\n return\r back\\slash \\N \\. "quotes" Ђ đ ü Ελλάδα \u2028 😀',
      '\\': '\u0001',
    }

    await opened.store.append([aReport({ key: 'a\tb\\c\nd', body })])

    expect(await opened.store.read({ key: 'a\tb\\c\nd' })).toMatchObject([{ record: { body } }])
  })

  test('ids of a confidential type cannot be computed from their key', async () => {
    const registry = createRegistry([
      defineRecord({ type: 'arms.weapon', schemaVersion: 1, body: Type.Unknown(), confidential: true }),
    ])
    await using opened = await aStore({ registry, secret: new Uint8Array(32).fill(3) })

    const [record] = recordsOf(await opened.store.append([aReport({ type: 'arms.weapon', key: 'serial 1' })]))

    expect(record?.id).not.toBe(
      recordId(record?.origin as never, 'arms.weapon', 'serial 1', record?.realm as never),
    )
    expect(recordsOf(await opened.store.append([aReport({ type: 'arms.weapon', key: 'serial 1' })]))).toEqual(
      [record],
    )
  })

  test('the leaf of each record is in the log, and its salt proves it', async () => {
    await using opened = await aStore({ salts: () => new Uint8Array(32).fill(7) })
    const [record] = recordsOf(await opened.store.append([aReport()]))

    const sql = connect(opened.url, { max: 1 })
    const [row] = await sql`select encode(leaf, 'hex') as leaf from log where index = 0`
    await sql.end()

    expect(row?.leaf).toBe(leafOf(record as MosaicRecord, new Uint8Array(32).fill(7)))
  })

  test('the same drafts at the same time with the same salts are the same rows in any database', async () => {
    const rowsOf = async () => {
      await using opened = await aStore({ salts: (id) => Buffer.from(id.slice(0, 32)) })
      await opened.store.append([aReport({ key: 'us1' }), aReport({ key: 'us2' })])
      const sql = connect(opened.url, { max: 1 })
      const rows =
        await sql`select r.*, r.record::text as text, l.leaf from log as l join record as r using (bucket, id, version)`
      await sql.end()
      return [...rows]
    }

    expect(await rowsOf()).toEqual(await rowsOf())
  })
})

describe('what is derived', () => {
  const labelled = (key: string, handling: Handling, credit = 'USGS') =>
    aReport({ key, handling, attribution: [{ source: credit, licence: 'open', credit }] })

  test('carries the strictest handling and every credit line of its inputs', async () => {
    await using opened = await aStore()
    const inputs = recordsOf(
      await opened.store.append([
        labelled('a', { tlp: 'TLP:GREEN', audience: ['al', 'me'] }, 'USGS'),
        labelled('b', { tlp: 'TLP:AMBER', audience: ['mk', 'me'] }, 'EMSC'),
      ]),
    )

    const [event] = recordsOf(
      await opened.store.append([derived('e', inputs, { handling: { tlp: 'TLP:CLEAR' } })]),
    )

    expect(event?.handling).toEqual({ tlp: 'TLP:AMBER', audience: ['me'] })
    expect(event?.attribution.map(({ credit }) => credit)).toEqual(['EMSC', 'USGS'])
  })

  test('from inputs that share no audience is refused', async () => {
    await using opened = await aStore()
    const inputs = recordsOf(
      await opened.store.append([
        labelled('a', { tlp: 'TLP:AMBER', audience: ['al'] }),
        labelled('b', { tlp: 'TLP:AMBER', audience: ['mk'] }),
      ]),
    )

    const outcomes = await opened.store.append([derived('e', inputs)])

    expect(outcomes).toEqual([
      { kind: 'refused', reason: { code: 'handling/join-to-nobody', inputs: inputs.map(({ id }) => id) } },
    ])
  })

  test('from a record that stays at home stays at home', async () => {
    await using opened = await aStore()
    const inputs = recordsOf(await opened.store.append([labelled('a', { tlp: 'TLP:RED', audience: [] })]))

    expect(recordsOf(await opened.store.append([derived('e', inputs)]))).toMatchObject([
      { handling: { tlp: 'TLP:RED', audience: [] } },
    ])
  })

  test('never leaves the realm of its inputs, so an exercise cannot become real', async () => {
    await using opened = await aStore()
    const realm = exercise('durres-2019')
    const inputs = recordsOf(await opened.store.append([aReport({ realm })]))

    expect(await opened.store.append([derived('e', inputs)])).toMatchObject([
      { kind: 'refused', reason: { code: 'record/realms-crossed', inputs: [inputs[0]?.id] } },
    ])
    expect(await opened.store.append([derived('e', inputs, { realm })])).toMatchObject([{ kind: 'appended' }])
  })

  test('from a record, or a version, that is not held is refused', async () => {
    await using opened = await aStore()
    const inputs = recordsOf(await opened.store.append([aReport()]))
    const later = inputs.map((record) => ({ ...record, version: 2 }))

    expect(await opened.store.append([derived('e', later)])).toMatchObject([
      { kind: 'refused', reason: { code: 'record/input-missing' } },
    ])
  })

  test('may come from an earlier draft of the same batch, and from the newest version where none is named', async () => {
    await using opened = await aStore()
    const report = labelled('a', { tlp: 'TLP:AMBER' })
    const [{ id } = { id: '' as never }] = recordsOf(await opened.store.append([aReport({ key: 'a' })]))

    const outcomes = await opened.store.append([
      report,
      derived('e', [], { links: [{ type: 'derivedFrom', id }] }),
      derived('f', [], { links: [{ type: 'derivedFrom', id, version: 1 }] }),
      derived('g', [], { links: [{ type: 'derivedFrom', id, version: 2 }] }),
    ])

    expect(recordsOf(outcomes).map(({ handling }) => handling.tlp)).toEqual([
      'TLP:AMBER',
      'TLP:AMBER',
      'TLP:CLEAR',
      'TLP:AMBER',
    ])
  })
})

describe('many writers at once', () => {
  test('give every record one version number and one place in an unbroken log, and no reader misses one', async () => {
    await using opened = await aStore()
    const writers = [opened.store, await opened.beside(), await opened.beside()]
    const seen: number[] = []
    const stop = new AbortController()
    const total = 3 * 20 * 3
    const reading = (async () => {
      for await (const batch of opened.store.follow({ after: -1, batch: 7, signal: stop.signal })) {
        seen.push(...batch.map(({ index }) => index))
        if (seen.length >= total) stop.abort()
      }
    })()

    await Promise.all(
      writers.map(async (store, writer) => {
        for (let round = 0; round < 20; round++)
          await store.append([
            aReport({ key: 'contested', body: { writer, round } }),
            aReport({ key: `contested ${round % 3}`, body: { writer, round } }),
            aReport({ key: `own ${writer} ${round}` }),
          ])
      }),
    )
    await reading

    expect(seen).toEqual(Array.from({ length: total }, (_, index) => index))
    const contested = await opened.store.read({ key: 'contested', versions: 'all' })
    expect(contested.map(({ record }) => record.version)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1))
  })

  test('a batch of thousands is written whole', async () => {
    await using opened = await aStore()
    const drafts = Array.from({ length: 2_500 }, (_, n) => aReport({ key: `us${n}` }))

    const outcomes = await opened.store.append(drafts, { receivedAt: plusMs(atMainShock, 5) })

    expect(outcomes.every(({ kind }) => kind === 'appended')).toBe(true)
    expect(await opened.store.count({ knownAt: plusMs(atMainShock, 5) })).toBe(2_500)
    expect(await opened.store.head()).toBe(2_499)
  })

  test('what a killed process committed without an index is in the log after the next opening', async () => {
    await using opened = await aStore()
    await opened.store.append([aReport()])
    const sql = connect(opened.url, { max: 1 })
    await sql`
      with taken as (delete from log returning *)
      insert into pending (buckets, ids, versions, leaves)
      select array[bucket], array[id], array[version], array[leaf] from taken`
    await sql`update log_head set next_index = 0`
    await sql.end()

    expect(await (await opened.beside()).read({})).toMatchObject([{ index: 0 }])
  })
})

describe('a turn of a reactor', () => {
  const turn = { reactor: 'fuse/test@actual', from: -1, to: 4 }

  test('moves the checkpoint with what it appends', async () => {
    await using open = await aStore()

    await open.store.append([aReport()], { turn })

    expect(await open.store.checkpoints.get(turn.reactor)).toBe(4)
    expect(await open.store.head()).toBe(0)
  })

  test('is taken once: who comes second writes nothing', async () => {
    await using open = await aStore()
    const other = await open.beside()
    const turns = [open.store, other].map((store, at) =>
      store.append([aReport({ key: `by-${at}` })], { turn }),
    )

    const outcomes = await Promise.allSettled(turns)

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find((one) => one.status === 'rejected')?.reason).toMatchObject({
      code: 'store/turn-taken',
    })
    expect(await open.store.head()).toBe(0)
  })

  test('in which one draft is refused writes none of them and moves nothing', async () => {
    await using open = await aStore()
    const missing = { type: 'derivedFrom', id: parseRecordId('f'.repeat(40)), version: 1 } as const

    const outcomes = await open.store.append([aReport(), aReport({ key: 'b', links: [missing] })], { turn })

    expect(outcomes.map(({ kind }) => kind)).toEqual(['held-back', 'refused'])
    expect(await open.store.checkpoints.get(turn.reactor)).toBe(-1)
    expect(await open.store.head()).toBe(-1)
  })
})
