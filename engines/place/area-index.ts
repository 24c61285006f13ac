/**
 * Held areas, asked from both sides: which areas hold this point or touch this shape, and which shape does a code mean
 * on a given day. The shapes may be of anything: `shapeIndex` answers the same for events, warnings or sightings.
 */
import type { Geometry } from 'geojson'
import type { AreaCode, Issue } from '../record/index.ts'
import type { Area, Day } from './areas.ts'
import type { LonLat } from './contract.ts'
import { holdsPoint, prepareShape, type Shape, shapesTouch } from './shape.ts'

export type ShapeIndex<Item> = {
  /** Items whose shape holds the point. */
  readonly holding: (point: LonLat) => readonly Item[]
  /** Items whose shape has a point in common with this one. */
  readonly touching: (shape: Geometry) => readonly Item[]
}

/** Shapes are prepared once, at the first question. Answers keep the order of the items. */
export function shapeIndex<Item>(
  items: readonly Item[],
  geometryOf: (item: Item) => Geometry | undefined,
): ShapeIndex<Item> {
  let prepared: readonly { readonly item: Item; readonly shape: Shape }[] | undefined
  const all = () => {
    prepared ??= items.flatMap((item) => {
      const geometry = geometryOf(item)
      return geometry === undefined ? [] : [{ item, shape: prepareShape(geometry) }]
    })
    return prepared
  }
  return {
    holding: (point) =>
      all()
        .filter(({ shape }) => holdsPoint(shape, point))
        .map(({ item }) => item),
    touching: (geometry) => {
      const asked = prepareShape(geometry)
      return all()
        .filter(({ shape }) => shapesTouch(asked, shape))
        .map(({ item }) => item)
    },
  }
}

export type AreaIndex = {
  readonly holding: (point: LonLat, on: Day) => readonly Area[]
  readonly touching: (shape: Geometry, on: Day) => readonly Area[]
  /** The edition that held on the day. */
  readonly find: (scheme: string, code: string, on: Day) => Area | undefined
  /** What a code means on a day, or the nearest that can be said, with the reason. */
  readonly resolve: (code: AreaCode, on: Day, fallback: AreaFallback) => ResolvedArea
}

/** Which country stands for a code without a shape is data of the region or the feed, never guessed from its letters. */
export type AreaFallback = {
  readonly countryOf: (code: AreaCode) => string | undefined
  readonly shapeOf: (country: string) => Geometry | undefined
}

export type ResolvedArea =
  | {
      readonly kind: 'area'
      readonly area: Area
      readonly geometry: Geometry
      readonly notes: readonly Issue[]
    }
  | {
      readonly kind: 'country'
      readonly country: string
      readonly geometry: Geometry
      readonly notes: readonly Issue[]
    }
  | { readonly kind: 'unknown'; readonly notes: readonly Issue[] }

export function areaIndex(areas: readonly Area[]): AreaIndex {
  const editions = Map.groupBy(areas, ({ scheme, code }) => `${scheme}:${code}`)
  for (const list of editions.values()) list.sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
  const index = shapeIndex(areas, ({ geometry }) => geometry)

  const find = (scheme: string, code: string, on: Day) =>
    editions.get(`${scheme}:${code}`)?.findLast(({ validFrom }) => validFrom <= on)
  const current = (scheme: string, code: string, on: Day) => {
    const found = find(scheme, code, on)
    return found?.validUntil !== undefined && found.validUntil <= on ? undefined : found
  }
  const isCurrent = (on: Day) => (area: Area) => current(area.scheme, area.code, on) === area

  const resolve = (code: AreaCode, on: Day, fallback: AreaFallback): ResolvedArea => {
    const held = current(code.scheme, code.code, code.asOf ?? on)
    if (held !== undefined) return { kind: 'area', area: held, geometry: held.geometry, notes: [] }
    const value = `${code.scheme}:${code.code}`
    const other = editions.get(value)?.at(0)
    if (other !== undefined) {
      const message = `No edition of the list held on ${on}; the shape is of the edition of ${other.validFrom}.`
      const notes = [{ rule: 'place/area-of-other-edition', place: '', value, message }]
      return { kind: 'area', area: other, geometry: other.geometry, notes }
    }
    const country = fallback.countryOf(code)
    const geometry = country === undefined ? undefined : fallback.shapeOf(country)
    if (country === undefined || geometry === undefined) {
      const message = 'No shape is held for this code, nor is its country known; import the list of areas.'
      return { kind: 'unknown', notes: [{ rule: 'place/area-unknown', place: '', value, message }] }
    }
    const message = `No shape is held for this code; the whole of ${country} stands for it.`
    return {
      kind: 'country',
      country,
      geometry,
      notes: [{ rule: 'place/area-as-country', place: '', value, message }],
    }
  }

  return {
    holding: (point, on) => index.holding(point).filter(isCurrent(on)),
    touching: (shape, on) => index.touching(shape).filter(isCurrent(on)),
    find: current,
    resolve,
  }
}
