// biome-ignore-all lint/style/noNonNullAssertion: indexes into these arrays are within them by construction
/**
 * What comes in as a GeoJSON geometry (RFC 7946) is checked before anything computes with it: type, coordinates in
 * range, enough of them, rings closed, not too many, not nested without end.
 *
 * Two kinds of finding: a fault makes it unusable and it is refused with the reason; a note says what was put right or
 * looked wrong (an open ring closed, a ring that crosses itself: even-odd then decides what is inside).
 */
import type { Geometry, Position } from 'geojson'
import type { Issue } from '../record/index.ts'
import { type Part, partOf, segmentsMeet } from './edges.ts'
import { turnBetween } from './great-circle.ts'

export type GeometryCheck =
  | { readonly ok: true; readonly geometry: Geometry; readonly notes: readonly Issue[] }
  | { readonly ok: false; readonly issues: readonly Issue[] }

export type GeometryLimits = { readonly maxPositions: number; readonly maxNesting: number }
export const geometryLimits: GeometryLimits = { maxPositions: 500_000, maxNesting: 8 }

export function checkGeometry(value: unknown, limits: GeometryLimits = geometryLimits): GeometryCheck {
  const check = new Check(limits)
  const geometry = check.geometry(value, '', 0)
  return geometry === undefined || check.faults.length > 0
    ? { ok: false, issues: check.faults }
    : { ok: true, geometry, notes: check.notes }
}

/** One walk over a geometry: gathers findings, gives a clean copy with nothing in it but type and coordinates. */
class Check {
  readonly faults: Issue[] = []
  readonly notes: Issue[] = []
  readonly #limits: GeometryLimits
  #positions = 0

  constructor(limits: GeometryLimits) {
    this.#limits = limits
  }

  geometry(value: unknown, place: string, depth: number): Geometry | undefined {
    if (typeof value !== 'object' || value === null)
      return this.#fault('geometry-missing', place, value, 'There is no geometry.')
    const { type, coordinates, geometries } = value as { [key: string]: unknown }
    const at = `${place}/coordinates`
    switch (type) {
      case 'Point': {
        const position = this.#position(coordinates, at)
        return position && { type, coordinates: position }
      }
      case 'MultiPoint':
        return {
          type,
          coordinates: this.#list(coordinates, at, 1, (item, where) => this.#position(item, where)),
        }
      case 'LineString':
        return { type, coordinates: this.#line(coordinates, at) ?? [] }
      case 'MultiLineString':
        return { type, coordinates: this.#list(coordinates, at, 1, (item, where) => this.#line(item, where)) }
      case 'Polygon':
        return { type, coordinates: this.#polygon(coordinates, at) ?? [] }
      case 'MultiPolygon':
        return {
          type,
          coordinates: this.#list(coordinates, at, 1, (item, where) => this.#polygon(item, where)),
        }
      case 'GeometryCollection':
        if (depth >= this.#limits.maxNesting)
          return this.#fault(
            'nested-too-deep',
            place,
            undefined,
            'Collections lie in collections without end.',
          )
        return {
          type,
          geometries: this.#list(geometries, `${place}/geometries`, 1, (item, where) =>
            this.geometry(item, where, depth + 1),
          ),
        }
      default:
        return this.#fault('geometry-type', `${place}/type`, type, 'This is not a geometry type of RFC 7946.')
    }
  }

  #polygon(value: unknown, place: string): Position[][] | undefined {
    return this.#list(value, place, 1, (ring, where) => this.#ring(ring, where))
  }

  #ring(value: unknown, place: string): Position[] | undefined {
    const ring = this.#line(value, place)
    if (ring === undefined) return undefined
    const [first, last] = [ring[0], ring.at(-1)]
    if (first !== undefined && last !== undefined && (first[0] !== last[0] || first[1] !== last[1])) {
      this.#note('ring-open', place, last, 'The ring did not end where it began; it was closed.')
      ring.push([...first])
    }
    if (this.faults.length > 0) return undefined
    if (new Set(ring.map(String)).size < 3)
      return this.#fault('ring-too-short', place, undefined, 'A ring needs at least three different corners.')
    if (turnsAround(ring))
      return this.#fault(
        'ring-around-pole',
        place,
        undefined,
        'The ring goes around a pole; cut it at the antimeridian.',
      )
    const part = partOf([ring], true)
    const crossing = part && firstCrossing(part)
    if (crossing !== undefined)
      this.#note(
        'ring-crosses-itself',
        place,
        crossing,
        'The ring crosses itself; even-odd decides what is inside.',
      )
    return ring
  }

  #line(value: unknown, place: string): Position[] | undefined {
    return this.#list(value, place, 2, (item, where) => this.#position(item, where))
  }

  #position(value: unknown, place: string): Position | undefined {
    if (++this.#positions > this.#limits.maxPositions) return undefined
    if (!Array.isArray(value))
      return this.#fault('position', place, value, 'A position is [longitude, latitude].')
    const [lon, lat, height] = value as unknown[]
    if (typeof lon !== 'number' || typeof lat !== 'number' || !Number.isFinite(lon) || !Number.isFinite(lat))
      return this.#fault('position', place, value, 'A position is [longitude, latitude], two finite numbers.')
    if (Math.abs(lat) > 90 || Math.abs(lon) > 180)
      return this.#fault(
        'coordinates-out-of-range',
        place,
        value,
        'Longitude lies in [-180, 180] and latitude in [-90, 90], in this order, in degrees.',
      )
    return typeof height === 'number' && Number.isFinite(height) ? [lon, lat, height] : [lon, lat]
  }

  #list<Item>(
    value: unknown,
    place: string,
    least: number,
    read: (item: unknown, place: string) => Item | undefined,
  ): Item[] {
    const items: Item[] = []
    if (!Array.isArray(value) || value.length < least) {
      this.#fault('coordinates', place, value, `A list of at least ${least} was expected here.`)
      return items
    }
    for (const [at, entry] of value.entries()) {
      if (this.faults.length > 0) break
      const item = read(entry, `${place}/${at}`)
      if (item !== undefined) items.push(item)
      if (this.#positions > this.#limits.maxPositions) {
        this.#fault(
          'too-many-positions',
          place,
          undefined,
          `More than ${this.#limits.maxPositions} positions; simplify the shape.`,
        )
      }
    }
    return items
  }

  #fault(rule: string, place: string, value: unknown, message: string): undefined {
    this.faults.push(finding(rule, place, value, message))
  }

  #note(rule: string, place: string, value: unknown, message: string): void {
    if (this.notes.length < 20) this.notes.push(finding(rule, place, value, message))
  }
}

