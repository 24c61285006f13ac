/** Shapes and heights (CAP 1.2 §3.2.4). Latitude comes first, the opposite of GeoJSON. */
import { readCircle } from '../geometry.ts'
import { type CapNode, field, fields } from '../node.ts'
import { readDecimal } from '../word.ts'
import { leftOut, polygonRules } from './polygons.ts'
import { at, type CapRule } from './rule.ts'

const circleClause = 'CAP 1.2 §3.2.4 circle'

export const areaRules: readonly CapRule[] = [
  ...polygonRules,
  {
    rule: 'cap/circle-unreadable',
    clause: circleClause,
    says: 'A circle is latitude,longitude, a space and the radius in kilometres. It was left out.',
    *check({ infos }) {
      for (const node of shapes(infos, 'circle')) {
        const read = readCircle(node.value)
        if ('fault' in read) yield { place: node.path, value: read.at, message: leftOut(read.at, read.fault) }
      }
    },
  },
  {
    rule: 'cap/circle-radius',
    clause: circleClause,
    says: 'The radius must be above zero.',
    *check({ infos }) {
      for (const node of shapes(infos, 'circle')) {
        const read = readCircle(node.value)
        if ('circle' in read && !(read.circle.radiusKm > 0)) yield at(node)
      }
    },
  },
  {
    rule: 'cap/ceiling-without-altitude',
    clause: 'CAP 1.2 §3.2.4 ceiling',
    says: 'A ceiling needs an altitude beside it.',
    *check({ infos }) {
      for (const area of areas(infos)) {
        const ceiling = field(area, 'ceiling')
        if (ceiling !== undefined && field(area, 'altitude') === undefined) yield at(ceiling)
      }
    },
  },
  {
    rule: 'cap/ceiling-not-above-altitude',
    clause: 'CAP 1.2 §3.2.4 altitude, ceiling',
    says: 'The ceiling must lie above the altitude.',
    *check({ infos }) {
      for (const area of areas(infos)) {
        const ceiling = field(area, 'ceiling')
        const top = readDecimal(ceiling?.value ?? '')
        const bottom = readDecimal(field(area, 'altitude')?.value ?? '')
        if (ceiling !== undefined && top !== undefined && bottom !== undefined && top <= bottom)
          yield at(ceiling)
      }
    },
  },
]

function* areas(infos: readonly CapNode[]): Generator<CapNode> {
  for (const info of infos) yield* fields(info, 'area')
}

function* shapes(infos: readonly CapNode[], name: string): Generator<CapNode> {
  for (const area of areas(infos)) yield* fields(area, name)
}
