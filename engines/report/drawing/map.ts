/**
 * A small map: land and borders, areas, circles, towns, scale, north, credit.
 *
 * Projection: equidistant cylindrical with the middle of the map as its parallel of true scale (Snyder 1987, USGS
 * Professional Paper 1395, §12): north is up everywhere, and over a few degrees lengths are true to about one in a
 * hundred. Shapes are cut to the frame by Sutherland and Hodgman (1974), which leaves edges along the frame: they lie
 * outside of it, because the frame is cut a little wider than it is shown.
 */
import type { Position } from 'geojson'
import { circlePolygon, type LonLat, type Places } from '../../place/index.ts'
import { km } from '../../record/index.ts'
import type { MapFigure, Written } from '../contract.ts'
import { drawing, element, group, ink, line, type Svg, widthOf, words } from './svg.ts'

const width = 640
const mostHeight = 520
const kmPerDegree = 111.195

type Frame = {
  readonly height: number
  readonly bounds: MapFigure<Written>['bounds']
  readonly pixelsPerKm: number
  readonly toPixel: (at: readonly number[]) => readonly [number, number]
}

export function drawMap(
  figure: MapFigure<Written>,
  { places, id, title }: { readonly places: Places; readonly id: string; readonly title: string },
): string {
  const frame = frameOf(figure.bounds)
  const legend = legendOf(figure, frame.height)
  const height = frame.height + legend.height
  const clip = `${id}-frame`
  return drawing({ id, title, width, height }, [
    element('clipPath', { id: clip }, element('rect', { x: 0, y: 0, width, height: frame.height })),
    element('rect', { x: 0, y: 0, width, height: frame.height, fill: ink.sea }),
    group(
      [
        land(places, frame),
        ...figure.areas.map(({ rings }) =>
          outline(rings, frame, {
            fill: ink.area,
            'fill-opacity': 0.22,
            stroke: ink.area,
            'stroke-width': 1.5,
          }),
        ),
        ...figure.circles.map((circle) => reach(circle, frame)),
        ...marks(figure, frame),
      ],
      { 'clip-path': `url(#${clip})` },
    ),
    scaleBar(frame),
    north(),
    element('rect', {
      x: 0.5,
      y: 0.5,
      width: width - 1,
      height: frame.height - 1,
      fill: 'none',
      stroke: ink.rule,
    }),
    legend.svg,
  ])
}

function frameOf(asked: MapFigure<Written>['bounds']): Frame {
  const [west, south, east, north] = sensible(asked)
  const middle = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const perDegree = width / (east - west)
  const height = Math.min(mostHeight, Math.max(240, ((north - south) * perDegree) / middle))
  const midLat = (south + north) / 2
  const halfLat = ((height / perDegree) * middle) / 2
  const bounds = [west, midLat - halfLat, east, midLat + halfLat] as const
  return {
    height,
    bounds,
    pixelsPerKm: perDegree / (kmPerDegree * middle),
    toPixel: ([lon = 0, lat = 0]) => [(lon - west) * perDegree, ((bounds[3] - lat) * perDegree) / middle],
  }
}

/** At least a tenth of a degree, at most a hundred, in the right order, off the poles. */
function sensible([w, s, e, n]: MapFigure<Written>['bounds']): readonly [number, number, number, number] {
  const lon = (Math.min(w, e) + Math.max(w, e)) / 2
  const lat = Math.max(-75, Math.min(75, (s + n) / 2))
  const half = (span: number) => Math.max(0.05, Math.min(50, Math.abs(span) / 2))
  return [
    lon - half(e - w),
    Math.max(-80, lat - half(n - s)),
    lon + half(e - w),
    Math.min(80, lat + half(n - s)),
  ]
}

function land(places: Places, frame: Frame): Svg {
  const shapes = places.region.countries.flatMap(({ code }) => {
    const rings = (places.shapeOf(code)?.coordinates ?? []).flat()
    const path = pathOf(rings, frame)
    return path === '' ? [] : [element('path', { d: path, 'fill-rule': 'evenodd' })]
  })
  return group(shapes, {
    fill: ink.land,
    stroke: ink.border,
    'stroke-width': 0.8,
    'stroke-linejoin': 'round',
  })
}

