/**
 * The place of a notice: its shape, its codes, and the cells by which it is found. A country that stands for a code is
 * there in cells only; the notice says so (`areaFallback`).
 */
import {
  type AreaFallback,
  cellsOverlapping,
  codeReader,
  noAreaRules,
  type Places,
} from '../../place/index.ts'
import type { Instant, Link, Place } from '../../record/index.ts'
import type { NoticeBody } from './records.ts'
import { cellsOfShape } from './shape-place.ts'
import { type AreaLookup, type HeldArea, type Where, whereIn } from './where.ts'

export type Placed = {
  readonly place?: Place
  readonly areaFallback: readonly AreaFallback[]
  /** To the editions whose shapes were taken: their credit goes with the notice. */
  readonly links: readonly Link[]
}

export type PlaceOf = (areas: NoticeBody['areas'], from: Instant, country?: string) => Placed

const mostCells = 64
/** What the envelope takes; areas have 128 at most. */
const mostCellsInAll = 10_000

/** Covering a country takes milliseconds: once for each. */
export function areaLookup({ region, shapeOf }: Pick<Places, 'region' | 'shapeOf'>): AreaLookup {
  const cells = new Map<string, readonly string[]>()
  const covered = (country: string): readonly string[] => {
    const shape = shapeOf(country)
    return shape === undefined ? [] : cellsOverlapping(shape, { maxCells: mostCells })
  }
  return {
    reader: codeReader(region.areaRules ?? noAreaRules),
    hasCountry: (country) => shapeOf(country) !== undefined,
    countryCells: (country) => {
      const found = cells.get(country) ?? covered(country)
      cells.set(country, found)
      return found
    },
  }
}

export function placing(held: readonly HeldArea[], lookup: AreaLookup): PlaceOf {
  const whereOf = whereIn(held, lookup)
  return (areas, from, country) => {
    const where = whereOf(areas, from, country)
    const { geometry, codes, fallbacks, taken } = where
    const cells = cellsIn(where, lookup)
    const place: Place = {
      ...(geometry && { geometry }),
      ...(cells.length > 0 && cells.length <= mostCellsInAll && { cells }),
      ...(codes.length > 0 && { areas: codes }),
    }
    return {
      ...(geometry === undefined && codes.length === 0 ? {} : { place }),
      areaFallback: fallbacks,
      links: taken.map(({ record: { id, version } }) => ({ type: 'derivedFrom', id, version })),
    }
  }
}

function cellsIn(
  { geometry, isDrawn, fallbacks, taken }: Where,
  { countryCells }: AreaLookup,
): readonly string[] {
  if (isDrawn) return geometry === undefined ? [] : cellsOfShape(geometry, mostCells)
  const ofAreas = taken.flatMap(({ record }) => record.place?.cells ?? [])
  const ofCountries = fallbacks.flatMap(({ country }) => (country === undefined ? [] : countryCells(country)))
  return [...new Set([...ofAreas, ...ofCountries])].sort()
}
