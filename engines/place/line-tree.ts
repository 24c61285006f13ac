// biome-ignore-all lint/style/noNonNullAssertion: indexes into these arrays are within them by construction
/**
 * The nearest point of many lines, on the sphere: unit vectors in a packed tree of boxes (eight children a node, leaves
 * in Morton order; Kamel & Faloutsos 1993 for packing). A box in space bounds the chord from below everywhere, so the
 * antimeridian and the poles are nowhere special.
 *
 * Lines are straight in longitude and latitude while arcs are great circles: segments longer than half a degree are
 * cut, which keeps the two within 30 m of each other, and boxes are widened by the bulge of such an arc.
 */
import { type Km, km } from '../record/index.ts'
import type { LonLat } from './contract.ts'
import { earthRadiusKm } from './great-circle.ts'

export type LineTree = {
  /** Infinity when nothing is nearer than `within`. */
  readonly nearest: (point: LonLat, within?: Km) => Km
}

const perLeaf = 8
const perNode = 8
const longest = 0.5
/** 1 − cos(0.36°): the bulge of the longest piece, half a degree either way. */
const bulge = 2e-5
const rad = Math.PI / 180

/** Each line is flat: lon, lat, lon, lat, … */
export function lineTree(lines: readonly Float64Array[]): LineTree {
  const vectors = vectorsOf(lines)
  const leaves = leavesOf(vectors)
  const levels = levelsOf(leaves)
  const bounds = new Float64Array(levels.length * perNode)
  const order = new Int32Array(levels.length * perNode)

  const nearest = (point: LonLat, within: Km = km(Infinity)): Km => {
    const p = vectorOf(point[0], point[1])
    let best = (2 * Math.sin(Math.min(within / earthRadiusKm, Math.PI) / 2)) ** 2
    let isFound = false
    const visit = (level: number, node: number) => {
      if (level === 0) {
        for (let arc = leaves.from[node]!; arc < leaves.to[node]!; arc++) {
          const chord = chordToArc(p, vectors.values, arc * 3)
          if (chord > best) continue
          best = chord
          isFound = true
        }
        return
      }
      const below = levels[level - 1]!
      const first = node * perNode
      const count = Math.min(perNode, below.length / 6 - first)
      // The nearest children first, so that the others are soon too far. Each level has its own few places to sort in.
      const slot = level * perNode
      for (let child = 0; child < count; child++) {
        const bound = chordToBox(p, below, (first + child) * 6)
        let at = slot + child
        for (; at > slot && bounds[at - 1]! > bound; at--) {
          bounds[at] = bounds[at - 1]!
          order[at] = order[at - 1]!
        }
        bounds[at] = bound
        order[at] = first + child
      }
      for (let at = slot; at < slot + count && bounds[at]! <= best; at++) visit(level - 1, order[at]!)
    }
    if (leaves.from.length > 0) visit(levels.length - 1, 0)
    return km(isFound ? 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(best) / 2)) : Infinity)
  }
  return { nearest }
}

type Vectors = { readonly values: Float64Array; readonly lineStarts: readonly number[] }
type Leaves = { readonly from: Int32Array; readonly to: Int32Array; readonly boxes: Float64Array }

const vectorOf = (lon: number, lat: number): readonly [number, number, number] => [
  Math.cos(lat * rad) * Math.cos(lon * rad),
  Math.cos(lat * rad) * Math.sin(lon * rad),
  Math.sin(lat * rad),
]

function vectorsOf(lines: readonly Float64Array[]): Vectors {
  const pieces = (line: Float64Array, at: number) =>
    Math.ceil(
      Math.max(Math.abs(line[at + 2]! - line[at]!), Math.abs(line[at + 3]! - line[at + 1]!)) / longest,
    ) || 1
  const lineStarts = [0]
  for (const line of lines) {
    let count = 1
    for (let at = 0; at + 3 < line.length; at += 2) count += pieces(line, at)
    lineStarts.push(lineStarts.at(-1)! + count)
  }
  const values = new Float64Array(lineStarts.at(-1)! * 3)
  let used = 0
  const put = (lon: number, lat: number) => {
    const circle = Math.cos(lat * rad)
    values[used++] = circle * Math.cos(lon * rad)
    values[used++] = circle * Math.sin(lon * rad)
    values[used++] = Math.sin(lat * rad)
  }
  for (const line of lines) {
    put(line[0]!, line[1]!)
    for (let at = 0; at + 3 < line.length; at += 2) {
      const count = pieces(line, at)
      for (let piece = 1; piece <= count; piece++) {
        const share = piece / count
        put(
          line[at]! + share * (line[at + 2]! - line[at]!),
          line[at + 1]! + share * (line[at + 3]! - line[at + 1]!),
        )
      }
    }
  }
  return { values, lineStarts }
}

