/** Work for whoever keeps the register of areas: codes that warnings name and for which something else stands. */
import type { AreaFallback } from '../../place/index.ts'
import type { Held, Instant, MultilingualText } from '../../record/index.ts'
import type { NoticeBody } from './records.ts'

export type MissingArea = AreaFallback & {
  /** How many notices name it. */
  readonly notices: number
  /** The last until which one of them holds. */
  readonly until: Instant
  /** Who writes it. */
  readonly authorities: readonly string[]
  /** What they call it; for people to find the list, never to match by. */
  readonly called: MultilingualText
}

/** The most named first. */
export function missingAreas(notices: readonly Held<NoticeBody>[]): readonly MissingArea[] {
  const named = notices
    .filter(({ record }) => record.body.goesOnAs === undefined)
    .flatMap(({ record }) => (record.body.areaFallback ?? []).map((fallback) => ({ fallback, record })))
  const byCode = Map.groupBy(named, ({ fallback: { scheme, code, reason } }) => `${scheme}:${code} ${reason}`)
  return [...byCode.values()]
    .flatMap((group) => {
      const [first] = group
      if (first === undefined) return []
      const untils = group.map(({ record: { valid } }) => valid.until ?? valid.from).sort()
      const missing: MissingArea = {
        ...first.fallback,
        notices: group.length,
        until: untils.at(-1) ?? first.record.valid.from,
        authorities: [...new Set(group.map(({ record }) => record.body.authority.id))].sort(),
        called: first.record.body.texts.area,
      }
      return [missing]
    })
    .sort((a, b) => b.notices - a.notices || (`${a.scheme}:${a.code}` < `${b.scheme}:${b.code}` ? -1 : 1))
}