function outline(
  rings: readonly (readonly LonLat[])[],
  frame: Frame,
  attributes: Readonly<Record<string, string | number>>,
): Svg {
  return element('path', { d: pathOf(rings, frame), 'fill-rule': 'evenodd', ...attributes })
}

function reach({ center, radiusKm }: MapFigure<Written>['circles'][number], frame: Frame): Svg {
  const isNearPole = Math.abs(center[1]) + radiusKm / kmPerDegree >= 89
  const rings = isNearPole ? [] : circlePolygon(center, km(radiusKm)).coordinates.map(asPoints)
  return outline(rings, frame, {
    fill: 'none',
    stroke: ink.reach,
    'stroke-dasharray': '5 3',
    'stroke-width': 1.2,
  })
}

const asPoints = (ring: readonly Position[]): readonly LonLat[] =>
  ring.map(([lon = 0, lat = 0]) => [lon, lat])

/** A path of what of the rings lies in the frame, without points that nobody sees apart. */
function pathOf(rings: readonly (readonly (readonly number[] | Position)[])[], frame: Frame): string {
  return rings
    .map((ring) => thinned(clipped(ring, frame.bounds).map(frame.toPixel)))
    .filter((points) => points.length > 2)
    .map((points) => `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}Z`)
    .join('')
}

const round = (value: number): number => Math.round(value * 10) / 10

function thinned(points: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = []
  for (const point of points) {
    const last = kept.at(-1)
    if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) >= 0.7) kept.push(point)
  }
  return kept
}

type Point = readonly number[]

/** Edge by edge of a frame that is a twentieth wider on each side. */
function clipped(ring: readonly Point[], [w, s, e, n]: Frame['bounds']): readonly Point[] {
  const [dx, dy] = [(e - w) / 20, (n - s) / 20]
  const edges: readonly (readonly [axis: 0 | 1, limit: number, sign: 1 | -1])[] = [
    [0, w - dx, 1],
    [0, e + dx, -1],
    [1, s - dy, 1],
    [1, n + dy, -1],
  ]
  return edges.reduce<readonly Point[]>(
    (points, edge) => (points.length === 0 ? points : cut(points, edge)),
    ring,
  )
}

function cut(points: readonly Point[], [axis, limit, sign]: readonly [0 | 1, number, 1 | -1]): Point[] {
  const isIn = (point: Point) => ((point[axis] ?? 0) - limit) * sign >= 0
  const found: Point[] = []
  let before = points.at(-1) as Point
  for (const point of points) {
    if (isIn(point) !== isIn(before)) found.push(crossing(before, point, axis, limit))
    if (isIn(point)) found.push(point)
    before = point
  }
  return found
}

function crossing(a: Point, b: Point, axis: 0 | 1, limit: number): Point {
  const share = (limit - (a[axis] ?? 0)) / ((b[axis] ?? 0) - (a[axis] ?? 0))
  const other = axis === 0 ? 1 : 0
  const across = (a[other] ?? 0) + share * ((b[other] ?? 0) - (a[other] ?? 0))
  return axis === 0 ? [limit, across] : [across, limit]
}

/** Signs of all, names of those that find room: the first named has the first choice. */
function marks({ marks: all }: MapFigure<Written>, frame: Frame): readonly Svg[] {
  const taken = all.map(({ at }): readonly [number, number, number, number] => {
    const [x, y] = frame.toPixel(at)
    return [x - 4, y - 4, x + 4, y + 4]
  })
  const isFree = ([x1, y1, x2, y2]: readonly [number, number, number, number]) =>
    x1 >= 2 &&
    x2 <= width - 2 &&
    y1 >= 2 &&
    y2 <= frame.height - 2 &&
    taken.every(([a, b, c, d]) => x2 < a || x1 > c || y2 < b || y1 > d)
  const names = all.flatMap(({ at, kind, label }) => {
    if (label === undefined) return []
    const [x, y] = frame.toPixel(at)
    const size = kind === 'town' ? 12 : 13
    const wide = widthOf(label.text, size)
    const left = [x + 7, x - 7 - wide].find((from) => isFree([from, y - size + 3, from + wide, y + 5]))
    if (left === undefined) return []
    taken.push([left, y - size + 3, left + wide, y + 5])
    const weight = kind === 'town' ? undefined : 'bold'
    const common = { 'font-size': size, 'font-weight': weight }
    return [
      words(left, y + 4, label.text, {
        ...common,
        fill: '#ffffff',
        stroke: '#ffffff',
        'stroke-width': 3,
        'stroke-linejoin': 'round',
        'aria-hidden': 'true',
      }),
      words(left, y + 4, label.text, common),
    ]
  })
  return [...all.map(({ at, kind }) => sign(kind, frame.toPixel(at))), ...names]
}

