/**
 * EMSC, asked: the FDSN event service of seismicportal.eu, newest first, within a box around South East Europe and its
 * surroundings (25–60° N, 0–50° E), so that a strong shock beyond the region's border is seen too.
 *
 * Why beside the WebSocket: a line that broke loses what was said meanwhile; this answer has the last 300 reports with
 * their newest revision. Terms: free use with the credit "EMSC-CSEM" (seismicportal.eu, terms of use); do not ask more
 * than once a minute.
 */
import { readEmscJson, readSeismic } from '../../../engines/formats/index.ts'
import type { Payload, SourceDeclaration } from '../../../engines/ingest/index.ts'
import type { Attribution } from '../../../engines/record/index.ts'
import { decodedFrom } from './observation.ts'

export const emscAttribution: Attribution = {
  source: 'European-Mediterranean Seismological Centre and contributing institutes',
  licence: 'Free use with credit "EMSC-CSEM"',
  credit: 'EMSC-CSEM',
  url: 'https://www.seismicportal.eu/',
}

/** We ask for JSON; files saved from the same service may be QuakeML or text. */
const readEmsc = readSeismic(readEmscJson)

/** Both paths of the EMSC catalogue: the same report gives the same observation whichever way it came. */
export const decodeEmsc = ({ bytes, receivedAt, mediaType }: Payload) =>
  decodedFrom(
    readEmsc(bytes, { receivedAt }),
    { catalogue: 'emsc', source: 'emsc-earthquakes', agency: 'EMSC' },
    mediaType,
  )

export const emscEarthquakes: SourceDeclaration = {
  id: 'emsc-earthquakes',
  title: { en: 'EMSC earthquakes, asked every two minutes' },
  transport: {
    kind: 'http',
    url: 'https://www.seismicportal.eu/fdsnws/event/1/query?format=json&limit=300&orderby=time&minlat=25&maxlat=60&minlon=0&maxlon=50',
    intervalMs: 120_000,
    timeoutMs: 30_000,
    maxBytes: 8 * 1024 * 1024,
    accept: 'application/json',
  },
  family: 'emsc-earthquakes',
  attribution: emscAttribution,
  decode: decodeEmsc,
}
