/**
 * Held areas, asked from both sides: which areas hold this point or touch this shape, and which shape does a code mean
 * on a given day. The shapes may be of anything: `shapeIndex` answers the same for events, warnings or sightings.
 */
import type { Geometry } from 'geojson'
import type { Area, Day } from './areas.ts'
import { type Code, codeText } from './code-rules.ts'
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
  /** The edition of the day; else the one nearest before it, else the first after it. */
  readonly edition: (code: Code, on: Day) => { readonly area: Area; readonly isOfDay: boolean } | undefined
}

export function areaIndex(areas: readonly Area[]): AreaIndex {
  const editions = Map.groupBy(areas, codeText)
  for (const list of editions.values()) list.sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
  const index = shapeIndex(areas, ({ geometry }) => geometry)

  const edition: AreaIndex['edition'] = (code, on) => {
    const list = editions.get(codeText(code)) ?? []
    const area = list.findLast(({ validFrom }) => validFrom <= on) ?? list[0]
    if (area === undefined) return undefined
    const isOfDay = area.validFrom <= on && (area.validUntil === undefined || area.validUntil > on)
    return { area, isOfDay }
  }
  const find: AreaIndex['find'] = (scheme, code, on) => {
    const found = edition({ scheme, code }, on)
    return found?.isOfDay === true ? found.area : undefined
  }
  const isCurrent = (on: Day) => (area: Area) => find(area.scheme, area.code, on) === area

  return {
    holding: (point, on) => index.holding(point).filter(isCurrent(on)),
    touching: (shape, on) => index.touching(shape).filter(isCurrent(on)),
    find,
    edition,
  }
}
