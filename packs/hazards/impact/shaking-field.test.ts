import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gravity, vacareanu2015 } from './models/index.ts'
import { effectiveRjb, shakingField } from './shaking-field.ts'

const at = { lon: 19.5, lat: 41.5 }

describe('shaking by distance', () => {
  test('never grows with distance, and its ranges hold its median', () => {
    const magnitude = fc.double({ min: 3, max: 8, noNaN: true })
    const depth = fc.double({ min: 0, max: 200, noNaN: true })
    fc.assert(
      fc.property(magnitude, depth, (mag, depthKm) => {
        const field = shakingField({ mag, depthKm, ...at })
        let before = Number.POSITIVE_INFINITY
        for (let km = 0; km <= 400; km += 7) {
          const { mmi, low, high, eventLow, eventHigh } = field.at(km)
          expect(mmi).toBeLessThanOrEqual(before + 1e-9)
          expect(low <= eventLow && eventLow <= mmi && mmi <= eventHigh && eventHigh <= high).toBe(true)
          before = mmi
        }
      }),
      { numRuns: 60 },
    )
  })

  test('the radius of an intensity is where the median falls below it', () => {
    const field = shakingField({ mag: 6.4, depthKm: 22, ...at })

    expect(field.at(field.radiusOf(5)).mmi).toBeCloseTo(5, 6)
    expect(field.radiusOf(9.5)).toBe(0)
  })

  test('a long rupture of unknown strike brings the source nearer, but not for a small shock', () => {
    expect(effectiveRjb(4, 30)).toBeGreaterThan(29.5)
    expect(effectiveRjb(7.5, 30)).toBeLessThan(20)
    expect(effectiveRjb(7.5, 0)).toBe(0)
  })

  test('Vrancea 1977 at Bucharest is within one sigma of the record (INCERC, 195 cm/s²)', () => {
    const scenario = { mag: 7.4, rhypo: Math.hypot(161, 94), hypo_depth: 94, vs30: 300 }
    const { mean, sigma } = vacareanu2015.predict('PGA', scenario)

    expect(Math.abs(Math.log(1.95 / gravity) - mean)).toBeLessThan(sigma)
  })
})
