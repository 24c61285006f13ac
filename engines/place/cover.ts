// biome-ignore-all lint/style/noNonNullAssertion: indexes into these arrays are within them by construction
/**
 * Covers a geometry with H3 cells such that any point in it has one of the cells among its line of ancestors.
 *
 * Two errors stand in the way: children reach over their parents' edges, and h3-js tests overlap with edges straight in
 * longitude and latitude while cells have great circles. So the cover is made at a fine resolution, widened by one ring,
 * which is more than either can err, and only then coarsened by taking parents. Coarser never uncovers, since a point's
 * ancestors go through the same parents.
 */
import type { Geometry, Position } from 'geojson'
import {
  cellToParent,
  compactCells,
  getHexagonAreaAvg,
  getHexagonEdgeLengthAvg,
  getRes0Cells,
  getResolution,
  gridDisk,
  polygonToCellsExperimental,
  UNITS,
} from 'h3-js'
import { km } from '../record/index.ts'
import { cellOf, finestResolution } from './cells.ts'
import type { LonLat } from './contract.ts'
import { circlePolygon, distanceKm, earthRadiusKm, turnBetween, wrapLon } from './great-circle.ts'

/** Fine enough for any shape of a map, coarse enough that a small polygon is not thousands of cells of a metre. */
const finestForShapes = 12
const defaultMaxCells = 128
/** A cloud of more points than this is covered from cells of some 36 km² on. */
const manyPoints = 2000
const coarserForMany = 6

/**
 * Compacted cells that cover the geometry, sorted; at most `maxCells` of them (but never fewer than the base cells it
 * needs, 122 for the whole globe). A point has its finest cell.
 */
export function cellsOverlapping(
  geometry: Geometry,
  { maxCells = defaultMaxCells }: { readonly maxCells?: number } = {},
): readonly string[] {
  const parts = simpleParts(geometry)
  const points = parts.filter((part) => part.kind === 'point')
  const spread = parts.filter((part) => part.kind !== 'point')
  if (spread.some(isBeyondH3)) return getRes0Cells().sort()
  const resolution = workingResolution(spread, maxCells)
  const near = new Set(spread.flatMap((part) => rawCells(part, resolution)))
  const covered = new Set([...near].flatMap((cell) => gridDisk(cell, 1)))
  const finest = points.length > manyPoints ? coarserForMany : finestResolution
  const cells = new Set([...compactCells([...covered]), ...points.map(({ at }) => cellOf(at, finest))])
  return [...bounded(cells, maxCells)].sort()
}

/** Cells around a point out to a distance, for a first search. */
export const cellsWithin = (point: LonLat, radiusKm: number, maxCells = defaultMaxCells): readonly string[] =>
  cellsOverlapping(circlePolygon(point, km(radiusKm * 1.01)), { maxCells })

type SimplePart =
  | { readonly kind: 'point'; readonly at: LonLat }
  | { readonly kind: 'line'; readonly line: readonly LonLat[] }
  | { readonly kind: 'polygon'; readonly rings: readonly (readonly LonLat[])[] }

function simpleParts(geometry: Geometry): readonly SimplePart[] {
  const point = ([lon = 0, lat = 0]: Position): SimplePart => ({ kind: 'point', at: [lon, lat] })
  const line = (line: readonly Position[]): SimplePart => ({ kind: 'line', line: unrolled(line) })
  const polygon = (rings: readonly (readonly Position[])[]): SimplePart => ({
    kind: 'polygon',
    rings: rings.map(unrolled),
  })
  switch (geometry.type) {
    case 'Point':
      return [point(geometry.coordinates)]
    case 'MultiPoint':
      return geometry.coordinates.map(point)
    case 'LineString':
      return [line(geometry.coordinates)]
    case 'MultiLineString':
      return geometry.coordinates.map(line)
    case 'Polygon':
      return [polygon(geometry.coordinates)]
    case 'MultiPolygon':
      return geometry.coordinates.map(polygon)
    case 'GeometryCollection':
      return geometry.geometries.flatMap(simpleParts)
  }
}

/** Without the jump over the antimeridian, and with no step longer than 60° of longitude, which H3 would misread. */
function unrolled(line: readonly Position[]): readonly LonLat[] {
  const points: LonLat[] = []
  let lonBefore: number | undefined
  let turn = 0
  for (const [lon = 0, lat = 0] of line) {
    turn += lonBefore === undefined ? 0 : turnBetween(lonBefore, lon)
    const [x, y] = points.at(-1) ?? [lon, lat]
    const across = lon + turn - x
    const steps = Math.max(1, Math.ceil(Math.abs(across) / 60))
    for (let step = 1; step <= steps; step++) {
      points.push([x + (step / steps) * across, y + (step / steps) * (lat - y)])
    }
    lonBefore = lon
  }
  return points
}

/** The finest at which the widened cover stays a small multiple of `maxCells`, judged part by part. */
function workingResolution(parts: readonly SimplePart[], maxCells: number): number {
  const extents = parts.map(extentOf)
  // Each cell is tried against the whole outline, so a hostile million of corners gets a coarser cover, not more time.
  const corners = parts.reduce((sum, part) => sum + cornersOf(part), 0)
  const budget = Math.max(maxCells, Math.min(maxCells * 16, 20_000_000 / corners))
  for (let resolution = finestForShapes; resolution > 0; resolution--) {
    const cellArea = getHexagonAreaAvg(resolution, UNITS.km2)
    const across = getHexagonEdgeLengthAvg(resolution, UNITS.km) * 1.5
    const cells = extents.reduce((sum, { area, outline, frame }) => {
      const byOutline = area / cellArea + (2 * outline) / across
      // A crooked outline comes back into the same cells: never more of them than the frame around it has.
      const byFrame = (frame.width * frame.height) / cellArea + (4 * (frame.width + frame.height)) / across
      return sum + Math.min(byOutline, byFrame) + 7
    }, 0)
    if (cells <= budget) return resolution
  }
  return 0
}

