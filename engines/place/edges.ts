// biome-ignore-all lint/style/noNonNullAssertion: indexes into these arrays are within them by construction
/**
 * One connected part of a shape (a polygon with its holes, a line, a point) as flat edges sorted into bands of latitude,
 * so that a question looks only at the edges near its own latitude: Albania's border answers a point from about five
 * edges of six hundred.
 *
 * Edges are straight in longitude and latitude (RFC 7946 §3.1.1). Each is kept with its lower end first, so two
 * neighbours compute the very same number for the line they share: no point falls between them or, off the line itself,
 * into both.
 *
 * Rings that jump over the antimeridian are unrolled: longitudes then run past 180 and askers try a turn either way.
 */
import type { Position } from 'geojson'
import { turnBetween } from './great-circle.ts'

export type Bounds = readonly [west: number, south: number, east: number, north: number]

export type Part = {
  /** Has an inside. */
  readonly isArea: boolean
  readonly bounds: Bounds
  /** Four numbers an edge: x and y of the lower end, x and y of the upper. */
  readonly edges: Float64Array
  readonly bands: Bands
  readonly first: readonly [number, number]
}

type Bands = {
  readonly south: number
  readonly height: number
  readonly count: number
  /** Edges of band i are `members[starts[i]] … members[starts[i + 1] - 1]`. */
  readonly starts: Int32Array
  readonly members: Int32Array
}

/** Undefined when there is no position in it. */
export function partOf(lines: readonly (readonly Position[])[], isArea: boolean): Part | undefined {
  const total = lines.reduce((sum, line) => sum + Math.max(1, line.length - 1), 0)
  const edges = new Float64Array(total * 4)
  let used = 0
  let first: [number, number] | undefined
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const line of lines) {
    let before: readonly [x: number, lat: number] | undefined
    let turn = 0
    let lonBefore = Number.NaN
    for (const [lon = 0, lat = 0] of line) {
      turn = before === undefined ? turnWithin(lon, west, east) : turn + turnBetween(lonBefore, lon)
      lonBefore = lon
      // Exactly `lon` where nothing is unrolled: neighbours must see the very same numbers.
      const x = lon + turn
      first ??= [x, lat]
      west = Math.min(west, x)
      east = Math.max(east, x)
      south = Math.min(south, lat)
      north = Math.max(north, lat)
      if (before !== undefined) {
        const isUp = before[1] < lat || (before[1] === lat && before[0] <= x)
        edges.set(isUp ? [before[0], before[1], x, lat] : [x, lat, before[0], before[1]], used)
        used += 4
      }
      before = [x, lat]
    }
    if (line.length === 1 && before !== undefined) {
      edges.set([before[0], before[1], before[0], before[1]], used)
      used += 4
    }
  }
  if (first === undefined) return undefined
  const kept = edges.subarray(0, used)
  return {
    isArea,
    bounds: [west, south, east, north],
    edges: kept,
    bands: bandsOf(kept, south, north),
    first,
  }
}

/** Where a hole begins: on the turn of longitude on which the outer ring lies. */
const turnWithin = (lon: number, west: number, east: number) =>
  [0, 360, -360].find((turn) => lon + turn >= west && lon + turn <= east) ?? 0

function bandsOf(edges: Float64Array, south: number, north: number): Bands {
  const count = Math.max(1, Math.min(4096, edges.length >> 4))
  const height = (north - south) / count || 1
  const bandOf = (lat: number) => Math.max(0, Math.min(count - 1, Math.floor((lat - south) / height)))
  const starts = new Int32Array(count + 1)
  for (let e = 0; e < edges.length; e += 4) {
    for (let b = bandOf(edges[e + 1] ?? 0); b <= bandOf(edges[e + 3] ?? 0); b++) starts[b + 1]!++
  }
  for (let b = 0; b < count; b++) starts[b + 1]! += starts[b]!
  const members = new Int32Array(starts[count]!)
  const next = starts.slice(0, count)
  for (let e = 0; e < edges.length; e += 4) {
    for (let b = bandOf(edges[e + 1] ?? 0); b <= bandOf(edges[e + 3] ?? 0); b++) members[next[b]!++] = e
  }
  return { south, height, count, starts, members }
}

/** Even-odd over all rings; on the line counts as in. `x` must already be on the part's turn of longitude. */
export function partHolds(part: Part, x: number, y: number): boolean {
  const [west, south, east, north] = part.bounds
  if (x < west || x > east || y < south || y > north) return false
  const { edges, bands } = part
  const band = bandAt(bands, y)
  let isIn = false
  for (let k = bands.starts[band]!; k < bands.starts[band + 1]!; k++) {
    const e = bands.members[k]!
    const y1 = edges[e + 1]!
    const y2 = edges[e + 3]!
    if (y < y1 || y > y2) continue
    const x1 = edges[e]!
    const x2 = edges[e + 2]!
    const side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
    if (side === 0 && x >= Math.min(x1, x2) && x <= Math.max(x1, x2)) return true
    if (y < y2 && side > 0) isIn = !isIn
  }
  return isIn && part.isArea
}

/** Whether some edge of `a`, moved by `shift` degrees of longitude, meets some edge of `b`; touching counts. */
export function edgesMeet(a: Part, b: Part, shift: number): boolean {
  if (a.edges.length > b.edges.length) return edgesMeet(b, a, -shift)
  const { edges, bands } = b
  for (let e = 0; e < a.edges.length; e += 4) {
    const x1 = a.edges[e]! + shift
    const y1 = a.edges[e + 1]!
    const x2 = a.edges[e + 2]! + shift
    const y2 = a.edges[e + 3]!
    if (y2 < b.bounds[1] || y1 > b.bounds[3]) continue
    if (Math.max(x1, x2) < b.bounds[0] || Math.min(x1, x2) > b.bounds[2]) continue
    for (let k = bands.starts[bandAt(bands, y1)]!; k < bands.starts[bandAt(bands, y2) + 1]!; k++) {
      const f = bands.members[k]!
      if (segmentsMeet(x1, y1, x2, y2, edges[f]!, edges[f + 1]!, edges[f + 2]!, edges[f + 3]!)) return true
    }
  }
  return false
}

const bandAt = (bands: Bands, lat: number) =>
  Math.max(0, Math.min(bands.count - 1, Math.floor((lat - bands.south) / bands.height)))

/** Two closed segments share a point. */
export function segmentsMeet(
  ...[ax, ay, bx, by, cx, cy, dx, dy]: [number, number, number, number, number, number, number, number]
): boolean {
  if (Math.max(ax, bx) < Math.min(cx, dx) || Math.max(cx, dx) < Math.min(ax, bx)) return false
  if (Math.max(ay, by) < Math.min(cy, dy) || Math.max(cy, dy) < Math.min(ay, by)) return false
  const c = turn(ax, ay, bx, by, cx, cy)
  const d = turn(ax, ay, bx, by, dx, dy)
  const a = turn(cx, cy, dx, dy, ax, ay)
  const b = turn(cx, cy, dx, dy, bx, by)
  return c * d <= 0 && a * b <= 0
}

const turn = (ax: number, ay: number, bx: number, by: number, px: number, py: number) =>
  Math.sign((bx - ax) * (py - ay) - (by - ay) * (px - ax))
