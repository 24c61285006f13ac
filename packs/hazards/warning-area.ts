/**
 * The polygon of a warning: the convex hull of circles around towns, closed, counter-clockwise, [lat, lon] as in CAP.
 * Each circle is twelve points on the sphere's tangent plane (good to a percent at these sizes); the hull is Andrew's
 * monotone chain (1979). Rounded, to 0.01° (about 1 km) unless told otherwise, so that revisions of metres change nothing.
 * Known limit: towns on both sides of the 180th meridian are not handled.
 */
type Point = readonly [lat: number, lon: number]

const kmPerDegree = 111.195
const corners = 12

export function hullAround(towns: readonly Point[], marginKm: number, decimals = 2): readonly Point[] {
  const ring = convexHull(
    towns
      .flatMap((town) => circleAround(town, marginKm))
      .map(([lat, lon]) => [Number(lat.toFixed(decimals)), Number(lon.toFixed(decimals))] as const),
  )
  const [first] = ring
  return first ? [...ring, first] : []
}

function circleAround([lat, lon]: Point, radiusKm: number): Point[] {
  const high = radiusKm / kmPerDegree
  const wide = high / Math.max(Math.cos((lat * Math.PI) / 180), 0.01)
  return Array.from({ length: corners }, (_, at) => {
    const angle = (2 * Math.PI * at) / corners
    return [lat + high * Math.sin(angle), lon + wide * Math.cos(angle)] as const
  })
}

/** Open, counter-clockwise seen with longitude to the right. */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[1] - b[1] || a[0] - b[0])
  const lower = halfHull(sorted)
  const upper = halfHull(sorted.reverse())
  return [...lower.slice(0, -1), ...upper.slice(0, -1)]
}

function halfHull(sorted: readonly Point[]): Point[] {
  const hull: Point[] = []
  for (const point of sorted) {
    while (hull.length > 1 && turn(hull.at(-2), hull.at(-1), point) <= 0) hull.pop()
    hull.push(point)
  }
  return hull
}

/** Above zero: a left turn, seen with longitude to the right and latitude up. */
function turn(a: Point | undefined, b: Point | undefined, c: Point): number {
  if (!a || !b) return 0
  return (b[1] - a[1]) * (c[0] - a[0]) - (b[0] - a[0]) * (c[1] - a[1])
}