const cornersOf = (part: SimplePart) =>
  part.kind === 'polygon' ? part.rings.reduce((sum, ring) => sum + ring.length, 0) : 1

/** km² and km. */
type Extent = {
  readonly area: number
  readonly outline: number
  readonly frame: { readonly width: number; readonly height: number }
}

function extentOf(part: SimplePart): Extent {
  if (part.kind === 'point') return { area: 0, outline: 0, frame: { width: 0, height: 0 } }
  const lines = part.kind === 'line' ? [part.line] : part.rings
  let [west, south, east, north, outline] = [Infinity, Infinity, -Infinity, -Infinity, 0]
  for (const line of lines) {
    for (let i = 0; i < line.length; i++) {
      const [lon, lat] = line[i]!
      west = Math.min(west, lon)
      east = Math.max(east, lon)
      south = Math.min(south, lat)
      north = Math.max(north, lat)
      if (i > 0) outline += distanceKm(line[i - 1]!, line[i]!)
    }
  }
  const degree = (earthRadiusKm * Math.PI) / 180
  const nearEquator = south <= 0 && north >= 0 ? 0 : Math.min(Math.abs(south), Math.abs(north))
  const width = (east - west) * degree * Math.cos((nearEquator * Math.PI) / 180)
  return {
    area: part.kind === 'polygon' ? ringArea(part.rings[0] ?? []) : 0,
    outline,
    frame: { width, height: (north - south) * degree },
  }
}

/** km², spherical zone formula (Chamberlain & Duquette 2007, JPL 07-03): within some per cent, which is enough here. */
function ringArea(ring: readonly LonLat[]): number {
  const rad = Math.PI / 180
  let sum = 0
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1]!, ring[i]!]
    sum += (b[0] - a[0]) * rad * (2 + Math.sin(a[1] * rad) + Math.sin(b[1] * rad))
  }
  return (Math.abs(sum) * earthRadiusKm ** 2) / 2
}

function rawCells(part: SimplePart, resolution: number): readonly string[] {
  if (part.kind === 'point') return [cellOf(part.at, resolution)]
  const step = getHexagonEdgeLengthAvg(resolution, UNITS.km) / 2
  if (part.kind === 'line') return along(part.line, step, resolution)
  const rings = part.rings.map((ring) => ring.map(([lon, lat]) => [wrapLon(lon), lat]))
  return [
    ...polygonToCellsExperimental(rings, resolution, 'containmentOverlapping', true),
    ...part.rings.flatMap((ring) => along(ring, step, resolution)),
  ]
}

function along(line: readonly LonLat[], stepKm: number, resolution: number): readonly string[] {
  const cells = new Set<string>()
  const add = (point: LonLat) => cells.add(cellOf(point, resolution))
  if (line[0] !== undefined) add(line[0])
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1]!, line[i]!]
    const steps = Math.ceil(distanceKm(a, b) / stepKm) || 1
    for (let step = 1; step <= steps; step++) {
      add([a[0] + (step / steps) * (b[0] - a[0]), a[1] + (step / steps) * (b[1] - a[1])])
    }
  }
  return [...cells]
}

/** Wider than half the globe and over the antimeridian: H3 would take it for the other side. */
function isBeyondH3(part: SimplePart): boolean {
  if (part.kind !== 'polygon') return false
  const lons = part.rings.flatMap((ring) => ring.map(([lon]) => lon))
  const [west, east] = lons.reduce(
    ([w, e], lon) => [Math.min(w, lon), Math.max(e, lon)],
    [Infinity, -Infinity],
  )
  return east - west >= 180 && (west < -180 || east > 180)
}

/**
 * Coarsens until there are few enough: among the finest cells, those families first whose parent adds least, that is
 * of which most members are there. By whole levels while far too many.
 */
function bounded(cells: ReadonlySet<string>, maxCells: number): ReadonlySet<string> {
  let kept = cells
  while (kept.size > maxCells) {
    const finest = [...kept].reduce((most, cell) => Math.max(most, getResolution(cell)), 0)
    if (finest === 0) return kept
    kept =
      kept.size > 40 * maxCells
        ? uncovered([...kept].map((cell) => upTo(cell, Math.max(0, finest - 3))))
        : withParents(kept, finest, maxCells)
  }
  return kept
}

function withParents(cells: ReadonlySet<string>, finest: number, maxCells: number): ReadonlySet<string> {
  const families = Map.groupBy(
    [...cells].filter((cell) => getResolution(cell) === finest),
    (cell) => cellToParent(cell, finest - 1),
  )
  const bySize = [...families].sort(([a, as], [b, bs]) => bs.length - as.length || (a < b ? -1 : 1))
  const kept = new Set(cells)
  for (const [parent, members] of bySize) {
    if (kept.size <= maxCells) break
    for (const member of members) kept.delete(member)
    kept.add(parent)
  }
  return uncovered([...kept])
}

const upTo = (cell: string, resolution: number) =>
  getResolution(cell) > resolution ? cellToParent(cell, resolution) : cell

/** Without those that lie in another. */
function uncovered(cells: readonly string[]): ReadonlySet<string> {
  const all = new Set(cells)
  const levels = [...new Set(cells.map(getResolution))]
  const isUnder = (cell: string) =>
    levels.some((level) => level < getResolution(cell) && all.has(cellToParent(cell, level)))
  return new Set([...all].filter((cell) => !isUnder(cell)))
}
