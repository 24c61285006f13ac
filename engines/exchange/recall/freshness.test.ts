import { describe, expect, test } from 'vitest'
import { instant, type NodeId, nodeId, plusMs } from '../../record/index.ts'
import { freshness, freshnessOf } from './freshness.ts'

const noon = instant('2026-03-01T12:00:00Z')
const here = nodeId('durres.example')
const [near, away, unknown] = ['tirana', 'skopje', 'nis'].map((name) => nodeId(`${name}.example`)) as [
  NodeId,
  NodeId,
  NodeId,
]
const heard = new Map([
  [near, plusMs(noon, -30_000)],
  [away, plusMs(noon, -600_000)],
])
const parts = { node: here, now: noon, lastHeard: async (origin: NodeId) => heard.get(origin) }

describe('a record view', () => {
  test('says since when its origin has been silent, and nothing while it is heard', async () => {
    expect(await freshness(parts, near)).toEqual({ kind: 'confirmed', at: plusMs(noon, -30_000) })
    expect(await freshness(parts, away)).toEqual({ kind: 'not-confirmed', since: plusMs(noon, -600_000) })
    expect(await freshness(parts, unknown)).toEqual({ kind: 'not-confirmed' })
  })

  test('marks only records of the origin that is away, and never this node’s own', async () => {
    const all = await freshnessOf(parts, [here, near, away, here])

    expect([...all].map(([origin, { kind }]) => [origin, kind])).toEqual([
      [here, 'own'],
      [near, 'confirmed'],
      [away, 'not-confirmed'],
    ])
  })

  test('comes and goes with the moment', async () => {
    const later = { ...parts, now: plusMs(noon, 300_000) }

    expect(await freshness(later, near)).toEqual({ kind: 'not-confirmed', since: plusMs(noon, -30_000) })
    expect(await freshness(later, here)).toEqual({ kind: 'own' })
  })
})
