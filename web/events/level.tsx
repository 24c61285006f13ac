/**
 * Alert levels. Colour is never the only carrier: each level has its own shape (none ○, green ●, yellow ▲, orange ◆,
 * red ■) and its word. The same shapes are drawn on the map (`map/symbols.ts`).
 */
import type { EventSummary } from '../../server/schemas/index.ts'
import type { TextKey } from '../text/catalogue.ts'
import { T } from '../text/use-text.tsx'

export type Level = EventSummary['level']
export const levels = ['green', 'yellow', 'orange', 'red'] as const

export const levelRank = (level: Level): number => (level === null ? -1 : levels.indexOf(level))
export const levelKey = (level: Level): TextKey => `level.${level ?? 'none'}`

/** Outlines in a box of 20 by 20. */
export const levelShapes: { readonly [level: string]: string } = {
  none: 'M10 3a7 7 0 1 0 0 14a7 7 0 1 0 0-14z',
  green: 'M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16z',
  yellow: 'M10 1.5 19 17.5H1z',
  orange: 'M10 .5 19.5 10 10 19.5.5 10z',
  red: 'M2 2h16v16H2z',
}

export function Shape({ level }: { readonly level: string }) {
  return (
    <svg className="level-mark" data-level={level} viewBox="0 0 20 20" aria-hidden="true">
      <path d={levelShapes[level]} />
    </svg>
  )
}

export function LevelTag({ level }: { readonly level: Level }) {
  return (
    <span className="level-tag" data-level={level ?? 'none'} data-testid="level">
      <Shape level={level ?? 'none'} />
      <T k={levelKey(level)} />
    </span>
  )
}
