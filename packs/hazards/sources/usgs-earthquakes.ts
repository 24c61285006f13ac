/**
 * USGS, all earthquakes of the past day, world-wide: the summary feed, which USGS renews every minute. The day's feed
 * and not the hour's, because revisions and withdrawals come hours after the shock.
 *
 * Works of the United States Geological Survey are in the public domain (17 U.S.C. §105); networks that contribute ask
 * to be credited, hence the credit line. earthquake.usgs.gov/earthquakes/feed/v1.0/geojson.php
 */
import { readSeismic, readUsgsGeoJson } from '../../../engines/formats/index.ts'
import type { SourceDeclaration } from '../../../engines/ingest/index.ts'
import { decodedFrom } from './observation.ts'

/** The feed is GeoJSON; files saved from USGS's FDSN service may be QuakeML or text. */
const readUsgs = readSeismic(readUsgsGeoJson)

export const usgsEarthquakes: SourceDeclaration = {
  id: 'usgs-earthquakes',
  title: { en: 'USGS earthquakes, past day' },
  transport: {
    kind: 'http',
    url: 'https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary/all_day.geojson',
    intervalMs: 60_000,
    timeoutMs: 20_000,
    maxBytes: 16 * 1024 * 1024,
    accept: 'application/geo+json, application/json;q=0.9',
  },
  attribution: {
    source: 'U.S. Geological Survey and contributing networks',
    licence: 'Public domain (US Government work)',
    credit: 'U.S. Geological Survey',
    url: 'https://earthquake.usgs.gov/',
  },
  decode: ({ bytes, receivedAt, mediaType }) =>
    decodedFrom(
      readUsgs(bytes, { receivedAt }),
      { catalogue: 'usgs', source: 'usgs-earthquakes', agency: 'us' },
      mediaType,
    ),
}
