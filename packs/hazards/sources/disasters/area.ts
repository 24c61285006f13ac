/**
 * An area as it came, made fit for a record: checked, and thinned where its outline has more corners than a record of
 * 1 MiB can hold. Thinning takes every second, fourth … corner of each ring and drops parts and holes that vanish; it is
 * said. An outline of that many corners is finer than the map that it was drawn from.
 */
import type { Geometry, Position } from 'geojson'
import { checkGeometry } from '../../../../engines/place/index.ts'
import type { Issue } from '../../../../engines/record/index.ts'

export type Area = { readonly geometry?: Geometry; readonly defects: readonly Issue[] }

const mostChars = 500_000
const cornersOfARing = 4

export function areaIn(value: unknown, place: string): Area {
  const checked = checkGeometry(value)
  if (!checked.ok)
    return { defects: checked.issues.map((issue) => ({ ...issue, place: `${place}${issue.place}` })) }
  let geometry: Geometry | undefined = checked.geometry
  let step = 1
  while (geometry !== undefined && JSON.stringify(geometry).length > mostChars && step < 1024) {
    step *= 2
    geometry = thinned(checked.geometry, step)
  }
  if (step === 1) return { geometry: checked.geometry, defects: [] }
  const again = geometry === undefined ? undefined : checkGeometry(geometry)
  return { ...(again?.ok && { geometry: again.geometry }), defects: [simplified(place, step)] }
}

function thinned(geometry: Geometry, step: number): Geometry | undefined {
  switch (geometry.type) {
    case 'Polygon': {
      const coordinates = ringsOf(geometry.coordinates, step)
      return coordinates && { type: 'Polygon', coordinates }
    }
    case 'MultiPolygon': {
      const coordinates = geometry.coordinates.flatMap((rings) => {
        const kept = ringsOf(rings, step)
        return kept === undefined ? [] : [kept]
      })
      return coordinates.length === 0 ? undefined : { type: 'MultiPolygon', coordinates }
    }
    default:
      return undefined // points and lines are no areas; none that long is known
  }
}

/** The first ring is the outline: without it there is nothing. */
function ringsOf(rings: readonly (readonly Position[])[], step: number): Position[][] | undefined {
  const [outline, ...holes] = rings.map((ring) =>
    ring.filter((_, at) => at % step === 0 || at === ring.length - 1),
  )
  if (outline === undefined || outline.length < cornersOfARing) return undefined
  return [outline, ...holes.filter((hole) => hole.length >= cornersOfARing)]
}

const simplified = (place: string, step: number): Issue => ({
  rule: 'hazards/area-simplified',
  place,
  value: String(step),
  message: 'The outline has more corners than a record holds: every so many of them was kept.',
})
