/**
 * A time series as a source gives it: who measured what, where, in which unit, by which method, and the values in time.
 * Whatever the format, the reader gives this. Nothing is converted, judged or assumed here; what is not stated is absent.
 */
import type { Instant, Issue } from '../../record/index.ts'

export type SeriesPoint = {
  /** End of the interval where the source gives one, else the instant. */
  readonly time: Instant
  readonly from?: Instant
  /** Absent where the source says that there is none; `missing` then has its reason. */
  readonly value?: number
  readonly missing?: string
  /** Where it differs from the series' own. */
  readonly unit?: string
  readonly quality?: string
  /** Where it stands in the document. */
  readonly place: string
}

export type SeriesStation = {
  readonly id: string
  readonly name?: string
  /** Degrees, WGS 84. */
  readonly longitude?: number
  readonly latitude?: number
}

export type SeriesLicence = { readonly name: string; readonly credit?: string; readonly url?: string }

export type TimeSeries = {
  /** As the source names it; unique within the document. */
  readonly id: string
  readonly station: SeriesStation
  /** `id` is an address or code of a vocabulary, `name` what people read. */
  readonly property: { readonly id?: string; readonly name: string }
  readonly unit?: string
  readonly method?: string
  /** Half width in the unit of the series, as the source states it. */
  readonly uncertainty?: { readonly value: number; readonly unit?: string }
  readonly licences?: readonly SeriesLicence[]
  /** Since when there are values. */
  readonly since?: Instant
  readonly points: readonly SeriesPoint[]
}

/** One series, point or row that could not be taken: where it stood, its text whole, and what is wrong with it. */
export type RejectedSeries = {
  readonly place: string
  readonly raw: Uint8Array
  readonly issues: readonly Issue[]
}

/** Every value that came in is either in `series` or among `rejected`. */
export type SeriesRead = {
  readonly series: readonly TimeSeries[]
  readonly rejected: readonly RejectedSeries[]
  /** Wrong but readable. */
  readonly defects: readonly Issue[]
}

export const seriesIssue = (rule: string, place: string, message: string, value?: string): Issue => ({
  rule,
  place,
  ...(value === undefined || value === '' ? {} : { value: value.slice(0, 200) }),
  message,
})

export const rejectedSeries = (place: string, raw: string, issues: readonly Issue[]): RejectedSeries => ({
  place,
  raw: new TextEncoder().encode(raw),
  issues,
})

export const allRejected = (raw: Uint8Array, issue: Issue): SeriesRead => ({
  series: [],
  rejected: [{ place: '', raw, issues: [issue] }],
  defects: [],
})
