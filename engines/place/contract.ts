/**
 * Where things are: countries, towns, areas by code, cells. Points are [lon, lat], WGS 84, degrees; distances are
 * great-circle kilometres on a sphere of 6371.0088 km unless a function says otherwise.
 */
import type { Geometry, MultiPolygon } from 'geojson'
import type { Km, Language, MultilingualText, People } from '../record/index.ts'

export type LonLat = readonly [lon: number, lat: number]

/** A country as the region's data states it. Engines know none by name. */
export type CountryFacts = {
  /** ISO 3166-1 alpha-2, or the user-assigned code that the region agreed on. */
  readonly code: string
  readonly iso3: string
  readonly names: MultilingualText
  /** BCP 47 tags of the official languages, the one to show first leading. */
  readonly officialLanguages: readonly Language[]
  /** Codes of the countries it has a land border with. */
  readonly neighbours: readonly string[]
  readonly population: { readonly people: number; readonly year: number; readonly source: string }
  /**
   * What the border line's data set calls it: its numeric code, or its name where it has no code; with
   * ` at <lon>,<lat>` only the polygon of it that holds the point.
   */
  readonly shape: readonly string[]
  /** A note that must stand wherever the name does. */
  readonly footnote?: MultilingualText
  /** `region`: a member; `neighbour`: borders it. */
  readonly group: 'region' | 'neighbour'
  /** IANA zone of its capital, for times that people read. */
  readonly timeZone: string
}

export type Region = {
  readonly id: string
  readonly title: MultilingualText
  readonly countries: readonly CountryFacts[]
  /** Every language that texts are kept in, BCP 47. */
  readonly languages: readonly Language[]
  /** [west, south, east, north] of the map's first view, degrees. */
  readonly bounds: readonly [number, number, number, number]
  /** Folder of the region, for its scenarios. */
  readonly folder: string
}

export type Town = {
  /** GeoNames id. */
  readonly id: number
  readonly name: string
  readonly country: string
  readonly at: LonLat
  readonly people: People
  readonly isCapital: boolean
}

export type CountryAt = {
  /** Absent at sea or outside every shape. */
  readonly code?: string
  /** To the nearest border or coast line of any country. */
  readonly borderKm: Km
  /** The line is a 1:10 000 000 generalisation: within this distance of it, say so. */
  readonly isNearBorder: boolean
}

export type Places = {
  readonly region: Region
  readonly country: (code: string) => CountryFacts | undefined
  readonly countryAt: (point: LonLat) => CountryAt
  readonly shapeOf: (code: string) => MultiPolygon | undefined
  /** 0 inside. */
  readonly distanceToCountry: (point: LonLat, code: string) => Km
  readonly countriesWithin: (
    point: LonLat,
    radius: Km,
  ) => readonly { readonly code: string; readonly km: Km }[]
  /** Nearest first. */
  readonly townsWithin: (point: LonLat, radius: Km) => readonly { readonly town: Town; readonly km: Km }[]
  readonly townsIn: (shape: Geometry) => readonly Town[]
  readonly countriesIn: (shape: Geometry) => readonly string[]
  readonly towns: () => readonly Town[]
}
