/**
 * The places of a region: its countries and their border lines, its towns, and the questions that engines ask of them.
 *
 * Point in country is exact against the atlas's line. That line is a generalisation for maps of 1:10 000 000, where
 * 0.2 mm, the least a map maker draws apart, is 2 km; so within 2 km of it the answer is marked. Measured against the
 * country that GeoNames gives each town: see README.
 */
import type { Geometry, MultiPolygon } from 'geojson'
import { type Km, km } from '../record/index.ts'
import { readAtlas } from './atlas.ts'
import type { CountryAt, LonLat, Places, Region, Town } from './contract.ts'
import { type LineTree, lineTree } from './line-tree.ts'
import { boundsOf, holdsPoint, prepareShape, type Shape, shapesTouch } from './shape.ts'
import { townFinder } from './town-finder.ts'
import { readTowns } from './towns.ts'

/** Within this distance of a line, 0.2 mm at 1:10 000 000, the side is uncertain. */
export const nearBorderKm = km(2)
/** Towns of countries that the region does not list are kept this far around the map's first view. */
const marginDegrees = 3

export async function openPlaces(region: Region): Promise<Places> {
  const codes = new Set(region.countries.map(({ code }) => code))
  const [west, south, east, north] = region.bounds
  const isAround = ([lon, lat]: LonLat) =>
    lon >= west - marginDegrees &&
    lon <= east + marginDegrees &&
    lat >= south - marginDegrees &&
    lat <= north + marginDegrees
  const [atlas, towns] = await Promise.all([
    readAtlas(region.countries),
    readTowns((country, at) => codes.has(country) || isAround(at)),
  ])
  return places(region, atlas, towns)
}

function places(
  region: Region,
  atlas: Awaited<ReturnType<typeof readAtlas>>,
  towns: readonly Town[],
): Places {
  const facts = new Map(region.countries.map((country) => [country.code, country]))
  const shapes = new Map<string, Shape>([...atlas.shapes].map(([code, shape]) => [code, prepareShape(shape)]))
  const boxes = [...shapes].map(([code, shape]) => ({ code, shape, box: boundsOf(shape) }))
  const finder = townFinder(towns)
  const borders = lazily(() => lineTree(atlas.lines.map(({ flat }) => flat)))
  const borderOf = new Map<string, () => LineTree>(
    region.countries.map(({ code }) => [
      code,
      lazily(() =>
        lineTree(atlas.lines.filter(({ owners }) => owners.includes(code)).map(({ flat }) => flat)),
      ),
    ]),
  )

  const codeAt = ([lon, lat]: LonLat) =>
    boxes.find(
      ({ shape, box: [w, s, e, n] }) =>
        lat >= s && lat <= n && ((lon >= w && lon <= e) || lon + 360 <= e) && holdsPoint(shape, [lon, lat]),
    )?.code

  const countryAt = (point: LonLat): CountryAt => {
    const code = codeAt(point)
    const borderKm = borders().nearest(point)
    return { ...(code !== undefined && { code }), borderKm, isNearBorder: borderKm <= nearBorderKm }
  }

  const distanceWithin = (point: LonLat, code: string, radius: Km): Km => {
    const shape = shapes.get(code)
    if (shape === undefined) return km(Infinity)
    return holdsPoint(shape, point) ? km(0) : (borderOf.get(code)?.().nearest(point, radius) ?? km(Infinity))
  }

  const inAnyOrder = (shape: Geometry) => {
    const asked = prepareShape(shape)
    return boxes.filter((country) => shapesTouch(asked, country.shape)).map(({ code }) => code)
  }

  return {
    region,
    country: (code) => facts.get(code),
    countryAt,
    shapeOf: (code): MultiPolygon | undefined => atlas.shapes.get(code),
    distanceToCountry: (point, code) => distanceWithin(point, code, km(Infinity)),
    countriesWithin: (point, radius) =>
      region.countries
        .map(({ code }) => ({ code, km: distanceWithin(point, code, radius) }))
        .filter((country) => country.km <= radius && Number.isFinite(country.km))
        .sort((a, b) => a.km - b.km || (a.code < b.code ? -1 : 1)),
    townsWithin: finder.within,
    townsIn: finder.inShape,
    countriesIn: (shape) => inAnyOrder(shape).sort(),
    towns: () => towns,
  }
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
