/**
 * EMSC, as it happens: the WebSocket of seismicportal.eu, one message per new or revised report, world-wide. A "create"
 * may come days after the shock; only the times inside count. The server is quiet for minutes at a time, so a quarter of
 * an hour of silence means that the line is dead.
 */
import type { SourceDeclaration } from '../../../engines/ingest/index.ts'
import { decodeEmsc, emscAttribution } from './emsc-earthquakes.ts'

export const emscEarthquakesLive: SourceDeclaration = {
  id: 'emsc-earthquakes-live',
  title: { en: 'EMSC earthquakes, as they are reported' },
  transport: {
    kind: 'websocket',
    url: 'wss://www.seismicportal.eu/standing_order/websocket',
    silenceMs: 15 * 60_000,
    maxBytes: 256 * 1024,
  },
  family: 'emsc-earthquakes',
  attribution: emscAttribution,
  decode: decodeEmsc,
}
