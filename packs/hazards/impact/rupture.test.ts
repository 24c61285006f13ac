import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { worden2012, worden2012Inverse } from './models/index.ts'
import { distancesTo, planarRupture, ruptureSize } from './rupture.ts'
import { distanceKm, pointAt } from './sphere.ts'

const at = { lon: 20, lat: 42, depth: 12 }

describe('a planar rupture', () => {
  test('has the size that Wells and Coppersmith give its magnitude and style', () => {
    expect(ruptureSize(7, 0).length).toBeCloseTo(10 ** 1.77, 9)
    const { length, width } = planarRupture(at, 6.4, { strike: 30, dip: 45, rake: 90 })
    expect(length / ruptureSize(6.4, 90).length).toBeCloseTo(1, 2)
    expect(width / ruptureSize(6.4, 90).width).toBeCloseTo(1, 2)
  })

  test('never stands above ground: a shallow one is moved down dip', () => {
    const { ztor, corners } = planarRupture({ ...at, depth: 1 }, 6.8, { strike: 0, dip: 60, rake: -90 })

    expect(ztor).toBeCloseTo(0, 9)
    expect(corners[2].lon).toBeGreaterThan(at.lon)
  })

  test('a site above it has no Rjb, but an Rrup of less than its depth', () => {
    const rupture = planarRupture(at, 6.4, { strike: 0, dip: 45, rake: 90 })
    const { rjb, rrup, ry0 } = distancesTo(rupture, at)

    expect([rjb, ry0]).toEqual([0, 0])
    expect(rrup).toBeGreaterThan(12 * Math.SQRT1_2)
    expect(rrup).toBeLessThan(12)
  })

  test('Rx is positive on the hanging wall, Ry0 grows beyond its ends', () => {
    const rupture = planarRupture(at, 6.4, { strike: 0, dip: 45, rake: 90 })

    expect(distancesTo(rupture, pointAt(at, 40, 90)).rx).toBeGreaterThan(30)
    expect(distancesTo(rupture, pointAt(at, 40, 270)).rx).toBeLessThan(-30)
    expect(distancesTo(rupture, pointAt(at, 60, 0)).ry0).toBeCloseTo(60 - rupture.length / 2, 0)
  })

  test('is never farther than its hypocentre, and Rrup never shorter than Rjb', () => {
    const bearing = fc.double({ min: 0, max: 360, noNaN: true })
    const strike = fc.double({ min: 0, max: 360, noNaN: true })
    fc.assert(
      fc.property(fc.double({ min: 0, max: 300, noNaN: true }), bearing, strike, (km, towards, along) => {
        const site = pointAt(at, km, towards)
        const { rjb, rrup } = distancesTo(planarRupture(at, 6.4, { strike: along, dip: 60, rake: 0 }), site)
        expect(rrup).toBeLessThanOrEqual(Math.hypot(distanceKm(site, at), at.depth) + 0.1)
        expect(rjb).toBeLessThanOrEqual(rrup + 0.1) // an arc against a chord
      }),
    )
  })
})

describe('ground motion to intensity and back', () => {
  test.each(['PGA', 'PGV', 'SA(1.0)'])('%s returns to the intensity it came from', (measure) => {
    const known = { distanceKm: 40, mag: 6 }
    for (const mmi of [3, 5, 6, 8]) {
      const amplitude = worden2012Inverse(measure, mmi, known)
      expect(Math.abs(worden2012(measure, amplitude, known) - mmi)).toBeLessThan(0.25) // its branches do not quite meet
    }
  })
})
