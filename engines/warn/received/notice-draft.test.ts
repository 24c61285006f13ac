import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CapArea, readCapBy } from '../../formats/index.ts'
import { actual, checkDraft } from '../../record/index.ts'
import { alertDraft } from './alert-draft.ts'
import { anAlert, aRegister, resolved } from './alerts.test-support.ts'
import { noticeDraft } from './notice-draft.ts'
import { placing } from './notice-place.ts'
import { noAreas } from './where.ts'

const parts = { authority: undefined, realm: actual, held: new Map(), placeOf: placing([], noAreas) }
const draftIn = (area: Partial<CapArea>) => {
  const whole = { areaDesc: 'x', polygon: [], circle: [], geocode: [], ...area }
  const [notice] = resolved(anAlert({ id: 'a', says: [{ parts: { area: [whole] } }] }))
  return notice && noticeDraft({ ...parts, resolved: notice })
}

describe('the place of a notice', () => {
  test('a polygon of CAP, lat before lon, is one of GeoJSON, closed, with its cells', () => {
    const draft = draftIn({
      polygon: [
        [
          [44, 20],
          [44, 21],
          [45, 21],
          [45, 20],
        ],
      ],
    })

    expect(draft?.place?.geometry).toEqual({
      type: 'Polygon',
      coordinates: [
        [
          [20, 44],
          [21, 44],
          [21, 45],
          [20, 45],
          [20, 44],
        ],
      ],
    })
    expect(draft?.place?.cells?.length).toBeGreaterThan(0)
  })

  test('a circle is a polygon around its middle; of no radius, the point that it names', () => {
    expect(draftIn({ circle: [{ center: [44, 20], radiusKm: 10 }] })?.place?.geometry?.type).toBe('Polygon')
    expect(draftIn({ circle: [{ center: [44, 20], radiusKm: 0 }] })?.place?.geometry).toEqual({
      type: 'Point',
      coordinates: [20, 44],
    })
  })

  test('whatever a sender draws, there is a notice, and the store would take it', () => {
    const point = fc.tuple(
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
    )
    const shape = fc.record({
      polygon: fc.array(fc.array(point, { maxLength: 7 }), { maxLength: 3 }),
      circle: fc.array(fc.record({ center: point, radiusKm: fc.double({ min: 0, max: 1e9, noNaN: true }) }), {
        maxLength: 2,
      }),
    })
    fc.assert(
      fc.property(shape, (area) => {
        const draft = draftIn(area)
        expect(draft && checkDraft(draft)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('times from beyond', () => {
  const message = (sent: string, expires: string): string =>
    `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>a</identifier><sender>a@b.example</sender><sent>${sent}</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info><category>Met</category><event>Wind</event><urgency>Future</urgency><severity>Moderate</severity><certainty>Likely</certainty><expires>${expires}</expires><area><areaDesc>x</areaDesc></area></info></alert>`
  const draftOf = (sent: string, expires: string) =>
    alertDraft(
      readCapBy(message(sent, expires), { policyOf: () => ({ signature: 'verify' }) }),
      aRegister.profile,
    )

  test.each([
    '9999-12-31T23:59:59-14:00',
    '0000-01-01T00:00:00-00:00',
    '0001-01-01T00:00:00+14:00',
  ])('%s is no time: as sent it withholds the message, as expires it is left out and named', (time) => {
    expect(draftOf(time, '2026-09-11T20:00:00-00:00').ok).toBe(false)
    const read = draftOf('2026-09-11T08:00:00-00:00', time)
    expect(read.ok && read.observed.valid.until).toBe('2026-09-12T08:00:00.000Z')
  })
})
