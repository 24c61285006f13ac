import { expect, test } from 'vitest'
import { aRegion } from './region.test-support.ts'

test('five nodes in a row', async () => {
  const t0 = performance.now()
  await using region = await aRegion(['bar.example', 'durres.example', 'tirana.example', 'ohrid.example', 'skopje.example'])
  const nodes = region.nodes
  const t1 = performance.now()
  for (let at = 1; at < nodes.length; at++) await region.join(nodes[at - 1]!, nodes[at]!)
  for (const node of nodes) node.live()
  const t2 = performance.now()
  for (const node of nodes) await node.write({ key: node.name })
  await region.until('all have all', async () => {
    for (const node of nodes) if ((await node.held()).length !== 5) return false
    return true
  })
  const t3 = performance.now()
  console.log({ open: t1 - t0, join: t2 - t1, sync: t3 - t2 })
  for (const node of nodes) expect(await node.quarantined()).toEqual([])
  await nodes[2]!.away()
  await nodes[0]!.write({ key: 'while away' })
  await nodes[2]!.back()
  await region.until('arrives', async () => (await nodes[4]!.held()).includes('while away@1'))
  console.log({ back: performance.now() - t3 })
  console.log(nodes[4]!.said)
})
