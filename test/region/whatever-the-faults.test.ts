/**
 * Whatever happens to lines and nodes: when the links return, every node holds exactly what its rules entitle it to, once,
 * in the order of its origin. Regions of three to five real nodes, stories drawn at random (`story.ts`), and an oracle of
 * its own (`oracle.ts`) that says who must and who may hold what.
 *
 * A few stories by default, always the same; many, each time others, with MOSAIC_LONG.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordId } from '../../engines/record/index.ts'
import type { RegionNode } from './node.test-support.ts'
import { isWithdrawn, mayHold, mustHold, type World } from './oracle.ts'
import { aRegion, type Region } from './region.test-support.ts'
import { anyStory, calmStory, type Story } from './story.ts'
import { names, type Teller, tell } from './telling.ts'

const isLong = process.env['MOSAIC_LONG'] !== undefined
const runs = (few: number, many: number) =>
  isLong ? { numRuns: many, endOnFailure: true } : { numRuns: few, seed: 2026, endOnFailure: true }
const timeoutMs = isLong ? 3_600_000 : 120_000

/** `key@version` of each record with the node's leave to hold it. */
async function contentsOf(node: RegionNode): Promise<readonly string[]> {
  return [...(await node.held())].sort()
}

const expectedAt = (world: World, node: RegionNode, holders: typeof mustHold): readonly string[] =>
  world.written
    .filter((record) => holders(world, record).has(node.name))
    .flatMap(({ key, versions }) => Array.from({ length: versions }, (_, n) => `${key}@${n + 1}`))
    .sort()

async function isComplete(region: Region, teller: Teller): Promise<boolean> {
  const world = teller.world()
  for (const node of region.nodes) {
    const held = new Set(await node.held())
    const may = new Set(expectedAt(world, node, mayHold))
    if (!expectedAt(world, node, mustHold).every((name) => held.has(name))) return false
    if (![...held].every((name) => may.has(name))) return false
  }
  for (const { origin, recall } of teller.recalls())
    if ((await region.node(origin).trust().recalls.state(recall))?.isComplete !== true) return false
  return true
}

async function checkContents({ nodes }: Region, world: World): Promise<void> {
  for (const node of nodes) {
    const held = await contentsOf(node)
    const must = expectedAt(world, node, mustHold)
    const may = expectedAt(world, node, mayHold)
    expect(new Set(held).size, `${node.name} holds each once`).toBe(held.length)
    expect(
      held.filter((name) => !may.includes(name)),
      `${node.name} holds nothing that it may not`,
    ).toEqual([])
    expect(
      must.filter((name) => !held.includes(name)),
      `${node.name} lacks nothing`,
    ).toEqual([])
    expect(await node.quarantined(), `${node.name} has nothing in quarantine`).toEqual([])
    const realms = new Map(world.written.map(({ id, realm }) => [id, realm]))
    for (const { record } of await node.records()) expect(record.realm).toBe(realms.get(record.id))
    const all = await node.store().read({ versions: 'all', erased: true })
    expect(all.map(({ index }) => index)).toEqual(all.map((_, at) => at))
  }
}

async function hadIt(node: RegionNode, id: RecordId): Promise<boolean> {
  return (await node.store().read({ ids: [id], versions: 'all', erased: true })).length > 0
}

/** Whoever has or had it has answered, and nobody has the content of what was withdrawn. */
async function checkRecalls({ nodes, node: nodeOf }: Region, teller: Teller): Promise<void> {
  const world = teller.world()
  for (const { target, origin, recall } of teller.recalls()) {
    const state = await nodeOf(origin).trust().recalls.state(recall)
    const confirmed =
      state?.holders.filter((holder) => holder.confirmed !== undefined).map(({ node }) => node) ?? []
    for (const node of nodes.filter(({ name }) => name !== origin))
      if (await hadIt(node, target)) expect(confirmed).toContain(node.name)
  }
  for (const record of world.written.filter((one) => isWithdrawn(world, one)))
    for (const node of nodes) expect(await node.holds(record.id)).toBe(false)
}

async function play(story: Story, check: (region: Region, teller: Teller) => Promise<void>): Promise<void> {
  await using region = await aRegion(names.slice(0, story.count))
  const teller = await tell(region, story)
  await teller.play(story.steps)
  await teller.end()
  await region
    .until('everybody has what is theirs', () => isComplete(region, teller), 60_000)
    .catch(async (error) => {
      await checkContents(region, teller.world()) // says more plainly what is missing
      throw error
    })
  await checkContents(region, teller.world())
  await check(region, teller)
}

/** Between any two nodes there is one way only, so what an origin wrote comes in its order. */
async function checkOrder({ nodes }: Region): Promise<void> {
  for (const origin of nodes) {
    const written = (await origin.records()).filter(({ record }) => record.origin === origin.name)
    const order = written.map(({ record: { key, version } }) => `${key}@${version}`)
    for (const node of nodes) {
      const held = (await node.records()).filter(({ record }) => record.origin === origin.name)
      const names = held.map(({ record: { key, version } }) => `${key}@${version}`)
      expect(names).toEqual(order.filter((name) => names.includes(name)))
    }
  }
}

describe('when the links return, every node holds exactly what its rules entitle it to', () => {
  test('once, whatever was written, taken back, let go, and allowed meanwhile', { timeout: timeoutMs }, () =>
    fc.assert(
      fc.asyncProperty(anyStory, (story) => play(story, checkRecalls)),
      runs(2, 60),
    ),
  )

  test(
    'once, in the order of each origin, where there is one way from each to each',
    { timeout: timeoutMs },
    () =>
      fc.assert(
        fc.asyncProperty(calmStory, (story) => play(story, checkOrder)),
        runs(2, 40),
      ),
  )
})