function finding(rule: string, place: string, value: unknown, message: string): Issue {
  const shown = value === undefined ? undefined : shortly(value)
  return { rule: `place/${rule}`, place, ...(shown !== undefined && { value: shown }), message }
}

/** Never the whole of a value that may be huge. */
const shortly = (value: unknown): string =>
  (Array.isArray(value) ? JSON.stringify(value.slice(0, 3)) : (JSON.stringify(value) ?? String(value))).slice(
    0,
    200,
  )

/** The turns taken at the antimeridian do not come back to nothing. */
function turnsAround(ring: readonly Position[]): boolean {
  let turned = 0
  for (let i = 1; i < ring.length; i++) turned += turnBetween(ring[i - 1]?.[0] ?? 0, ring[i]?.[0] ?? 0)
  return Math.abs(turned) > 180
}

/** Looks for two edges that meet other than at a shared end, band by band; gives up as clean beyond `maxPairs`. */
function firstCrossing({ edges, bands }: Part, maxPairs = 2_000_000): readonly [number, number] | undefined {
  let pairs = 0
  const ends = (e: number) => [edges[e]!, edges[e + 1]!, edges[e + 2]!, edges[e + 3]!] as const
  for (let band = 0; band < bands.count; band++) {
    const members = bands.members.subarray(bands.starts[band], bands.starts[band + 1])
    for (let i = 0; i < members.length; i++) {
      const a = ends(members[i]!)
      for (let j = i + 1; j < members.length; j++) {
        if (++pairs > maxPairs) return undefined
        const b = ends(members[j]!)
        if (!sharesEnd(a, b) && segmentsMeet(...a, ...b)) return [b[0], b[1]]
      }
    }
  }
  return undefined
}

type Ends = readonly [number, number, number, number]
const sharesEnd = (a: Ends, b: Ends): boolean =>
  (a[0] === b[0] && a[1] === b[1]) ||
  (a[0] === b[2] && a[1] === b[3]) ||
  (a[2] === b[0] && a[3] === b[1]) ||
  (a[2] === b[2] && a[3] === b[3])
