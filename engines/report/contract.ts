/**
 * Reports: what people read of a matter, drafted from its records in every language of its readers.
 *
 * A pack declares a **template**: from the material about a subject to a *plan*, which says the same in no language:
 * sections of blocks, whose words are catalogue keys with arguments, figures, names, times. The engine writes the plan in
 * each language, keeps it as a record, and draws it as HTML and PDF. It knows no domain and no country.
 */
import type { LonLat, Places } from '../place/index.ts'
import type { Held, Instant, MultilingualText } from '../record/index.ts'

/** What can be said without choosing a language. */
export type Words =
  /** A key of the catalogues, with its arguments. */
  | { readonly kind: 'said'; readonly key: string; readonly args: Readonly<Record<string, Argument>> }
  /** What others wrote, in the languages in which they did. */
  | { readonly kind: 'quoted'; readonly text: MultilingualText }
  /** A name, an identifier: the same in all languages. */
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly digits: number; readonly unit?: string }
  | {
      readonly kind: 'range'
      readonly low: number
      readonly high: number
      readonly digits: number
      readonly unit?: string
    }
  /** In UTC, to the minute. */
  | { readonly kind: 'time'; readonly at: Instant }
  | { readonly kind: 'countries'; readonly codes: readonly string[] }
export type Argument = string | number | Words

/** Words as they stand in one language; `language` where it is another than that of the text around it. */
export type Written = { readonly text: string; readonly language?: string }

export type Block<W> =
  | { readonly kind: 'paragraph'; readonly id: string; readonly words: W }
  | { readonly kind: 'list'; readonly id: string; readonly items: readonly W[] }
  | {
      readonly kind: 'facts'
      readonly id: string
      readonly rows: readonly { readonly label: W; readonly value: W }[]
    }
  | {
      readonly kind: 'table'
      readonly id: string
      readonly caption: W
      readonly head: readonly W[]
      readonly rows: readonly (readonly W[])[]
    }
  | { readonly kind: 'figure'; readonly id: string; readonly caption: W; readonly figure: Figure<W> }

export type Section<W> = { readonly id: string; readonly heading: W; readonly blocks: readonly Block<W>[] }

/** A drawing as data. Rings and points are [lon, lat]. */
export type Figure<W> = MapFigure<W> | PointsFigure<W> | RangesFigure<W> | SpansFigure<W>

export type MapFigure<W> = {
  readonly kind: 'map'
  /** [west, south, east, north] in degrees. */
  readonly bounds: readonly [number, number, number, number]
  readonly areas: readonly { readonly rings: readonly (readonly LonLat[])[] }[]
  readonly circles: readonly { readonly center: LonLat; readonly radiusKm: number }[]
  readonly marks: readonly {
    readonly at: LonLat
    readonly kind: 'centre' | 'town' | 'capital'
    readonly label?: W
  }[]
  /** What the signs mean. */
  readonly legend: readonly { readonly sign: 'centre' | 'area' | 'circle' | 'town'; readonly label: W }[]
  readonly credit: W
}
/** Values over time, each series with a sign of its own. */
export type PointsFigure<W> = {
  readonly kind: 'points'
  readonly axis: W
  readonly series: readonly {
    readonly name: W
    readonly points: readonly { readonly at: Instant; readonly value: number }[]
  }[]
}
/** Ranges beside each other on a logarithmic axis. */
export type RangesFigure<W> = {
  readonly kind: 'ranges'
  readonly axis: W
  readonly rows: readonly { readonly label: W; readonly low: number; readonly high: number }[]
}
/** What lasted from when to when. `isOver`: ended before its time. */
export type SpansFigure<W> = {
  readonly kind: 'spans'
  readonly asOf: Instant
  readonly rows: readonly {
    readonly label: W
    readonly spans: readonly {
      readonly from: Instant
      readonly until: Instant
      readonly isOver: boolean
    }[]
  }[]
}

/** Of what a report is made: all that this node held about the subject at `asOf`. */
export type Material = {
  readonly subject: Held
  /** Every version held of what the subject was derived from, in the order in which it came. */
  readonly inputs: readonly Held[]
  /** The newest version of what refers to the subject, in the order in which it came. */
  readonly related: readonly Held[]
  readonly asOf: Instant
  readonly places: Places
}

export type Plan = {
  readonly title: Words
  readonly sections: readonly Section<Words>[]
  /** Whom it concerns; their official languages are those of the readers. */
  readonly countries: readonly string[]
  /** IANA zone in which sentences give times. */
  readonly timeZone: string
}

export type ReportTemplate = {
  /** `hazards.warning-report` */
  readonly name: string
  readonly version: string
  readonly title: MultilingualText
  /** Types of records that it reports on. */
  readonly reads: readonly string[]
  /** Undefined: there is nothing to report of this. */
  readonly plan: (material: Material) => Plan | undefined
}

export const said = (key: string, args: Readonly<Record<string, Argument>> = {}): Words => ({
  kind: 'said',
  key,
  args,
})
export const quoted = (text: MultilingualText): Words => ({ kind: 'quoted', text })
export const plain = (text: string): Words => ({ kind: 'plain', text })
export const number = (value: number, digits = 0, unit?: string): Words => ({
  kind: 'number',
  value,
  digits,
  ...(unit === undefined ? {} : { unit }),
})
export const range = (low: number, high: number, digits = 0, unit?: string): Words => ({
  kind: 'range',
  low,
  high,
  digits,
  ...(unit === undefined ? {} : { unit }),
})
export const time = (at: Instant): Words => ({ kind: 'time', at })
export const countries = (codes: readonly string[]): Words => ({ kind: 'countries', codes })

/** The same block in other words. */
export function mapBlock<A, B>(block: Block<A>, write: (words: A) => B): Block<B> {
  switch (block.kind) {
    case 'paragraph':
      return { ...block, words: write(block.words) }
    case 'list':
      return { ...block, items: block.items.map(write) }
    case 'facts':
      return {
        ...block,
        rows: block.rows.map(({ label, value }) => ({ label: write(label), value: write(value) })),
      }
    case 'table':
      return {
        ...block,
        caption: write(block.caption),
        head: block.head.map(write),
        rows: block.rows.map((row) => row.map(write)),
      }
    case 'figure':
      return { ...block, caption: write(block.caption), figure: mapFigure(block.figure, write) }
  }
}

function mapFigure<A, B>(figure: Figure<A>, write: (words: A) => B): Figure<B> {
  switch (figure.kind) {
    case 'map':
      return {
        ...figure,
        marks: figure.marks.map(({ label, ...mark }) =>
          label === undefined ? mark : { ...mark, label: write(label) },
        ),
        legend: figure.legend.map((one) => ({ ...one, label: write(one.label) })),
        credit: write(figure.credit),
      }
    case 'points':
      return {
        ...figure,
        axis: write(figure.axis),
        series: figure.series.map((one) => ({ ...one, name: write(one.name) })),
      }
    case 'ranges':
    case 'spans':
      return mapRows(figure, write)
  }
}

function mapRows<A, B>(
  figure: RangesFigure<A> | SpansFigure<A>,
  write: (words: A) => B,
): RangesFigure<B> | SpansFigure<B> {
  if (figure.kind === 'spans')
    return { ...figure, rows: figure.rows.map((row) => ({ ...row, label: write(row.label) })) }
  return {
    ...figure,
    axis: write(figure.axis),
    rows: figure.rows.map((row) => ({ ...row, label: write(row.label) })),
  }
}
