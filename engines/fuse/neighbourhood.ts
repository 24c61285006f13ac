/**
 * The reports that may have to do with one another: from a few of them outwards, along everything that links two
 * reports (a shared id, a score high enough to ask about, a person's decision), until nothing new is found. What is
 * outside cannot change how those inside are grouped. Decisions count where this node's own people made them.
 */
import { type Held, instant, millis, type NodeId, type RecordId } from '../record/index.ts'
import type { ReactorView } from '../store/index.ts'
import { type Decided, isRelated } from './cluster.ts'
import type { DecisionBody, FusionRule, Report } from './contract.ts'
import { reportsOf } from './reports.ts'

export type Neighbourhood<Body> = {
  readonly reports: readonly Report<Body>[]
  readonly decisions: readonly Held<DecisionBody>[]
}

export async function neighbourhood<Body>(
  rule: FusionRule<Body>,
  node: NodeId,
  view: ReactorView,
  seeds: readonly RecordId[],
): Promise<Neighbourhood<Body>> {
  const reports = new Map<RecordId, Report<Body>>()
  const decisions = new Map<RecordId, Held<DecisionBody>>()
  const seen = new Set<RecordId>()
  let frontier = [...seeds]
  while (frontier.length > 0) {
    for (const id of frontier) seen.add(id)
    const [found, decided] = await Promise.all([
      reportsById(rule, view, frontier),
      decisionsAbout(rule, node, view, frontier),
    ])
    for (const report of found) reports.set(report.held.record.id, report)
    for (const decision of decided) decisions.set(decision.record.id, decision)
    const near = await relatedTo(rule, view, found, seen)
    const linked = decided.flatMap(({ record }) => [record.body.a, record.body.b])
    frontier = [...new Set([...near, ...linked])].filter((id) => !seen.has(id))
  }
  return { reports: [...reports.values()], decisions: [...decisions.values()] }
}

export const decidedBy = (decisions: readonly Held<DecisionBody>[]): Decided[] =>
  [...decisions]
    .sort((a, b) =>
      a.record.recordedAt === b.record.recordedAt
        ? byId(a, b)
        : a.record.recordedAt < b.record.recordedAt
          ? -1
          : 1,
    )
    .map(({ record }) => record.body)
    .filter(({ decision }) => decision !== 'withdrawn')

const byId = (a: Held, b: Held): number => (a.record.id < b.record.id ? -1 : 1)

async function reportsById<Body>(
  rule: FusionRule<Body>,
  view: ReactorView,
  ids: readonly RecordId[],
): Promise<Report<Body>[]> {
  const versions = await view.read({ types: rule.reads, ids, versions: 'all' })
  return reportsOf(rule, versions as readonly Held<Body>[])
}

async function decisionsAbout<Body>(
  rule: FusionRule<Body>,
  node: NodeId,
  view: ReactorView,
  ids: readonly RecordId[],
): Promise<Held<DecisionBody>[]> {
  const decisions = (await view.read({
    types: ['fuse.decision'],
    linkedTo: ids,
  })) as readonly Held<DecisionBody>[]
  return decisions.filter(({ record }) => record.body.rule === rule.name && record.origin === node)
}

/**
 * Judged first by the versions that lie in the window: a report whose newest revision lies outside is not related, and
 * one whose newest lies inside is among them. Only what may be related is then read whole.
 */
async function relatedTo<Body>(
  rule: FusionRule<Body>,
  view: ReactorView,
  reports: readonly Report<Body>[],
  seen: ReadonlySet<RecordId>,
): Promise<RecordId[]> {
  const windows = await Promise.all(windowsOf(rule, reports).map((window) => view.read(window)))
  const isNear = (held: Held<Body>) =>
    reports.some((report) => isInTime(rule, report.held, held) && isRelated(rule, report.held, held))
  const near = (windows.flat() as readonly Held<Body>[]).filter(
    (held) => !seen.has(held.record.id) && isNear(held),
  )
  if (near.length === 0) return []
  const candidates = await reportsById(rule, view, [...new Set(near.map(({ record }) => record.id))])
  return candidates.filter(({ held }) => isNear(held)).map(({ held }) => held.record.id)
}

/** What begins further apart is never one thing, whatever else it shares. */
const isInTime = <Body>({ windowMs }: FusionRule<Body>, a: Held<Body>, b: Held<Body>): boolean =>
  Math.abs(millis(a.record.valid.from) - millis(b.record.valid.from)) <= windowMs

type Window<Body> = { from: number; until: number; readonly reports: Held<Body>[] }

/**
 * By time, and by place where the rule bounds it: the index finds them, and the rule's own distance does the rest.
 * Windows that overlap are one question: of many reports of one hour each would read the same again.
 */
function windowsOf<Body>(rule: FusionRule<Body>, reports: readonly Report<Body>[]) {
  const windows: Window<Body>[] = []
  const inTime = reports
    .map(({ held }) => ({ held, at: millis(held.record.valid.from) }))
    .sort((a, b) => a.at - b.at)
  for (const { held, at } of inTime) {
    const last = windows.at(-1)
    if (last !== undefined && at - rule.windowMs <= last.until) {
      last.until = at + rule.windowMs
      last.reports.push(held)
    } else windows.push({ from: at - rule.windowMs, until: at + rule.windowMs, reports: [held] })
  }
  return windows.map(({ from, until, reports: own }) => ({
    types: rule.reads,
    validFrom: instant(from),
    validUntil: instant(until),
    ...(rule.within && { cells: [...new Set(own.flatMap((held) => rule.within?.(held) ?? []))] }),
    versions: 'all' as const,
  }))
}