function leavesOf({ values, lineStarts }: Vectors): Leaves {
  const spans: { readonly from: number; readonly to: number; readonly order: number }[] = []
  for (let line = 0; line + 1 < lineStarts.length; line++) {
    const last = lineStarts[line + 1]! - 1
    for (let from = lineStarts[line]!; from < last; from += perLeaf) {
      const middle = Math.min(from + perLeaf / 2, last) * 3
      spans.push({
        from,
        to: Math.min(from + perLeaf, last),
        order: morton(values[middle]!, values[middle + 1]!, values[middle + 2]!),
      })
    }
  }
  spans.sort((a, b) => a.order - b.order || a.from - b.from)
  const boxes = new Float64Array(spans.length * 6)
  for (const [leaf, { from, to }] of spans.entries()) {
    boxes.set([Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity], leaf * 6)
    for (let at = from; at <= to; at++) {
      for (let axis = 0; axis < 3; axis++) {
        const value = values[at * 3 + axis]!
        if (value - bulge < boxes[leaf * 6 + axis]!) boxes[leaf * 6 + axis] = value - bulge
        if (value + bulge > boxes[leaf * 6 + 3 + axis]!) boxes[leaf * 6 + 3 + axis] = value + bulge
      }
    }
  }
  return { from: Int32Array.from(spans, (s) => s.from), to: Int32Array.from(spans, (s) => s.to), boxes }
}

/** Boxes of the leaves, then of every eight of them, and so on up to one. */
function levelsOf({ boxes }: Leaves): readonly Float64Array[] {
  const levels = [boxes]
  for (let below = boxes; below.length > 6; ) {
    const count = below.length / 6
    const level = new Float64Array(Math.ceil(count / perNode) * 6)
    for (let node = 0; node * 6 < level.length; node++) {
      level.set([Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity], node * 6)
      for (let child = node * perNode; child < Math.min((node + 1) * perNode, count); child++) {
        for (let axis = 0; axis < 3; axis++) {
          level[node * 6 + axis] = Math.min(level[node * 6 + axis]!, below[child * 6 + axis]!)
          level[node * 6 + 3 + axis] = Math.max(level[node * 6 + 3 + axis]!, below[child * 6 + 3 + axis]!)
        }
      }
    }
    levels.push(level)
    below = level
  }
  return levels
}

/** Ten bits of each axis, interleaved: near in space is near in order. */
function morton(x: number, y: number, z: number): number {
  const [a, b, c] = [x, y, z].map((v) => Math.max(0, Math.min(1023, Math.floor((v + 1) * 512)))) as [
    number,
    number,
    number,
  ]
  let code = 0
  for (let bit = 9; bit >= 0; bit--)
    code = code * 8 + ((a >> bit) & 1) * 4 + ((b >> bit) & 1) * 2 + ((c >> bit) & 1)
  return code
}

/** Squared chord from `p` to a box, from below. */
function chordToBox(p: readonly [number, number, number], boxes: Float64Array, at: number): number {
  const dx = Math.max(boxes[at]! - p[0], 0, p[0] - boxes[at + 3]!)
  const dy = Math.max(boxes[at + 1]! - p[1], 0, p[1] - boxes[at + 4]!)
  const dz = Math.max(boxes[at + 2]! - p[2], 0, p[2] - boxes[at + 5]!)
  return dx * dx + dy * dy + dz * dz
}

/** Squared chord from `p` to the arc between two neighbouring vectors: to its plane when the foot lies on it, else to an end. */
function chordToArc([px, py, pz]: readonly [number, number, number], v: Float64Array, at: number): number {
  const ax = v[at]!
  const ay = v[at + 1]!
  const az = v[at + 2]!
  const bx = v[at + 3]!
  const by = v[at + 4]!
  const bz = v[at + 5]!
  const nx = ay * bz - az * by
  const ny = az * bx - ax * bz
  const nz = ax * by - ay * bx
  const size = nx * nx + ny * ny + nz * nz
  if (size > 0) {
    const pastA = (ny * az - nz * ay) * px + (nz * ax - nx * az) * py + (nx * ay - ny * ax) * pz
    const beforeB = (ny * bz - nz * by) * px + (nz * bx - nx * bz) * py + (nx * by - ny * bx) * pz
    if (pastA >= 0 && beforeB <= 0) {
      const off = px * nx + py * ny + pz * nz
      const sine = Math.min(1, (off * off) / size)
      return (2 * sine) / (1 + Math.sqrt(1 - sine))
    }
  }
  return Math.min(
    (px - ax) ** 2 + (py - ay) ** 2 + (pz - az) ** 2,
    (px - bx) ** 2 + (py - by) ** 2 + (pz - bz) ** 2,
  )
}
