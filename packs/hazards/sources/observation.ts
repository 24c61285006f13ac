/**
 * From what a format's reader found to the observation that enters the log. One function for every seismic source, so
 * that the same report by two paths gives the same bytes and therefore one version of one record.
 *
 * What a source does not state is filled in openly, always the same way: no mode is `automatic`, no status is
 * `preliminary` (a report that claims a review must always go before it), no kind is `not reported`, no update time is
 * the origin time, no depth is 10 km, the value that agencies themselves fix when they cannot resolve it, and is marked.
 */
import { latLngToCell } from 'h3-js'
import type { SeismicEvent, SeismicRead } from '../../../engines/formats/index.ts'
import type { Decoded, Rejected } from '../../../engines/ingest/index.ts'
import { type Instant, instant, millis, type Place } from '../../../engines/record/index.ts'
import { type EarthquakeObservation, hazardsObservation } from '../records.ts'

/** H3 resolution of an epicentre's cell: edges near 9 km, about what agencies' solutions differ by. */
export const epicentreResolution = 5

export type SeismicSource = {
  /** Prefix of every key: `usgs`, `emsc`. */
  readonly catalogue: string
  /** What the body names as its source, the same for every path of a catalogue. */
  readonly source: string
  /** Where the report names no agency. */
  readonly agency: string
}

export function decodedFrom(read: SeismicRead, from: SeismicSource, mediaType: string): Decoded {
  const events = read.events.filter((event) => !isZeros(event))
  const newest = newestOf(events)
  return {
    observations: events.map((event) => ({
      type: hazardsObservation.type,
      key: `${from.catalogue}:${event.eventId}`,
      valid: { from: event.origin.time, until: event.origin.time },
      place: epicentre(event.origin.longitude, event.origin.latitude),
      body: observationOf(event, from),
    })),
    rejected: [
      ...read.rejected.map(({ raw, issues }) => ({ bytes: raw, mediaType, issues })),
      ...read.events.filter(isZeros).map((event) => zeros(event, mediaType)),
    ],
    defects: read.defects,
    ...(newest === undefined ? {} : { newest }),
  }
}

/**
 * A broken answer is filled with zeros: no shock lies at 0, 0, and none of magnitude 0 and depth 0 is worth the risk that it
 * takes back one that was strong.
 */
const isZeros = ({ origin, magnitude }: SeismicEvent): boolean =>
  (origin.latitude === 0 && origin.longitude === 0) || (magnitude?.mag === 0 && origin.depth === 0)

function zeros(event: SeismicEvent, mediaType: string): Rejected {
  const message = 'Its figures are zeros, as in an answer that was filled with them. It revises nothing.'
  return {
    bytes: new TextEncoder().encode(JSON.stringify(event)),
    mediaType,
    issues: [{ rule: 'hazards/zeros', place: event.eventId, message }],
  }
}

export function observationOf(event: SeismicEvent, from: SeismicSource): EarthquakeObservation {
  const { origin, magnitude, region } = event
  return {
    kind: 'earthquake',
    source: from.source,
    agency: event.agency ?? from.agency,
    eventId: event.eventId,
    ids: [...event.ids],
    origin: {
      time: origin.time,
      latitude: origin.latitude,
      longitude: origin.longitude,
      depth: origin.depth ?? assumedDepthM,
      ...(origin.depth === undefined ? { isDepthAssumed: true } : {}),
      ...(origin.depthUncertainty === undefined ? {} : { depthUncertainty: origin.depthUncertainty }),
      ...(origin.horizontalUncertainty === undefined
        ? {}
        : { horizontalUncertainty: origin.horizontalUncertainty }),
      ...(origin.timeUncertainty === undefined ? {} : { timeUncertainty: origin.timeUncertainty }),
    },
    ...(magnitude === undefined ? {} : { magnitude: { mag: magnitude.mag, type: magnitude.type ?? 'M' } }),
    eventType: event.eventType ?? 'not reported',
    evaluationMode: event.evaluationMode ?? 'automatic',
    evaluationStatus: event.evaluationStatus ?? 'preliminary',
    ...(region === undefined ? {} : { region }),
    updated: event.updated ?? origin.time,
  }
}

const assumedDepthM = 10_000

/** A point and the one cell that holds it. */
export function epicentre(longitude: number, latitude: number): Place {
  return {
    geometry: { type: 'Point', coordinates: [longitude, latitude] },
    cells: [latLngToCell(latitude, longitude, epicentreResolution)],
  }
}

function newestOf(events: readonly SeismicEvent[]): Instant | undefined {
  const times = events.map(({ updated, origin }) => millis(updated ?? origin.time))
  return times.length === 0 ? undefined : instant(times.reduce((a, b) => Math.max(a, b)))
}
