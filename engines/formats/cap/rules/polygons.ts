/**
 * The rules for polygons (CAP 1.2 §3.2.4). Looking for crossings is the one costly thing in a message, so it is done
 * once per polygon, and within one budget for the whole message: whoever sends a polygon of a million corners gets it
 * published with the remark that it was not checked, and no reader waits.
 */
import type { CapPoint } from '../alert.ts'
import { crossesItself, doubleArea, isClosed, readPolygon, type ShapeFault } from '../geometry.ts'
import { type CapNode, fields } from '../node.ts'
import { at, type CapMessage, type CapRule } from './rule.ts'

const clause = 'CAP 1.2 §3.2.4 polygon'

export const shapeFaults: { readonly [fault in ShapeFault]: string } = {
  format: 'is not written as latitude,longitude',
  range: 'lies outside the Earth: latitude ±90, longitude ±180',
  'range-swapped': 'lies outside the Earth; latitude and longitude look swapped',
}

export const leftOut = (what: string, fault: ShapeFault): string =>
  `"${what.slice(0, 40)}" ${shapeFaults[fault]}. The shape was left out.`

type Judged = {
  readonly node: CapNode
  readonly points: readonly CapPoint[]
  readonly crosses: boolean | 'too-large-to-tell'
}

export const polygonRules: readonly CapRule[] = [
  {
    rule: 'cap/polygon-unreadable',
    clause,
    says: 'The polygon cannot be read and was left out.',
    *check(message) {
      for (const node of polygonNodes(message)) {
        const read = readPolygon(node.value)
        if ('fault' in read) yield { place: node.path, value: read.at, message: leftOut(read.at, read.fault) }
      }
    },
  },
  rule(
    'cap/polygon-too-few-points',
    'A polygon needs four points, the last equal to the first.',
    ({ points }) => points.length < 4,
  ),
  rule(
    'cap/polygon-open',
    'The last point is not the first: the polygon is not closed.',
    ({ points }) => !isClosed(points),
  ),
  rule(
    'cap/polygon-without-area',
    'All points lie on one line: the polygon encloses nothing.',
    ({ points, crosses }) =>
      points.length >= 4 && isClosed(points) && crosses === false && Math.abs(doubleArea(points)) < 1e-12,
  ),
  rule(
    'cap/polygon-crosses-itself',
    'The edges cross each other: inside and outside are not clear.',
    ({ crosses }) => crosses === true,
  ),
  rule(
    'cap/polygon-not-checked',
    'So large that its edges were not checked for crossings.',
    ({ crosses }) => crosses === 'too-large-to-tell',
  ),
]

function rule(name: string, says: string, isWrong: (polygon: Judged) => boolean): CapRule {
  return {
    rule: name,
    clause,
    says,
    *check(message) {
      for (const polygon of judgedPolygons(message)) if (isWrong(polygon)) yield at(polygon.node)
    },
  }
}

/** Pairs of edges compared in one message: far above any real one, far below a second. */
const budget = 6_000_000
const judged = new WeakMap<CapMessage, readonly Judged[]>()

function judgedPolygons(message: CapMessage): readonly Judged[] {
  const known = judged.get(message)
  if (known !== undefined) return known
  let left = budget
  const found: Judged[] = []
  for (const node of polygonNodes(message)) {
    const read = readPolygon(node.value)
    if (!('points' in read)) continue
    const { crosses, pairs } = crossesItself(read.points, left)
    left = Math.max(0, left - pairs)
    found.push({ node, points: read.points, crosses })
  }
  judged.set(message, found)
  return found
}

function* polygonNodes({ infos }: CapMessage): Generator<CapNode> {
  for (const info of infos) for (const area of fields(info, 'area')) yield* fields(area, 'polygon')
}
