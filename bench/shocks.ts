/**
 * Invented earthquakes for a load, the same for the same seed, as EMSC's WebSocket and USGS's GeoJSON would tell them.
 *
 * Small ones: magnitudes by Gutenberg and Richter (1944) with b = 1 from 1.5 to 3.9, epicentres anywhere within
 * 25–60° N, 0–50° E, origin times over the past six hours. Three in ten reports are of a shock told before: a revision
 * by EMSC, or the second agency's own solution of it, some kilometres and a second off, which fusion has to join.
 * Strong ones: magnitude 5.3 to 5.7, 10 km deep, within 12 km of a town of the region that borders are near to, each
 * reported once, so that every warning about it follows from that one payload. Their origin times lie two minutes
 * apart in the past two to twenty hours, so that no two of them pass for one shock.
 */
export type Report = {
  readonly by: 'emsc' | 'usgs'
  readonly eventId: string
  readonly revision: number
  readonly at: number
  readonly latitude: number
  readonly longitude: number
  readonly depthKm: number
  readonly magnitude: number
}

const hourMs = 3_600_000

/** Durrës, Shkodër, Podgorica, Skopje, Prizren, Trebinje: two to five countries feel a shock there. */
const nearTowns = [
  [19.45, 41.32],
  [19.51, 42.07],
  [19.26, 42.44],
  [21.43, 42.0],
  [20.74, 42.22],
  [18.34, 42.71],
] as const

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, uniform in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Small shocks without end; `now` in milliseconds since 1970. */
export function* smallShocks(random: () => number, now: number): Generator<Report, never> {
  const told: Report[] = []
  for (let count = 0; ; count++) {
    const known = random() < 0.3 ? told[Math.floor(random() * told.length)] : undefined
    const report = known === undefined ? anew(random, now, count) : again(random, known, count)
    if (report.by === 'emsc') told.push(report)
    if (told.length > 500) told.shift()
    yield report
  }
}

const anew = (random: () => number, now: number, count: number): Report => ({
  by: 'emsc',
  eventId: `small${String(count).padStart(8, '0')}`,
  revision: 0,
  at: Math.round(now - random() * 6 * hourMs - 60_000),
  latitude: rounded(25 + random() * 35),
  longitude: rounded(random() * 50),
  depthKm: Math.round(2 + random() * 38),
  magnitude: Math.min(3.9, Math.round(10 * (1.5 - Math.log10(1 - random()))) / 10),
})

const again = (random: () => number, known: Report, count: number): Report => ({
  ...known,
  ...(random() < 0.5
    ? { revision: known.revision + count + 1 }
    : {
        by: 'usgs' as const,
        eventId: `us${known.eventId}`,
        at: known.at + Math.round(random() * 2000 - 1000),
      }),
  latitude: rounded(known.latitude + random() * 0.06 - 0.03),
  longitude: rounded(known.longitude + random() * 0.06 - 0.03),
})

export function strongShock(random: () => number, now: number, count: number): Report {
  const [longitude, latitude] = nearTowns[count % nearTowns.length] ?? nearTowns[0]
  return {
    by: 'emsc',
    eventId: `strong${String(count).padStart(7, '0')}`,
    revision: 0,
    at: now - 2 * hourMs - (count % 540) * 120_000,
    latitude: rounded(latitude + random() * 0.2 - 0.1),
    longitude: rounded(longitude + random() * 0.2 - 0.1),
    depthKm: 10,
    magnitude: 5.3 + (count % 5) / 10,
  }
}

/** EMSC's WebSocket message. */
export function emscMessage(report: Report): string {
  const { eventId, at, latitude, longitude, depthKm, magnitude, revision } = report
  return JSON.stringify({
    action: revision === 0 ? 'create' : 'update',
    data: {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [longitude, latitude, -depthKm] },
      id: eventId,
      properties: {
        source_id: eventId,
        source_catalog: 'EMSC-RTS',
        lastupdate: new Date(at + 30_000 + revision).toISOString(),
        time: new Date(at).toISOString(),
        flynn_region: 'INVENTED FOR A LOAD',
        lat: latitude,
        lon: longitude,
        depth: depthKm,
        evtype: 'ke',
        auth: 'EMSC',
        mag: magnitude,
        magtype: 'ml',
        unid: eventId,
      },
    },
  })
}

/** USGS's summary feed with this one shock in it. */
export function usgsFeed({ eventId, at, latitude, longitude, depthKm, magnitude }: Report): string {
  const code = eventId.slice(2)
  return JSON.stringify({
    type: 'FeatureCollection',
    metadata: { generated: at + 60_000, title: 'Invented for a load', status: 200, api: '1.10.3', count: 1 },
    features: [
      {
        type: 'Feature',
        properties: {
          mag: magnitude,
          place: 'Invented for a load',
          time: at,
          updated: at + 45_000,
          url: `https://feed.example/${eventId}`,
          status: 'automatic',
          tsunami: 0,
          sig: 100,
          net: 'us',
          code,
          ids: `,${eventId},`,
          sources: ',us,',
          types: ',origin,',
          magType: 'ml',
          type: 'earthquake',
          title: 'Invented for a load',
        },
        geometry: { type: 'Point', coordinates: [longitude, latitude, depthKm] },
        id: eventId,
      },
    ],
  })
}

export const messageOf = (report: Report): string =>
  report.by === 'emsc' ? emscMessage(report) : usgsFeed(report)

const rounded = (degrees: number): number => Math.round(degrees * 10_000) / 10_000
