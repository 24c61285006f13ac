/**
 * One report held twice: what this node fetched itself and what a peer fetched and passed on are two records of two
 * origins, and one witness. They are copies where key, agency and handling are the same and the origins differ. One of
 * them is the member of the event, this node's own before a peer's, else the lowest id; the others are named beside it
 * and count for nothing. Whichever came first gives the event its key, so an id does not change when the own copy follows.
 */
import { canonical, type NodeId, type RecordId } from '../record/index.ts'
import type { Decided } from './cluster.ts'
import type { FusionRule, Report } from './contract.ts'

export function witnesses<Body>(
  rule: FusionRule<Body>,
  node: NodeId,
  reports: readonly Report<Body>[],
): readonly Report<Body>[] {
  const alike = Map.groupBy(reports, ({ held: { record } }) =>
    canonical([record.key, rule.agency(record.body), record.handling]),
  )
  return [...alike.values()].map((copies) => oneOf(node, copies))
}

function oneOf<Body>(node: NodeId, copies: readonly Report<Body>[]): Report<Body> {
  const [member, ...others] = [...copies].sort((a, b) => rankOf(node, a) - rankOf(node, b) || byId(a, b))
  if (member === undefined) throw new Error('a group has at least one report')
  if (others.length === 0) return member
  const first = copies.reduce((a, b) => (b.firstIndex < a.firstIndex ? b : a))
  return {
    ...member,
    firstIndex: first.firstIndex,
    firstId: first.held.record.id,
    copies: others.map(({ held }) => held.record.id).sort(),
  }
}

const rankOf = (node: NodeId, { held }: Report): number => (held.record.origin === node ? 0 : 1)
const byId = (a: Report, b: Report): number => (a.held.record.id < b.held.record.id ? -1 : 1)

/** What a person said of a copy is said of the member; of two words about one pair the one given last counts. */
export function aboutMembers(reports: readonly Report[], decisions: readonly Decided[]): readonly Decided[] {
  const memberOf = new Map(
    reports.flatMap(({ held, copies = [] }) => copies.map((copy) => [copy, held.record.id] as const)),
  )
  const told = (id: RecordId): RecordId => memberOf.get(id) ?? id
  return decisions.map((one) => ({ ...one, a: told(one.a), b: told(one.b) })).filter(({ a, b }) => a !== b)
}