function sign(kind: 'centre' | 'town' | 'capital', [x, y]: readonly [number, number]): Svg {
  switch (kind) {
    case 'centre':
      return element('path', { d: star(x, y), fill: ink.centre, stroke: '#ffffff', 'stroke-width': 1 })
    case 'capital':
      return element('rect', { x: x - 3, y: y - 3, width: 6, height: 6, fill: ink.text })
    case 'town':
      return element('circle', { cx: x, cy: y, r: 3, fill: ink.text })
  }
}

function star(x: number, y: number): string {
  const corners = Array.from({ length: 10 }, (_, corner) => {
    const [radius, angle] = [corner % 2 === 0 ? 10 : 4.2, (corner * Math.PI) / 5]
    return `${round(x + radius * Math.sin(angle))} ${round(y - radius * Math.cos(angle))}`
  })
  return `M${corners.join('L')}Z`
}

/** The longest round length that takes at most a quarter of the width. */
function scaleBar({ height, pixelsPerKm }: Frame): Svg {
  const most = width / 4 / pixelsPerKm
  const length = [1, 2, 5]
    .flatMap((digit) => [0, 1, 2, 3].map((power) => digit * 10 ** power))
    .filter((one) => one <= most)
    .reduce((a, b) => Math.max(a, b), 1)
  const [left, bottom] = [14, height - 14]
  const right = left + length * pixelsPerKm
  return group([
    element('rect', {
      x: left - 6,
      y: bottom - 22,
      width: right - left + 12,
      height: 30,
      fill: '#ffffff',
      'fill-opacity': 0.8,
    }),
    line([left, bottom], [right, bottom], { stroke: ink.text, 'stroke-width': 2 }),
    line([left, bottom - 4], [left, bottom + 4], { stroke: ink.text }),
    line([right, bottom - 4], [right, bottom + 4], { stroke: ink.text }),
    words((left + right) / 2, bottom - 7, `${length} km`, { 'text-anchor': 'middle' }),
  ])
}

function north(): Svg {
  const x = width - 22
  return group([
    element('circle', { cx: x, cy: 26, r: 17, fill: '#ffffff', 'fill-opacity': 0.8 }),
    element('path', { d: `M${x} 12L${x + 6} 28L${x} 24L${x - 6} 28Z`, fill: ink.text }),
    words(x, 40, 'N', { 'text-anchor': 'middle', 'font-size': 11 }),
  ])
}

function legendOf({ legend, credit }: MapFigure<Written>, top: number) {
  const lines = legend.map(({ sign: kind, label }, at) => {
    const y = top + 20 + at * 18
    return group([legendSign(kind, y), words(34, y + 4, label.text)])
  })
  const bottom = top + 20 + legend.length * 18
  const credits = words(8, bottom + 2, credit.text, { 'font-size': 10, fill: '#4a4f57' })
  return { svg: group([...lines, credits]), height: bottom + 12 - top }
}

function legendSign(kind: MapFigure<Written>['legend'][number]['sign'], y: number): Svg {
  switch (kind) {
    case 'centre':
      return sign('centre', [18, y])
    case 'town':
      return sign('town', [18, y])
    case 'area':
      return element('rect', {
        x: 8,
        y: y - 6,
        width: 20,
        height: 12,
        fill: ink.area,
        'fill-opacity': 0.22,
        stroke: ink.area,
      })
    case 'circle':
      return line([6, y], [30, y], { stroke: ink.reach, 'stroke-dasharray': '5 3', 'stroke-width': 1.2 })
  }
}
