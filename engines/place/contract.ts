/**
 * Where things are: countries, towns, areas by code, cells. Points are [lon, lat], WGS 84, degrees; distances are
 * great-circle kilometres on a sphere of 6371.0088 km unless a function says otherwise.
 */
import type { Geometry, MultiPolygon } from 'geojson'
import type { Km, Language, MultilingualText, People } from '../record/index.ts'
import type { AreaRules } from './code-rules.ts'

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
  /** Rivers that matter across its borders, as rough lines. */
  readonly rivers?: readonly River[]
  /** Who answers for which country when neighbours notify each other. */
  readonly contacts?: readonly PointOfContact[]
  /** How the codes of areas are read that feeds of the region write. */
  readonly areaRules?: AreaRules
}

/** Who answers for a country in systems of notification between states. An office, never a person by name. */
export type PointOfContact = {
  readonly id: string
  readonly country: string
  /** The systems that it stands in, in the words of the pack that works them. */
  readonly systems: readonly string[]
  readonly title: MultilingualText
  /** Who sits there: the role that answers. */
  readonly role: string
  readonly watch: 'day-and-night' | 'office-hours'
  /** Names of the nodes that speak for it; nobody else's word counts as its. */
  readonly nodes: readonly string[]
  /** Beside the node, for whoever must call. */
  readonly mail?: string
  readonly phone?: string
}

/** A river from its source, or from where it matters, to its mouth. The line is as rough as the region's data says. */
export type River = {
  readonly id: string
  readonly names: MultilingualText
  /** Id of the river that it flows into; absent: it reaches the sea, or none that is listed. */
  readonly into?: string
  readonly line: readonly {
    readonly at: LonLat
    /** Codes of the countries on its banks there. */
    readonly countries: readonly string[]
  }[]
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
