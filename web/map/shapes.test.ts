import { describe, expect, test } from 'vitest'
import { circleAround, countryLabels } from './shapes.ts'

describe('shapes on the map', () => {
  test('a circle of 100 km round Durrës is 100 km from it all the way, and closed', () => {
    const [ring = []] = circleAround([19.45, 41.32], 100).coordinates

    const kms = ring.map(([lon = 0, lat = 0]) => distanceKm([19.45, 41.32], [lon, lat]))

    expect(Math.min(...kms)).toBeCloseTo(100, 6)
    expect(Math.max(...kms)).toBeCloseTo(100, 6)
    expect(ring.at(-1)).toEqual(ring[0])
  })

  test('a country is named in the middle of its largest part', () => {
    const square = (x: number, y: number, side: number) => [
      [x, y],
      [x + side, y],
      [x + side, y + side],
      [x, y + side],
      [x, y],
    ]
    const labels = countryLabels(
      {
        type: 'FeatureCollection',
        features: [
          {
            type: 'Feature',
            properties: { code: 'XX', group: 'region' },
            geometry: { type: 'MultiPolygon', coordinates: [[square(0, 0, 1)], [square(10, 10, 4)]] },
          },
        ],
      },
      () => 'Example',
    )

    expect(labels.features[0]).toMatchObject({
      geometry: { coordinates: [12, 12] },
      properties: { name: 'Example' },
    })
  })
})

function distanceKm([lon1, lat1]: [number, number], [lon2, lat2]: [number, number]): number {
  const r = Math.PI / 180
  const h =
    Math.sin(((lat2 - lat1) * r) / 2) ** 2 +
    Math.cos(lat1 * r) * Math.cos(lat2 * r) * Math.sin(((lon2 - lon1) * r) / 2) ** 2
  return 2 * 6371.0088 * Math.asin(Math.sqrt(h))
}
