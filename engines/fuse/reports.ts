/**
 * From the versions of observations in the log to reports: which revision of each is the newest by the agency's own
 * word, and whether the agency took it back. Arrival order plays no part: a revision that comes late but was written
 * early does not win, and two revisions of one instant are told apart by their content.
 */
import { canonical, type Held } from '../record/index.ts'
import type { FusionRule, Report } from './contract.ts'

export function reportsOf<Body>(rule: FusionRule<Body>, versions: readonly Held<Body>[]): Report<Body>[] {
  const byId = Map.groupBy(versions, (held) => held.record.id)
  return [...byId.values()].flatMap((revisions) => reportOf(rule, revisions) ?? [])
}

/** Undefined: no revision ever was a report of this kind of thing. */
function reportOf<Body>(rule: FusionRule<Body>, revisions: readonly Held<Body>[]): Report<Body> | undefined {
  const ordered = [...revisions].sort((a, b) => byRevision(rule, a, b))
  const held = ordered.findLast(({ record }) => rule.applies(record.body))
  if (!held) return undefined
  return {
    held,
    isWithdrawn: ordered.at(-1) !== held,
    firstIndex: Math.min(...revisions.map(({ index }) => index)),
  }
}

function byRevision<Body>(rule: FusionRule<Body>, a: Held<Body>, b: Held<Body>): number {
  const difference = rule.revisedAt(a.record.body) - rule.revisedAt(b.record.body)
  if (difference !== 0) return difference
  return canonical(a.record.body) < canonical(b.record.body) ? -1 : 1
}
