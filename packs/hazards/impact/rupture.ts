/**
 * A planar rupture from a hypocentre, and the distances of sites to it.
 *
 * Width and length after Wells & Coppersmith (1994, Bulletin of the Seismological Society of America 84, 974–1002) by
 * rake class; the hypocentre is the centre of the plane; where the top edge would stand above ground, the centre moves
 * down dip (towards strike + 90°) until the edge lies at the surface. Corners and distances follow the construction of
 * the OpenQuake engine (`build_planar`) so that its results can be compared. Depths and distances km, angles degrees.
 *
 * Rjb is 0 above the plane; Rx is signed, positive on the hanging-wall side; Ry0 is 0 beside the rupture.
 */
import {
  acrossTrack,
  azimuth,
  cartesian,
  cross,
  distanceKm,
  dot,
  type LonLatDegrees,
  minus,
  pointAt,
  unit,
  type Vector,
} from './sphere.ts'

export type Hypocentre = LonLatDegrees & { readonly depth: number }
export type Mechanism = { readonly strike: number; readonly dip: number; readonly rake: number }
/** Top left, top right, bottom right, bottom left, seen from the hanging wall. */
export type Rupture = {
  readonly corners: readonly [Hypocentre, Hypocentre, Hypocentre, Hypocentre]
  readonly width: number
  readonly length: number
  readonly area: number
  readonly ztor: number
  /** As stated at the hypocentre; Rx and Ry0 are measured from the great circle through the top left corner with it. */
  readonly strike: number
}
export type RuptureDistances = {
  readonly rjb: number
  readonly rrup: number
  readonly rx: number
  readonly ry0: number
}

const rad = Math.PI / 180

/** Wells & Coppersmith 1994, table 2A. */
export function ruptureSize(mag: number, rake: number): { readonly width: number; readonly length: number } {
  if (Math.abs(rake) <= 45 || Math.abs(rake) >= 135)
    return { width: 10 ** (-0.76 + 0.27 * mag), length: 10 ** (-2.57 + 0.62 * mag) }
  if (rake > 0) return { width: 10 ** (-1.61 + 0.41 * mag), length: 10 ** (-2.42 + 0.58 * mag) }
  return { width: 10 ** (-1.14 + 0.35 * mag), length: 10 ** (-1.88 + 0.5 * mag) }
}

export function planarRupture(hypocentre: Hypocentre, mag: number, mechanism: Mechanism): Rupture {
  const { strike, dip, rake } = mechanism
  const { width, length } = ruptureSize(mag, rake)
  const halfHeight = (width * Math.sin(dip * rad)) / 2
  const halfAcross = (width * Math.cos(dip * rad)) / 2
  const centre = belowGround(hypocentre, halfHeight, mechanism)
  const theta = Math.atan(halfAcross / (length / 2)) / rad
  const reach = Math.hypot(length / 2, halfAcross)
  const corner = (bearing: number, down: number): Hypocentre => ({
    ...pointAt(centre, reach, bearing),
    depth: centre.depth + down,
  })
  const corners = [
    corner(strike + 180 + theta, -halfHeight),
    corner(strike - theta, -halfHeight),
    corner(strike + theta, halfHeight),
    corner(strike + 180 - theta, halfHeight),
  ] as const
  return { ...measured(corners), corners, strike }
}

export function distancesTo(rupture: Rupture, site: LonLatDegrees): RuptureDistances {
  const [topLeft, topRight] = rupture.corners
  const { strike } = rupture
  const beforeStart = -acrossTrack(site, topLeft, strike - 90)
  const beyondEnd = acrossTrack(site, topRight, strike - 90)
  return {
    rjb: joynerBoore(rupture, site),
    rrup: toPlane(rupture, site),
    rx: acrossTrack(site, topLeft, strike),
    ry0: Math.max(0, beforeStart, beyondEnd),
  }
}

function belowGround(hypocentre: Hypocentre, halfHeight: number, { strike, dip }: Mechanism): Hypocentre {
  const rise = halfHeight - hypocentre.depth
  if (rise <= 0) return hypocentre
  const shifted = pointAt(hypocentre, Math.abs(rise / Math.tan(dip * rad)), strike + 90)
  return { ...shifted, depth: hypocentre.depth + rise }
}

/** Width and length as the mean of opposite sides in the plane through the top edge and the bottom left corner. */
function measured(corners: Rupture['corners']): Omit<Rupture, 'corners' | 'strike'> {
  const [a, b, c, d] = corners.map((corner) => cartesian(corner, corner.depth)) as [
    Vector,
    Vector,
    Vector,
    Vector,
  ]
  const along = unit(minus(b, a))
  const normal = unit(cross(along, minus(d, a)))
  const down = cross(normal, along)
  const length = (dot(minus(b, a), along) + dot(minus(c, d), along)) / 2
  const width = (dot(minus(d, a), down) + dot(minus(c, b), down)) / 2
  return { width, length, area: width * length, ztor: corners[0].depth }
}

function toPlane(rupture: Rupture, site: LonLatDegrees): number {
  const [a, b, , d] = rupture.corners.map((corner) => cartesian(corner, corner.depth)) as [
    Vector,
    Vector,
    Vector,
    Vector,
  ]
  const along = unit(minus(b, a))
  const normal = unit(cross(along, minus(d, a)))
  const offset = minus(cartesian(site, 0), a)
  const x = dot(offset, along)
  const y = dot(offset, cross(normal, along))
  const outX = x - Math.min(Math.max(x, 0), rupture.length)
  const outY = y - Math.min(Math.max(y, 0), rupture.width)
  return Math.hypot(dot(offset, normal), outX, outY)
}

/** On the plane map centred on the site (azimuthal equidistant), where edges a few tens of km long are straight. */
function joynerBoore(rupture: Rupture, site: LonLatDegrees): number {
  const flat = rupture.corners.map((corner) => {
    const bearing = azimuth(site, corner) * rad
    const km = distanceKm(site, corner)
    return [km * Math.sin(bearing), km * Math.cos(bearing)] as const
  })
  let nearest = Number.POSITIVE_INFINITY
  let side = 0
  flat.forEach(([x1, y1], at) => {
    const [x2, y2] = flat[(at + 1) % flat.length] ?? [x1, y1]
    const [dx, dy] = [x2 - x1, y2 - y1]
    const t = Math.min(1, Math.max(0, -(x1 * dx + y1 * dy) / (dx * dx + dy * dy)))
    nearest = Math.min(nearest, Math.hypot(x1 + t * dx, y1 + t * dy))
    side += Math.sign(x1 * dy - y1 * dx)
  })
  return Math.abs(side) === flat.length ? 0 : nearest // the site lies on the same side of all edges: above the plane
}
