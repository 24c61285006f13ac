/**
 * The reports that may have to do with one another: from a few of them outwards, along everything that links two
 * reports (a shared id, a score high enough to ask about, a person's decision), until nothing new is found. What is
 * outside cannot change how those inside are grouped. Decisions count where this node's own people made them.
 */
import { getHexagonEdgeLengthAvg, gridDisk, latLngToCell } from 'h3-js'
import { type Held, instant, millis, type NodeId, type Place, type RecordId } from '../record/index.ts'
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
    const found = await reportsById(rule, view, frontier)
    for (const report of found) reports.set(report.held.record.id, report)
    const decided = await decisionsAbout(rule, node, view, frontier)
    for (const decision of decided) decisions.set(decision.record.id, decision)
    const near = await relatedTo(rule, view, found, seen)
    const linked = decided.flatMap(({ record }) => [record.body.a, record.body.b])
    frontier = [...new Set([...near, ...linked])].filter((id) => !seen.has(id))
  }
  return { reports: [...reports.values()], decisions: [...decisions.values()] }
}

export const decidedBy = (decisions: readonly Held<DecisionBody>[]): Decided[] =>
  decisions.map(({ record }) => record.body).filter(({ decision }) => decision !== 'withdrawn')

async function reportsById<Body>(
  rule: FusionRule<Body>,
  view: ReactorView,
  ids: readonly RecordId[],
): Promise<Report<Body>[]> {
  const versions = await view.read({ types: [rule.reads], ids, versions: 'all' })
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

async function relatedTo<Body>(
  rule: FusionRule<Body>,
  view: ReactorView,
  reports: readonly Report<Body>[],
  seen: ReadonlySet<RecordId>,
): Promise<RecordId[]> {
  const related: RecordId[] = []
  for (const { held } of reports) {
    const near = (await view.read(inReach(rule, held))) as readonly Held<Body>[]
    for (const { record } of near) if (!seen.has(record.id)) related.push(record.id)
  }
  if (related.length === 0) return []
  const candidates = await reportsById(rule, view, [...new Set(related)])
  return candidates
    .filter(({ held }) => reports.some((report) => isRelated(rule, report.held, held)))
    .map(({ held }) => held.record.id)
}

function inReach<Body>(rule: FusionRule<Body>, { record }: Held<Body>) {
  const at = millis(record.valid.from)
  const cells = cellsWithin(record.place, rule.reachKm)
  return {
    types: [rule.reads],
    validFrom: instant(at - rule.windowMs),
    validUntil: instant(at + rule.windowMs),
    versions: 'all' as const,
    ...(cells ? { cells } : {}),
  }
}

/**
 * Nineteen cells that hold every point within `reachKm` of a point: the finest resolution whose mean edge is at least
 * the reach, and two rings (two rings of hexagons reach 3 edges from the centre's far corner inwards, at least 2).
 */
function cellsWithin(place: Place | undefined, reachKm: number): string[] | undefined {
  const geometry = place?.geometry
  if (geometry?.type !== 'Point') return undefined
  const [lon, lat] = geometry.coordinates
  if (lon === undefined || lat === undefined) return undefined
  let resolution = 0
  while (resolution < 9 && getHexagonEdgeLengthAvg(resolution + 1, 'km') >= reachKm) resolution += 1
  return gridDisk(latLngToCell(lat, lon, resolution), 2)
}
