import { describe, expect, test } from 'vitest'
import { emptyDatabase } from '../../test/support/database.ts'
import { type MosaicRecord, nodeId, SettableClock } from '../record/index.ts'
import { connect } from './connect.ts'
import { renewIncarnation } from './identity.ts'
import { openStore } from './open-store.ts'
import { aReport, aStore, atMainShock } from './store.test-support.ts'

describe('a record in the store', () => {
  test('is found again by index, by id and by what it is, as it was written', async () => {
    await using opened = await aStore()
    const { store } = opened

    const [outcome] = await store.append([aReport()])

    const record = outcome?.kind === 'appended' ? outcome.record : undefined
    const held = { index: 0, record, receivedAt: '2019-11-26T02:54:12.000Z' }
    expect(await store.head()).toBe(0)
    expect(await store.get((record as MosaicRecord).id)).toEqual(held)
    expect(await store.read({ types: ['hazards.observation'] })).toEqual([held])
  })
})

describe('a node on its database', () => {
  test('keeps its name and incarnation over a restart, and takes another incarnation after a restore', async () => {
    await using opened = await aStore()
    const again = await opened.beside()
    const sql = connect(opened.url, { max: 1 })
    const renewed = await renewIncarnation(sql)
    await sql.end()

    const restored = await opened.beside()

    expect(again.identity).toEqual(opened.store.identity)
    expect(restored.identity).toEqual({ node: 'durres.example', incarnation: renewed })
    expect(renewed).not.toBe(opened.store.identity.incarnation)
  })

  test("refuses another node's database", async () => {
    await using opened = await aStore()

    await expect(opened.beside({ node: nodeId('skopje.example') })).rejects.toMatchObject({
      code: 'store/other-node',
    })
  })

  test('lets a scenario write beside it with an origin of its own', async () => {
    await using opened = await aStore()
    const identity = { node: 'exercise.example', incarnation: 'one' }

    const guest = await opened.beside({ node: nodeId('exercise.example'), identity })
    const [outcome] = await guest.append([aReport()])

    expect(outcome).toMatchObject({ record: { origin: 'exercise.example' } })
    expect(guest.identity).toEqual(identity)
    expect((await opened.beside()).identity.node).toBe('durres.example')
  })

  test('says how far its clock stands behind what it received', async () => {
    await using opened = await aStore()
    await opened.store.append([aReport()], { receivedAt: '2019-11-26T03:54:12.000Z' as typeof atMainShock })

    expect((await opened.beside()).clockBehindMs).toBe(3_600_000)
    expect(opened.store.clockBehindMs).toBe(0)
  })

  test('is set up by several processes that start at once on an empty database', async () => {
    await using database = await emptyDatabase()
    const settings = {
      url: database.url,
      node: nodeId('durres.example'),
      clock: new SettableClock(atMainShock),
      connections: 1,
    }

    const stores = await Promise.all([1, 2, 3].map(() => openStore(settings)))

    expect(new Set(stores.map(({ identity }) => identity.incarnation)).size).toBe(1)
    for (const store of stores) await store[Symbol.asyncDispose]()
  })

  test('closes once, however often it is told to', async () => {
    await using opened = await aStore()

    await Promise.all([opened.store[Symbol.asyncDispose](), opened.store[Symbol.asyncDispose]()])
    await opened.store[Symbol.asyncDispose]()

    await expect(opened.store.head()).rejects.toThrow()
  })
})
