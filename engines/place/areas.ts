/**
 * Areas by code: the warning areas and statistical units that feeds name by a code only (EMMA_ID, NUTS, …), with the
 * shape each code had in one edition of its list. An edition holds from its day until the next edition's; a warning is
 * read with the edition that held on its own day.
 */
import type { Geometry } from 'geojson'
import { type Static, Type } from 'typebox'
import type {
  Attribution,
  Draft,
  MosaicRecord,
  MultilingualText,
  Producer,
  Realm,
  Validity,
} from '../record/index.ts'
import { defineRecord, instant } from '../record/index.ts'
import { cellsOverlapping } from './cover.ts'

/** `YYYY-MM-DD`. */
export type Day = string

export type Area = {
  /** `EMMA_ID`, `NUTS`, … */
  readonly scheme: string
  readonly code: string
  readonly name?: MultilingualText
  /** Code of the country it belongs to, where it belongs to one. */
  readonly country?: string
  readonly geometry: Geometry
  readonly validFrom: Day
  /** The first day on which it no longer holds. */
  readonly validUntil?: Day
}

const DayText = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' })
const strict = { additionalProperties: false }

/** The geometry is the record's own `place`: it is written once and found by the store's cells. */
export const placeArea = defineRecord({
  type: 'place.area',
  schemaVersion: 1,
  terms: 'GeoJSON (RFC 7946), CAP 1.2 geocode',
  body: Type.Object(
    {
      scheme: Type.String({ minLength: 1, maxLength: 60 }),
      code: Type.String({ minLength: 1, maxLength: 200 }),
      name: Type.Optional(Type.Record(Type.String(), Type.String())),
      country: Type.Optional(Type.String({ minLength: 2, maxLength: 3 })),
      validFrom: DayText,
      validUntil: Type.Optional(DayText),
    },
    strict,
  ),
})
export type AreaBody = Static<(typeof placeArea)['body']>

export type AreaDraftOptions = {
  readonly realm: Realm
  readonly producer: Producer
  readonly attribution: readonly Attribution[]
}

/** One draft per area and edition; importing the same file again changes nothing. */
export function areaDrafts(areas: readonly Area[], options: AreaDraftOptions): readonly Draft<AreaBody>[] {
  return areas.map(({ geometry, ...area }) => ({
    type: placeArea.type,
    key: `${area.scheme}:${area.code}@${area.validFrom}`,
    realm: options.realm,
    producer: options.producer,
    attribution: options.attribution,
    valid: validityOf(area),
    place: {
      geometry,
      areas: [{ scheme: area.scheme, code: area.code, asOf: area.validFrom }],
      cells: cellsOverlapping(geometry),
    },
    body: area,
  }))
}

/** Undefined when the record has lost its geometry (withheld or erased). */
export function areaOf(record: MosaicRecord<AreaBody>): Area | undefined {
  const geometry = record.place?.geometry
  return geometry === undefined ? undefined : { ...record.body, geometry }
}

/** `until` is the last millisecond that still belongs to the edition. */
function validityOf({ validFrom, validUntil }: Pick<Area, 'validFrom' | 'validUntil'>): Validity {
  const from = instant(`${validFrom}T00:00:00.000Z`)
  return validUntil === undefined
    ? { from }
    : { from, until: instant(Date.parse(`${validUntil}T00:00:00.000Z`) - 1) }
}

/** A day of the calendar: 31 February is none, although `Date` takes it for 2 March. */
export function isDay(text: string): text is Day {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
