import { cellToChildren, cellToParent, latLngToCell } from 'h3-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exercise, type Held, instant, type RecordId } from '../record/index.ts'
import type { Query } from './contract.ts'
import { aReport, aStore, type TestStore } from './store.test-support.ts'

const at = (time: string) => instant(`2019-11-26T${time}Z`)
const durres = latLngToCell(41.51, 19.53, 7)
const tirana = latLngToCell(41.33, 19.82, 7)
const told = (held: readonly Held[]) => held.map(({ record }) => `${record.key} v${record.version}`)

let opened: TestStore
const keys = async (query: Query) => told(await opened.store.read(query))
let mainShock: RecordId

/** As it came: a first report at 02:58, its revision at 03:15, an aftershock, an event about the first, an exercise. */
beforeAll(async () => {
  opened = await aStore()
  const { store } = opened
  const write = async (receivedAt: string, parts: Parameters<typeof aReport>[0]) => {
    const [outcome] = await store.append([aReport(parts)], { receivedAt: at(receivedAt) })
    if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
    return outcome.record.id
  }
  mainShock = await write('02:58:00', { key: 'main', body: { magnitude: 6.2 }, place: { cells: [durres] } })
  await write('03:05:00', {
    key: 'aftershock',
    valid: { from: at('03:02:59'), until: at('03:02:59') },
    place: { cells: [tirana] },
  })
  await write('03:06:00', {
    key: 'event',
    type: 'hazards.event',
    valid: { from: at('02:54:12') },
    links: [{ type: 'derivedFrom', id: mainShock, version: 1 }],
  })
  await write('03:15:00', {
    key: 'main',
    body: { magnitude: 6.4 },
    place: { cells: [cellToParent(durres, 5)] },
  })
  await write('03:20:00', { key: 'drill', realm: exercise('durres-2019') })
})
afterAll(() => opened[Symbol.asyncDispose]())

describe('reading', () => {
  test('gives the newest version of each record, in the order of the log', async () => {
    expect(await keys({})).toEqual(['aftershock v1', 'event v1', 'main v2', 'drill v1'])
    expect(await opened.store.count({})).toBe(4)
  })

  test('gives every version when asked', async () => {
    expect(await keys({ versions: 'all' })).toEqual([
      'main v1',
      'aftershock v1',
      'event v1',
      'main v2',
      'drill v1',
    ])
  })

  test.each<[string, Query, readonly string[]]>([
    ['type', { types: ['hazards.event', 'health.report'] }, ['event v1']],
    ['no type', { types: [] }, []],
    ['realm', { realm: exercise('durres-2019') }, ['drill v1']],
    ['key', { key: 'main' }, ['main v2']],
    ['index after', { after: 2 }, ['main v2', 'drill v1']],
    ['receipt since', { since: at('03:15:00') }, ['main v2', 'drill v1']],
    ['what was so far in the log', { upTo: 2 }, ['main v1', 'aftershock v1', 'event v1']],
    ['what we knew at 03:10', { knownAt: at('03:10:00') }, ['main v1', 'aftershock v1', 'event v1']],
    ['what we knew too early', { knownAt: at('02:57:59') }, []],
    ['validity', { validFrom: at('03:00:00'), validUntil: at('03:10:00') }, ['aftershock v1', 'event v1']],
    ['validity before', { validUntil: at('02:54:11') }, []],
    ['link type', { linkType: 'derivedFrom' }, ['event v1']],
    ['a link type that nobody has', { linkType: 'about' }, []],
    ['a part of the list', { limit: 2 }, ['aftershock v1', 'event v1']],
    ['newest first', { order: '-index', limit: 2 }, ['drill v1', 'main v2']],
    ['latest first', { order: '-valid', types: ['hazards.observation'], limit: 1 }, ['aftershock v1']],
  ])('by %s', async (_, query, expected) => {
    expect(await keys(query)).toEqual(expected)
    expect(await opened.store.count(query)).toBe(expected.length)
  })

  test('by id and by what it links to', async () => {
    expect(await keys({ ids: [mainShock] })).toEqual(['main v2'])
    expect(await keys({ ids: [] })).toEqual([])
    expect(await keys({ linkedTo: [mainShock], linkType: 'derivedFrom' })).toEqual(['event v1'])
    expect(await keys({ linkedTo: ['0'.repeat(40) as RecordId] })).toEqual([])
  })

  test('by cell finds what stands in it, above it and below it, in its newest version only', async () => {
    const [child] = cellToChildren(durres, 9)

    expect(await keys({ cells: [durres] })).toEqual(['main v2'])
    expect(await keys({ cells: [child ?? ''] })).toEqual(['main v2'])
    expect(await keys({ cells: [cellToParent(tirana, 4)] })).toEqual(
      cellToParent(tirana, 4) === cellToParent(durres, 4) ? ['aftershock v1', 'main v2'] : ['aftershock v1'],
    )
    expect(await keys({ cells: [latLngToCell(42.0, 21.43, 7)] })).toEqual([])
    expect(await keys({ cells: [] })).toEqual([])
  })

  test('one record, in its newest version or another', async () => {
    expect(await opened.store.get(mainShock)).toMatchObject({
      index: 3,
      record: { body: { magnitude: 6.4 } },
    })
    expect(await opened.store.get(mainShock, 1)).toMatchObject({
      index: 0,
      record: { body: { magnitude: 6.2 } },
    })
    expect(await opened.store.get(mainShock, 3)).toBeUndefined()
    expect(await opened.store.get('0'.repeat(40) as RecordId)).toBeUndefined()
  })
})
