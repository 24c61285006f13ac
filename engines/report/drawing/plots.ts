/**
 * Plots as SVG: values over time, ranges on a logarithmic axis, what lasted from when to when. Series differ by shape as
 * well as by colour. Times are UTC, as the axis says.
 */
import { type Instant, instant, millis } from '../../record/index.ts'
import type { PointsFigure, RangesFigure, SpansFigure, Written } from '../contract.ts'
import { utc } from '../write.ts'
import { drawing, element, group, ink, line, type Svg, words } from './svg.ts'

type Named = { readonly id: string; readonly title: string }
const width = 640
const middle = { 'text-anchor': 'middle' } as const
const end = { 'text-anchor': 'end' } as const

export function drawPoints(figure: PointsFigure<Written>, named: Named): string {
  const all = figure.series.flatMap(({ points }) => points)
  const [left, top, right, bottom] = [56, 30, width - 20, 250]
  const x = timeScale(
    all.map(({ at }) => at),
    [left + 10, right - 10],
  )
  const y = linearScale(
    all.map(({ value }) => value),
    [bottom - 8, top + 8],
  )
  const height = bottom + 44 + figure.series.length * 18
  return drawing({ ...named, width, height }, [
    words(8, 16, figure.axis.text, { 'font-size': 11 }),
    ...y.ticks.map((value) =>
      group([
        line([left, y.at(value)], [right, y.at(value)], { stroke: ink.grid }),
        words(left - 6, y.at(value) + 4, String(value), end),
      ]),
    ),
    ...timeAxis(x, bottom),
    line([left, top], [left, bottom]),
    ...figure.series.flatMap(({ points }, series) =>
      points.map(({ at, value }) => shape(series, [x.at(at), y.at(value)])),
    ),
    ...figure.series.map(({ name }, series) => {
      const at = bottom + 50 + series * 18
      return group([shape(series, [left + 8, at - 4]), words(left + 22, at, name.text)])
    }),
  ])
}

export function drawRanges(figure: RangesFigure<Written>, named: Named): string {
  const [left, top, right, step] = [230, 34, width - 130, 28]
  const highest = Math.max(10, ...figure.rows.map(({ high }) => high))
  const decades = Math.ceil(Math.log10(highest))
  const x = (value: number) => left + (Math.max(0, Math.log10(Math.max(1, value))) / decades) * (right - left)
  const bottom = top + figure.rows.length * step
  return drawing({ ...named, width, height: bottom + 30 }, [
    words(8, 16, figure.axis.text, { 'font-size': 11 }),
    ...Array.from({ length: decades + 1 }, (_, decade) => {
      const value = 10 ** decade
      return group([
        line([x(value), top], [x(value), bottom], { stroke: ink.grid }),
        words(x(value), bottom + 16, grouped(value), { ...middle, 'font-size': 11 }),
      ])
    }),
    line([left, bottom], [right, bottom]),
    ...figure.rows.map(({ label, low, high }, row) => {
      const y = top + row * step + step / 2
      const [from, to] = [x(low), Math.max(x(high), x(low) + 3)]
      return group([
        words(left - 8, y + 4, label.text, end),
        element('rect', {
          x: from,
          y: y - 7,
          width: to - from,
          height: 14,
          fill: ink.reach,
          'fill-opacity': 0.75,
        }),
        words(to + 5, y + 4, `${grouped(low)}–${grouped(high)}`, { 'font-size': 11 }),
      ])
    }),
  ])
}

