/**
 * Country shapes and border lines from `world-atlas` (Natural Earth 1:10 000 000, public domain), named by the region's
 * data: the atlas has its own view of names, codes and disputed places, the region has the agreed one.
 *
 * A selector is the atlas's numeric code (`008`), its name where it has no code (`Kosovo`), or either followed by
 * ` at <lon>,<lat>`: of that shape only the polygon that holds the point, which is then taken from whoever names the
 * whole. A line with the same country on both sides is no border and is left out.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { MultiPolygon, Position } from 'geojson'
import { feature, merge } from 'topojson-client'
import type { GeometryCollection, Topology, MultiPolygon as TopoMultiPolygon } from 'topojson-specification'
import { MosaicError } from '../record/index.ts'
import type { CountryFacts } from './contract.ts'
import { holdsPoint, prepareShape } from './shape.ts'

export class ShapeMissing extends MosaicError {
  override readonly name = 'ShapeMissing'
  override readonly code = 'place/shape-missing'
}

export type Atlas = {
  readonly shapes: ReadonlyMap<string, MultiPolygon>
  /** Border and coast lines, each once; `owners` are the countries of the region on either side. */
  readonly lines: readonly { readonly flat: Float64Array; readonly owners: readonly string[] }[]
}

type AtlasTopology = Topology<{ countries: GeometryCollection<{ name: string }> }>
/** One polygon: rings of arc numbers, negative when reversed (`~arc`). */
type Rings = number[][]

export async function readAtlas(countries: readonly CountryFacts[]): Promise<Atlas> {
  const file = fileURLToPath(import.meta.resolve('world-atlas/countries-10m.json'))
  const topology = JSON.parse(await readFile(file, 'utf8')) as AtlasTopology
  const polygonsByName = polygonsOf(topology)
  const assigned = assign(topology, countries, polygonsByName)
  const shapes = new Map<string, MultiPolygon>()
  for (const { code, shape } of countries) {
    const arcs = assigned.get(code) ?? []
    const part: TopoMultiPolygon = { type: 'MultiPolygon', arcs }
    shapes.set(code, shape.length === 1 ? whole(topology, part) : overAntimeridian(merge(topology, [part])))
  }
  return { shapes, lines: bordersOf(topology, assigned, polygonsByName) }
}

const whole = (topology: AtlasTopology, part: TopoMultiPolygon): MultiPolygon =>
  overAntimeridian(feature(topology, part).geometry)

/**
 * The atlas sews shapes together over the antimeridian and repeats points there as 180 and −180. Here their longitudes
 * run on past 180 instead, so that no step is in doubt.
 */
const overAntimeridian = (shape: MultiPolygon): MultiPolygon => ({
  type: 'MultiPolygon',
  coordinates: shape.coordinates.map((rings) => {
    if (!rings.some((ring) => ring.some(([lon = 0], i) => Math.abs(lon - (ring[i - 1]?.[0] ?? lon)) > 180))) {
      return rings
    }
    const continuous = rings.map(continued)
    const west = Math.min(...continuous.flat().map(([lon = 0]) => lon))
    return west >= -180
      ? continuous
      : continuous.map((ring) => ring.map(([lon = 0, lat = 0]) => [lon + 360, lat]))
  }),
})

function continued(ring: readonly Position[]): Position[] {
  let turn = 0
  return ring.map(([lon = 0, lat = 0], i) => {
    turn -= 360 * Math.round((lon - (ring[i - 1]?.[0] ?? lon)) / 360)
    return [lon + turn, lat]
  })
}

function polygonsOf(topology: AtlasTopology): ReadonlyMap<string, readonly Rings[]> {
  const found = new Map<string, Rings[]>()
  for (const [at, geometry] of topology.objects.countries.geometries.entries()) {
    const arcs =
      geometry.type === 'Polygon' ? [geometry.arcs] : geometry.type === 'MultiPolygon' ? geometry.arcs : []
    const name = String(geometry.id ?? nameOf(geometry.properties) ?? `unnamed ${at}`)
    found.set(name, [...(found.get(name) ?? []), ...arcs])
  }
  return found
}

