/**
 * From what a system tells of one event to the observation that enters the log, one way for all of them. What cannot
 * be placed or dated is held whole: an event of nowhere, or of no time, can neither be compared nor shown.
 *
 * The place is the area where the system gives one, else the point. Latitude 0 with longitude 0 is taken for "not
 * filled in": the systems write it so, and the point lies in open sea.
 */
import type { Geometry } from 'geojson'
import type { Decoded, Observed, Rejected } from '../../../../engines/ingest/index.ts'
import { cellsOverlapping, cornersOf, type LonLat } from '../../../../engines/place/index.ts'
import { type Handling, type Instant, type Issue, millis } from '../../../../engines/record/index.ts'
import { type HazardReport, hazardsReport } from '../../report-records.ts'
import { areaIn } from './area.ts'

export type Told = Omit<HazardReport, 'latitude' | 'longitude' | 'updated'> & {
  readonly key: string
  readonly from: Instant | undefined
  readonly until?: Instant | undefined
  readonly updated: Instant | undefined
  readonly at: LonLat | undefined
  /** GeoJSON as it came, unchecked. */
  readonly area?: unknown
  readonly handling?: Handling
}

export type Read =
  | { readonly observed: Observed; readonly defects: readonly Issue[] }
  | { readonly issues: readonly Issue[] }

/** `place` says where in the document it stands. */
export function reportOf(told: Told, place: string): Read {
  const { key, from, until, updated, at, area, handling, ...body } = told
  const shape = area === undefined ? undefined : areaIn(area, place)
  const centre = at !== undefined && isSomewhere(at) ? at : shape?.geometry && middleOf(shape.geometry)
  const issues: Issue[] = []
  if (from === undefined) issues.push(missing(place, 'time', 'It states no time at which the event began.'))
  if (centre === undefined)
    issues.push(missing(place, 'place', 'It states no place on Earth; 0, 0 counts as none.'))
  if (from === undefined || centre === undefined) return { issues }
  const [longitude, latitude] = centre
  const geometry: Geometry = shape?.geometry ?? { type: 'Point', coordinates: [...centre] }
  const isBackwards = until !== undefined && millis(until) < millis(from)
  return {
    observed: {
      type: hazardsReport.type,
      key,
      valid: { from, ...(until === undefined || isBackwards ? {} : { until }) },
      place: { geometry, cells: cellsOverlapping(geometry) },
      ...(handling === undefined ? {} : { handling }),
      body: { ...body, latitude, longitude, updated: updated ?? from } satisfies HazardReport,
    },
    defects: [...(shape?.defects ?? []), ...(isBackwards ? [endsBefore(place, until)] : [])],
  }
}

export const isSomewhere = ([lon, lat]: LonLat): boolean =>
  Number.isFinite(lon) &&
  Number.isFinite(lat) &&
  Math.abs(lon) <= 180 &&
  Math.abs(lat) <= 90 &&
  (lon !== 0 || lat !== 0)

/** The middle of its frame: good enough to point at. */
function middleOf(geometry: Geometry): LonLat {
  const corners = cornersOf(geometry)
  const middle = (at: 0 | 1) => {
    const [low, high] = corners.reduce(
      ([least, most], corner) => [Math.min(least, corner[at]), Math.max(most, corner[at])] as const,
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const,
    )
    return Number(((low + high) / 2).toFixed(4))
  }
  return [middle(0), middle(1)]
}

export type Item = {
  readonly read: Read
  /** The item whole, should it be held. */
  readonly raw: () => string
}

/** All items of one payload. */
export function decodedItems(
  items: readonly Item[],
  mediaType: string,
  before: { readonly rejected?: readonly Rejected[]; readonly defects?: readonly Issue[] } = {},
): Decoded {
  const observations = items.flatMap(({ read }) => ('observed' in read ? [read.observed] : []))
  const newest = observations
    .map(({ body }) => (body as HazardReport).updated)
    .sort()
    .at(-1)
  return {
    observations,
    rejected: [
      ...(before.rejected ?? []),
      ...items.flatMap(({ read, raw }) =>
        'issues' in read ? [{ bytes: new TextEncoder().encode(raw()), mediaType, issues: read.issues }] : [],
      ),
    ],
    defects: [
      ...(before.defects ?? []),
      ...items.flatMap(({ read }) => ('defects' in read ? read.defects : [])),
    ],
    ...(newest === undefined ? {} : { newest }),
  }
}

export const refusedWhole = (bytes: Uint8Array, mediaType: string, issue: Issue): Decoded => ({
  observations: [],
  rejected: [{ bytes, mediaType, issues: [issue] }],
  defects: [],
})

export const missing = (place: string, name: string, message: string): Issue => ({
  rule: `hazards/no-${name}`,
  place,
  message,
})

const endsBefore = (place: string, until: Instant): Issue => ({
  rule: 'hazards/ends-before-it-begins',
  place,
  value: until,
  message: 'The end that it states lies before its begin; the end was left out.',
})