export function drawSpans(figure: SpansFigure<Written>, named: Named): string {
  const [left, top, right, step] = [200, 20, width - 20, 30]
  const spans = figure.rows.flatMap((row) => row.spans)
  const x = timeScale([...spans.flatMap(({ from, until }) => [from, until]), figure.asOf], [left, right])
  const bottom = top + figure.rows.length * step
  const now = x.at(figure.asOf)
  return drawing({ ...named, width, height: bottom + 40 }, [
    ...timeAxis(x, bottom),
    ...figure.rows.map(({ label, spans: own }, row) => {
      const y = top + row * step + step / 2
      return group([
        words(left - 8, y + 4, label.text, end),
        ...own.map(({ from, until, isOver }) =>
          element('rect', {
            x: x.at(from),
            y: y - 8,
            width: Math.max(2, x.at(until) - x.at(from)),
            height: 16,
            fill: isOver ? ink.over : ink.area,
            'fill-opacity': 0.75,
            stroke: isOver ? ink.rule : ink.area,
          }),
        ),
      ])
    }),
    line([now, top - 6], [now, bottom], { stroke: ink.text, 'stroke-dasharray': '4 3' }),
  ])
}

/** `12 400`: with a narrow space, in every language. */
const grouped = (value: number): string => String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, '\u202f')

function shape(series: number, [x, y]: readonly [number, number]): Svg {
  const fill = ink.series[series % ink.series.length]
  const common = { fill, 'fill-opacity': 0.85 }
  switch (series % 4) {
    case 0:
      return element('circle', { cx: x, cy: y, r: 4.5, ...common })
    case 1:
      return element('rect', { x: x - 4, y: y - 4, width: 8, height: 8, ...common })
    case 2:
      return element('path', { d: `M${x} ${y - 5}L${x + 5} ${y + 4}L${x - 5} ${y + 4}Z`, ...common })
    default:
      return element('path', { d: `M${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}L${x - 5} ${y}Z`, ...common })
  }
}

type TimeScale = {
  readonly at: (time: Instant) => number
  readonly ticks: readonly Instant[]
}

const steps = [1, 5, 15, 60, 180, 360, 720, 1440, 2880, 10_080, 43_200].map((minutes) => minutes * 60_000)

/** Ticks at round times of UTC, five at most. */
function timeScale(times: readonly Instant[], [from, to]: readonly [number, number]): TimeScale {
  const all = times.map(millis)
  const first = Math.min(...all, ...(all.length === 0 ? [0] : []))
  const last = Math.max(first + 60_000, ...all)
  const step = steps.find((one) => (last - first) / one <= 5) ?? Math.ceil((last - first) / 5)
  const begin = Math.ceil(first / step) * step
  const ticks = Array.from({ length: 6 }, (_, tick) => begin + tick * step).filter((tick) => tick <= last)
  return {
    at: (time) => from + ((millis(time) - first) / (last - first)) * (to - from),
    ticks: ticks.map((tick) => instant(tick)),
  }
}

function timeAxis({ at, ticks }: TimeScale, y: number): readonly Svg[] {
  return [
    line([40, y], [width - 10, y]),
    ...ticks.map((tick) =>
      group([
        line([at(tick), y], [at(tick), y + 5]),
        words(at(tick), y + 18, utc(tick).slice(11), { ...middle, 'font-size': 10 }),
        words(at(tick), y + 30, utc(tick).slice(0, 10), { ...middle, 'font-size': 10 }),
      ]),
    ),
  ]
}

function linearScale(values: readonly number[], [from, to]: readonly [number, number]) {
  const low = Math.min(...values, ...(values.length === 0 ? [0] : []))
  const high = Math.max(low, ...values)
  const span = high === low ? 1 : Math.max(high - low, 1e-6)
  const step = 10 ** Math.floor(Math.log10(span)) * (span / 10 ** Math.floor(Math.log10(span)) >= 4 ? 1 : 0.5)
  const first = Math.floor(low / step)
  const last = Math.ceil((high === low ? low + step : high) / step)
  const ticks = Array.from({ length: last - first + 1 }, (_, tick) =>
    Number(((first + tick) * step).toPrecision(12)),
  )
  const [bottom, top] = [first * step, last * step]
  return { at: (value: number) => from + ((value - bottom) / (top - bottom)) * (to - from), ticks }
}
