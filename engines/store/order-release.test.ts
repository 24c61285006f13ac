import { describe, expect, test } from 'vitest'
import {
  actual,
  clear,
  createRegistry,
  type Handling,
  type MosaicRecord,
  nodeId,
  plusMs,
  recordRelease,
} from '../record/index.ts'
import type { Store } from './contract.ts'
import { orderRelease, type ReleaseOrder } from './order-release.ts'
import { aPeerRecord, arriving, skopje } from './receive.test-support.ts'
import { aReport, aStore, atMainShock } from './store.test-support.ts'

const node = nodeId('durres.example')
const by = { kind: 'person', name: 'Besa Hoxha' } as const
const amber: Handling = { tlp: 'TLP:AMBER' }

async function aNode() {
  const opened = await aStore({ node, registry: createRegistry([recordRelease]) })
  const { store } = opened
  const write = async (key: string, parts: Partial<Parameters<typeof aReport>[0]> = {}) => {
    const [outcome] = await store.append([aReport({ key, handling: amber, ...parts })])
    if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
    return outcome.record
  }
  const order = (records: readonly MosaicRecord[], parts: Partial<ReleaseOrder> = {}) =>
    orderRelease(
      { store, node, now: atMainShock },
      {
        ...{ as: clear, because: 'agreed', by },
        what: { kind: 'records', ids: records.map(({ id }) => id) },
        ...parts,
      },
    )
  return { store, write, order, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
}

const releases = (store: Store) => store.read({ types: [recordRelease.type], versions: 'all' })

describe('a release that is ordered', () => {
  test('is handled as what it releases, so only who may have that learns of it: one for each handling', async () => {
    await using durres = await aNode()
    const records = [
      await durres.write('a'),
      await durres.write('b'),
      await durres.write('c', { handling: { tlp: 'TLP:RED' } }),
    ]

    const outcome = await durres.order(records)

    const made = outcome.kind === 'released' ? outcome.releases : []
    expect(made.map(({ handling, links }) => [handling.tlp, links.length]).sort()).toEqual([
      ['TLP:AMBER', 2],
      ['TLP:RED', 1],
    ])
    expect(made[0]).toMatchObject({ origin: node, producer: by, body: { as: clear, because: 'agreed' } })
  })

  test('names the version that stands, or every one where it is told so', async () => {
    await using durres = await aNode()
    await durres.write('a')
    const second = await durres.write('a', { body: { magnitude: 6.2 } })

    const one = await durres.order([second])
    const every = await durres.order([second], {
      what: { kind: 'records', ids: [second.id], everyVersion: true },
    })

    expect([one, every]).toMatchObject([
      { releases: [{ links: [{ id: second.id, version: 2 }] }] },
      { releases: [{ links: [{ type: 'releases', id: second.id }] }] },
    ])
  })

  test('again is the next version of the same, so a narrower one ends the wider; after a recall it is another', async () => {
    await using durres = await aNode()
    const record = await durres.write('a')
    await durres.order([record])
    await durres.order([record], { as: { tlp: 'TLP:GREEN' } })
    const [first, narrowed] = await releases(durres.store)
    if (first === undefined) throw new Error('no release')
    await durres.write('r', { type: 'exchange.recall', links: [{ type: 'recalls', id: first.record.id }] })

    await durres.order([record])

    const all = await releases(durres.store)
    expect(narrowed?.record).toMatchObject({ id: first.record.id, version: 2 })
    expect(all.map(({ record: { version } }) => version)).toEqual([1, 2, 1])
    expect(new Set(all.map(({ record: { id } }) => id)).size).toBe(2)
  })

  test('is in force for a node whose clock is a little behind, and ends when it was told to', async () => {
    await using durres = await aNode()
    const until = plusMs(atMainShock, 60_000)

    await durres.order([], {
      what: { kind: 'standing', types: ['hazards.*'], upTo: 'TLP:AMBER', realm: actual },
      until,
    })

    expect(
      (await releases(durres.store)).map(({ record: { valid, handling } }) => [valid, handling]),
    ).toEqual([[{ from: plusMs(atMainShock, -600_000), until }, clear]])
  })
})

test('a release that would let nothing out is refused with its reason, and nothing is written', async () => {
  await using durres = await aNode()
  const theirs = aPeerRecord({ handling: amber })
  await durres.store.receive([arriving(theirs)])
  const derived = await durres.write('derived', {
    handling: clear,
    links: [{ type: 'derivedFrom', id: theirs.id, version: 1 }],
  })
  const open = await durres.write('open', { handling: clear })
  const own = await durres.write('own')
  const unknown = { ...own, id: 'f'.repeat(40) as never }

  const reasons = [
    await durres.order([theirs]),
    await durres.order([derived]),
    await durres.order([open]),
    await durres.order([own], { as: { tlp: 'TLP:RED' } }),
    await durres.order([own, unknown]),
  ].map((outcome) => (outcome.kind === 'refused' ? outcome.reason : outcome))

  expect(reasons).toEqual([
    { code: 'release/not-ours', id: theirs.id, origin: skopje },
    { code: 'release/restricted-elsewhere', id: derived.id, origins: [skopje] },
    { code: 'release/not-restricted', id: open.id },
    { code: 'release/not-less', id: own.id, handling: amber },
    { code: 'release/not-held', ids: [unknown.id] },
  ])
  expect(await releases(durres.store)).toEqual([])
})
