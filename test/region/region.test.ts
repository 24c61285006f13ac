/** Five real nodes, each with its own database, in a ring of bad lines, each bad in its own way. */
import { expect, test } from 'vitest'
import { actual, exercise } from '../../engines/record/index.ts'
import type { Faults } from '../support/faulty-link.ts'
import { aRegion, everything, type RegionNode } from './region.test-support.ts'

const names = ['bar.example', 'durres.example', 'ohrid.example', 'skopje.example', 'tirana.example']
const drill = exercise('drill-2026')
const terms = { gives: everything.map((rule) => ({ ...rule, realms: [actual, drill] })) }

const faults: readonly Faults[] = [
  { delayMs: 60, jitterMs: 200 },
  { cutAfterBytes: 4000, cutShare: 0.5 },
  { stallAfterBytes: 3000, stallMs: 500 },
  { bytesPerSecond: 40_000 },
  {},
]

test('five nodes in a ring of lines that delay, stall, cut, throttle and repeat: each holds all once, drills stay drills', async () => {
  await using region = await aRegion(names)
  const { nodes } = region
  const next = (node: RegionNode) => nodes[(nodes.indexOf(node) + 1) % nodes.length] as RegionNode
  for (const node of nodes) await region.join(node, next(node), terms)
  for (const [at, line] of region.lines().entries()) line.set(faults[at % faults.length] ?? {})
  for (const node of nodes) node.live()
  const [bar] = nodes as [RegionNode]

  for (const node of nodes) await node.write({ key: `report of ${node.name}` })
  for (const node of nodes) await node.write({ key: `drill of ${node.name}`, realm: drill })
  await region.until('the first reports are everywhere', async () => (await bar.held()).length >= 6)
  await bar.away()
  for (const node of nodes) if (node !== bar) await node.write({ key: `later report of ${node.name}` })
  for (const line of region.lines())
    for (const bytes of line.recorded().slice(0, 5)) await line.replay(bytes).catch(() => {}) // to a node that is away
  for (const line of region.lines()) line.set({ delayMs: 10 })
  await bar.back()
  const isWhole = async (node: RegionNode) => (await node.held()).length === 14
  await region.until('everybody has everything', async () =>
    (await Promise.all(nodes.map(isWhole))).every(Boolean),
  )

  const all = (await bar.held()).toSorted()
  expect(new Set(all).size).toBe(14)
  for (const node of nodes) {
    expect((await node.held()).toSorted()).toEqual(all)
    for (const { record } of await node.records())
      expect([record.key, record.realm]).toEqual([
        record.key,
        record.key.startsWith('drill') ? drill : actual,
      ])
    expect(await node.quarantined()).toEqual([])
  }
}, 60_000)