const nameOf = (properties: { readonly name?: string } | undefined) => properties?.name

function assign(
  topology: AtlasTopology,
  countries: readonly CountryFacts[],
  polygonsByName: ReadonlyMap<string, readonly Rings[]>,
): ReadonlyMap<string, Rings[]> {
  const parts = new Map<Rings, string>()
  for (const { code, shape } of countries) {
    for (const selector of shape.filter((text) => text.includes(' at '))) {
      const [name = '', where = ''] = selector.split(' at ')
      const [lon = Number.NaN, lat = Number.NaN] = where.split(',').map(Number)
      const polygon = polygonsByName
        .get(name)
        ?.find((arcs) =>
          holdsPoint(prepareShape(whole(topology, { type: 'MultiPolygon', arcs: [arcs] })), [lon, lat]),
        )
      if (polygon === undefined) throw missing(code, selector)
      parts.set(polygon, code)
    }
  }
  const assigned = new Map<string, Rings[]>()
  for (const { code, shape } of countries) {
    const whole = shape
      .filter((text) => !text.includes(' at '))
      .flatMap((selector) => {
        const polygons = polygonsByName.get(selector)
        if (polygons === undefined) throw missing(code, selector)
        return polygons.filter((polygon) => !parts.has(polygon))
      })
    const extra = [...parts].filter(([, owner]) => owner === code).map(([polygon]) => polygon)
    assigned.set(code, [...whole, ...extra])
  }
  return assigned
}

const missing = (code: string, selector: string) =>
  new ShapeMissing(
    `The atlas has no shape "${selector}" that ${code} names; correct \`shape\` in the region's data.`,
  )

function bordersOf(
  topology: AtlasTopology,
  assigned: ReadonlyMap<string, readonly Rings[]>,
  polygonsByName: ReadonlyMap<string, readonly Rings[]>,
): Atlas['lines'] {
  const ownerOf = new Map<Rings, string>()
  for (const [code, polygons] of assigned) for (const polygon of polygons) ownerOf.set(polygon, code)
  const sides = topology.arcs.map((): string[] => [])
  for (const [name, polygons] of polygonsByName) {
    for (const polygon of polygons) {
      for (const arc of polygon.flat())
        sides[arc < 0 ? ~arc : arc]?.push(ownerOf.get(polygon) ?? `other ${name}`)
    }
  }
  return topology.arcs.flatMap((arc, at) => {
    const owners = sides[at] ?? []
    if (owners.length === 0 || (owners.length > 1 && owners.every((owner) => owner === owners[0]))) return []
    return unrolled(topology, arc).map((flat) => ({
      flat,
      owners: owners.filter((owner) => assigned.has(owner)),
    }))
  })
}

/** Undoes the delta coding; leaves out the frame that closes shapes along the antimeridian. */
function unrolled(topology: AtlasTopology, arc: readonly (readonly number[])[]): readonly Float64Array[] {
  const [sx, sy] = topology.transform?.scale ?? [1, 1]
  const [tx, ty] = topology.transform?.translate ?? [0, 0]
  const points = new Float64Array(arc.length * 2)
  const lines: Float64Array[] = []
  let [x, y, from] = [0, 0, 0]
  const cut = (to: number) => {
    if (to - from > 2) lines.push(points.subarray(from, to))
    from = to
  }
  for (let at = 0; at < points.length; at += 2) {
    const [dx = 0, dy = 0] = arc[at / 2] ?? []
    x += dx
    y += dy
    points[at] = x * sx + tx
    points[at + 1] = y * sy + ty
    const isAlongFrame = at > 0 && [points[at], points[at - 2]].every((lon = 0) => Math.abs(lon) > 179.99)
    if (isAlongFrame) cut(at)
  }
  cut(points.length)
  return lines
}
