/**
 * Kinds of hazard: each has its word and its own drawing, in lists, on pages and on the map (`map/symbols.ts`). The
 * words are those of the records' `kind`; one that this page does not know is shown as it is, drawn as "other".
 */
import type { EventSummary } from '../../server/schemas/index.ts'

/** Lines in a box of 20 by 20. */
const lines = {
  earthquake: 'M1 10h4l2-6 3 12 3-9 2 3h4',
  flood: 'M2 13q2.600-3 5.300 0t5.300 0t5.300 0M2 17q2.600-3 5.300 0t5.300 0t5.300 0M5 10V6l5-4 5 4v4',
  wildfire: 'M10 18c-4 0-6-3-6-6 0-4 4-5 4-10 4 2 4 5 4 6 1-1 1-2 1-3 2 2 3 4 3 7 0 3-2 6-6 6z',
  storm: 'M3 4h14M5 8h10M7 12h6M9 16h2',
  wind: 'M2 7h10a3 3 0 1 0-3-3M2 11h14a2.500 2.500 0 1 1-2.500 2.500M2 15h6',
  thunderstorm: 'M5 10a4 4 0 1 1 2-7 4.500 4.500 0 0 1 8 2 2.500 2.500 0 0 1 0 5M11 8l-3 5h4l-3 5',
  rain: 'M5 10a4 4 0 1 1 2-7 4.500 4.500 0 0 1 8 2 2.500 2.500 0 0 1 0 5zM6 13l-1 4M10 13l-1 4M14 13l-1 4',
  'snow-ice': 'M10 2v16M3 6l14 8M17 6 3 14M8 3l2 2 2-2M8 17l2-2 2 2',
  fog: 'M3 5h14M2 9h12M6 13h12M4 17h10',
  heat: 'M10 6a4 4 0 1 0 0 8a4 4 0 1 0 0-8M10 1v2M10 17v2M1 10h2M17 10h2M4 4l1 1M15 15l1 1M4 16l1-1M15 5l1-1',
  cold: 'M8 12V4a2 2 0 1 1 4 0v8a4 4 0 1 1-4 0zM15 3l3 3M18 3l-3 3',
  coastal: 'M2 13q2.600-3 5.300 0t5.300 0t5.300 0M2 17q2.600-3 5.300 0t5.300 0t5.300 0M10 9V2l5 4h-5',
  avalanche: 'M2 17 9 4l3 6 2-2 4 9zM7 8l2 1 2-1',
  landslide: 'M2 3v14h16zM11 6h3M14 9h3',
  drought: 'M2 4h16v13H2zM7 4l2 5-3 4 2 4M9 9l4 2 5-3M13 11l-1 6',
  cyclone: 'M10 7a3 3 0 1 0 0 6a3 3 0 1 0 0-6M13 8c2-3 1-6-4-6M7 12c-2 3-1 6 4 6',
  tsunami: 'M2 16q3-3 6 0t6 0t4-1M3 12c0-7 9-9 13-5-5-1-6 4-3 6',
  volcano: 'M2 17 8 7h4l6 10zM10 4V1M6 4 5 2M14 4l1-2',
  'air-pollution': 'M3 17h14M5 17V9h4v8M11 17v-5h4v5M6 6q2-3 4-1t4-2',
  'water-pollution': 'M10 2c4 5 5 7 5 10a5 5 0 1 1-10 0c0-3 1-5 5-10zM8 11l4 4M12 11l-4 4',
  'industrial-accident': 'M2 17V8l5 3V8l5 3V3h4v14z',
  radiation: 'M10 8a2 2 0 1 0 0 4a2 2 0 1 0 0-4M7 6 5 2h10l-2 4M13 13l5 1-4 5M7 13l-5 1 4 5',
  other: 'M10 3v9M10 15v2',
} as const

export type Kind = keyof typeof lines
export const kinds = Object.keys(lines) as readonly Kind[]
export const isKind = (kind: string): kind is Kind => kind in lines
export const linesOf = (kind: string): string => lines[isKind(kind) ? kind : 'other']

/** An earthquake is told by its magnitude, everything else by what it is. */
export const isQuake = ({ kind }: Pick<EventSummary, 'kind'>): boolean => kind === 'earthquake'

/** Decoration: the word stands beside it. */
export function KindMark({ kind }: { readonly kind: string }) {
  return (
    <svg className="kind-mark" viewBox="0 0 20 20" aria-hidden="true" data-kind={kind}>
      <path d={linesOf(kind)} />
    </svg>
  )
}
