import { describe, expect, test } from 'vitest'
import { km } from '../record/index.ts'
import type { River } from './contract.ts'
import { circlePolygon } from './great-circle.ts'
import { riverNet } from './rivers.ts'

/** A great river runs east through three countries; a brook comes to it from the south, out of a fourth. */
const rivers: readonly River[] = [
  {
    id: 'great',
    names: { en: 'Great' },
    line: [
      { at: [20, 45], countries: ['XA'] },
      { at: [21, 45], countries: ['XA', 'XB'] },
      { at: [22, 45], countries: ['XB'] },
      { at: [24, 45], countries: ['XC'] },
    ],
  },
  {
    id: 'brook',
    names: { en: 'Brook' },
    into: 'great',
    line: [
      { at: [21.5, 44], countries: ['XD'] },
      { at: [21.5, 44.97], countries: ['XB'] },
    ],
  },
]
const net = riverNet(rivers)
const around = (lon: number, lat: number, radiusKm = 20) => circlePolygon([lon, lat], km(radiusKm))

describe('water', () => {
  test('reaches countries in the order of the river, each at a range of distances', () => {
    const from = net.stretchesIn(around(20.2, 45), 10)

    const reached = net.downstreamOf(from, ['XA'])

    expect(reached.map(({ country, river }) => `${country} ${river}`)).toEqual(['XB great', 'XC great'])
    const [first] = reached
    expect(first?.low).toBeGreaterThan(20)
    expect(first?.high).toBeCloseTo((first?.low ?? 0) * 1.5, 6)
  })

  test('of a tributary goes on in the river that it flows into, and never back up it', () => {
    const from = net.stretchesIn(around(21.5, 44.2), 10)

    expect(from.map(({ river }) => river)).toEqual(['brook'])
    expect(net.downstreamOf(from, ['XD']).map(({ country }) => country)).toEqual(['XB', 'XC'])
  })

  test('joins two places along the flow, and none where neither reaches the other', () => {
    const brook = net.stretchesIn(around(21.5, 44.2), 10)
    const below = net.stretchesIn(around(23, 45), 10)
    const above = net.stretchesIn(around(20.2, 45), 10)

    expect(net.flowKm(brook, below)).toBeCloseTo(net.flowKm(below, brook) ?? -1, 9)
    expect(net.flowKm(brook, below)).toBeGreaterThan(120)
    expect(net.flowKm(brook, above)).toBeUndefined()
    expect(net.flowKm(below, below)).toBe(0)
  })

  test('is found on the banks of one country, no further than asked', () => {
    const from = net.stretchesIn(around(20.2, 45), 10)

    const near = net.banksBelow(from, 'XC', 150)
    const far = net.banksBelow(from, 'XC', 500)

    expect(near.length).toBeLessThan(far.length)
    expect(far.every(([lon]) => lon > 22)).toBe(true)
    expect(net.sharedBy('XA', 'XB')).toEqual(['great'])
  })

  test('of a river that names itself as the one it flows into ends', () => {
    const loop = riverNet([{ ...(rivers[0] as River), into: 'great' }])

    expect(loop.downstreamOf(loop.stretchesIn(around(23, 45), 10), [])).toHaveLength(1)
  })
})
