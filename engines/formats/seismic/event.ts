/**
 * A seismic event as one agency reports it, in the words of QuakeML 1.2 (Basic Event Description, Euchner and
 * Schorlemmer 2013): whatever format it came in, the reader gets this. Depth in metres, positive down. What the source
 * does not state is absent here; nothing is assumed at this floor.
 */
import type { Instant, Issue } from '../../record/index.ts'

/** QuakeML 1.2 BED, `EventType`. */
export const seismicEventTypes = [
  'not existing',
  'not reported',
  'earthquake',
  'anthropogenic event',
  'collapse',
  'cavity collapse',
  'mine collapse',
  'building collapse',
  'explosion',
  'accidental explosion',
  'chemical explosion',
  'controlled explosion',
  'experimental explosion',
  'industrial explosion',
  'mining explosion',
  'quarry blast',
  'road cut',
  'blasting levee',
  'nuclear explosion',
  'induced or triggered event',
  'rock burst',
  'reservoir loading',
  'fluid injection',
  'fluid extraction',
  'crash',
  'plane crash',
  'train crash',
  'boat crash',
  'other event',
  'atmospheric event',
  'sonic boom',
  'sonic blast',
  'acoustic noise',
  'thunder',
  'avalanche',
  'snow avalanche',
  'debris avalanche',
  'hydroacoustic event',
  'ice quake',
  'slide',
  'landslide',
  'rockslide',
  'meteorite',
  'volcanic eruption',
] as const
export type SeismicEventType = (typeof seismicEventTypes)[number]

export const evaluationModes = ['manual', 'automatic'] as const
export type EvaluationMode = (typeof evaluationModes)[number]
export const evaluationStatuses = ['preliminary', 'confirmed', 'reviewed', 'final', 'rejected'] as const
export type EvaluationStatus = (typeof evaluationStatuses)[number]

export type SeismicOrigin = {
  readonly publicId?: string
  readonly time: Instant
  /** Seconds. */
  readonly timeUncertainty?: number
  /** Degrees, WGS 84. */
  readonly latitude: number
  readonly longitude: number
  /** Metres, positive down. */
  readonly depth?: number
  /** Metres. */
  readonly depthUncertainty?: number
  /** Metres. */
  readonly horizontalUncertainty?: number
}

export type SeismicMagnitude = {
  readonly publicId?: string
  readonly mag: number
  readonly type?: string
  readonly uncertainty?: number
}

export type SeismicEvent = {
  /** The agency's full name for it (a QuakeML `publicID`, else the short id). */
  readonly publicId: string
  /** The agency's short id: `us70006d0m`, `20191126_0000012`. */
  readonly eventId: string
  readonly agency?: string
  /** Every id that names the same event, its own included; sorted, no repeats. */
  readonly ids: readonly string[]
  /** The preferred origin, held to the bounds; the others, where a format has several, as they stand. */
  readonly origin: SeismicOrigin
  readonly magnitude?: SeismicMagnitude
  readonly otherOrigins?: readonly SeismicOrigin[]
  readonly otherMagnitudes?: readonly SeismicMagnitude[]
  readonly eventType?: SeismicEventType
  readonly typeCertainty?: 'known' | 'suspected'
  readonly evaluationMode?: EvaluationMode
  readonly evaluationStatus?: EvaluationStatus
  readonly region?: string
  readonly updated?: Instant
  /** What else the agency has on it (`shakemap`, `losspager`); sorted. */
  readonly products?: readonly string[]
}

/** One item that could not be taken: where it stood, its text whole, and what is wrong with it. */
export type RejectedSeismic = {
  readonly place: string
  readonly raw: Uint8Array
  readonly issues: readonly Issue[]
}

/** Every item that came in is either among `events` or among `rejected`. */
export type SeismicRead = {
  readonly events: readonly SeismicEvent[]
  readonly rejected: readonly RejectedSeismic[]
  /** Wrong but readable. */
  readonly defects: readonly Issue[]
}

export type SeismicReadOptions = {
  /** When the bytes came: an origin time well after it is refused. */
  readonly receivedAt: Instant
  readonly maxBytes?: number
}
