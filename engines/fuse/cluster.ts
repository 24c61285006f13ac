/**
 * Which reports are one thing. A pure function of the set of reports and of people's decisions: the order of arrival
 * changes neither membership nor figures.
 *
 * Method: pairs that may be one thing become edges: people's must-links first, then hard links (one source names the
 * other's id), then scores at or above the rule's `merge` mark, best first, ties by record id. Edges are taken in that
 * order and join two groups (Kruskal) unless that would put together
 *   - two reports that a person said are not one (cannot-link),
 *   - two reports of one agency under different ids that nobody linked: the agency itself tells them apart, unless the
 *     rule says that it does not,
 *   - two groups that stand without it, on the strength of a report that its agency took back,
 *   - by score alone, groups whose reports on average do not reach the `ask` mark: a chain of near misses is no match
 *     (unless the rule's linkage is single).
 * Reports under different handling are never put together: a restricted report would darken the public event, or an
 * event would be handed to nobody. They make events of their own, each for its audience.
 * Reports taken back come last: they find the group they belonged to, so that its id lives on, and decide nothing.
 * Best of the remaining pairs at or above `ask`, one per pair of groups, is a question for a person.
 */
import { canonical, type Held, type RecordId } from '../record/index.ts'
import type { DecisionBody, EventBody, FusionRule, Reason, Report } from './contract.ts'

export type Joined = EventBody['joined'][number]
export type Group<Body> = { readonly members: readonly Report<Body>[]; readonly joined: readonly Joined[] }
export type Question = {
  readonly a: RecordId
  readonly b: RecordId
  readonly score: number
  readonly reasons: readonly Reason[]
}
export type Clustering<Body> = {
  readonly groups: readonly Group<Body>[]
  readonly questions: readonly Question[]
}

export type Decided = Pick<DecisionBody, 'a' | 'b' | 'decision'>

type Edge<Body> = Joined & { readonly rank: number; readonly from: Report<Body>; readonly to: Report<Body> }

export function cluster<Body>(
  rule: FusionRule<Body>,
  reports: readonly Report<Body>[],
  decisions: readonly Decided[],
): Clustering<Body> {
  const decided = new Map(decisions.map((one) => [pairKey(one.a, one.b), one.decision]))
  const edges = edgesOf(rule, reports, decided)
  const groups = new Map<RecordId, MutableGroup<Body>>()
  for (const report of reports) groups.set(idOf(report), { members: [report], joined: [] })

  const open: Edge<Body>[] = []
  for (const edge of edges) {
    const left = groups.get(edge.a)
    const right = groups.get(edge.b)
    if (!left || !right) continue
    if (left === right) tellAgain(rule, left, edge)
    else if (edge.rank > 2 || !mayJoin(rule, left, right, edge, decided)) open.push(edge)
    else join(groups, left, right, edge)
  }
  return {
    groups: [...new Set(groups.values())].map(tidy),
    questions: questionsOf(rule, open, groups, decided),
  }
}

/** Do these two reports belong to one component at all: linked, or close enough to ask? */
export function isRelated<Body>(rule: FusionRule<Body>, a: Held<Body>, b: Held<Body>): boolean {
  return isHandledAlike(a, b) && (isHardLinked(rule, a, b) || rule.match(a, b).score >= rule.marks.ask)
}

const isHandledAlike = (a: Held, b: Held): boolean => handlingText(a) === handlingText(b)

/** Written once for each record that is read: every pair is asked. */
const handlingTexts = new WeakMap<object, string>()
function handlingText({ record: { handling } }: Held): string {
  const text = handlingTexts.get(handling) ?? canonical(handling)
  handlingTexts.set(handling, text)
  return text
}

export const pairKey = (a: RecordId, b: RecordId): string => (a < b ? `${a}|${b}` : `${b}|${a}`)

type MutableGroup<Body> = { members: Report<Body>[]; joined: Joined[] }
type Decisions = ReadonlyMap<string, DecisionBody['decision']>

function edgesOf<Body>(
  rule: FusionRule<Body>,
  reports: readonly Report<Body>[],
  decided: Decisions,
): Edge<Body>[] {
  const inTime = [...reports].sort((a, b) => startOf(a) - startOf(b))
  const edges: Edge<Body>[] = []
  for (const [at, from] of inTime.entries()) {
    for (const to of inTime.slice(at + 1)) {
      const decision = decided.get(pairKey(idOf(from), idOf(to)))
      const isInWindow = startOf(to) - startOf(from) <= rule.windowMs
      if (!isInWindow && decision === undefined) continue
      const edge = edgeOf(rule, from, to, decision)
      if (edge) edges.push(edge)
    }
  }
  return edges.sort(
    (x, y) =>
      Number(isTakenBack(x)) - Number(isTakenBack(y)) ||
      x.rank - y.rank ||
      (y.score ?? 0) - (x.score ?? 0) ||
      (key(x) < key(y) ? -1 : 1),
  )
}

function edgeOf<Body>(
  rule: FusionRule<Body>,
  from: Report<Body>,
  to: Report<Body>,
  decision: DecisionBody['decision'] | undefined,
): Edge<Body> | undefined {
  if (decision === 'cannot-link' || !isHandledAlike(from.held, to.held)) return undefined
  const [a, b] = idOf(from) < idOf(to) ? [from, to] : [to, from]
  const { score, reasons } = rule.match(a.held, b.held)
  const pair = { a: idOf(a), b: idOf(b), reasons, from: a, to: b }
  if (decision === 'must-link') return { ...pair, by: 'person', rank: 0 }
  if (isHardLinked(rule, a.held, b.held)) return { ...pair, by: 'hard-link', rank: 1 }
  if (score >= rule.marks.merge) return { ...pair, by: 'score', score, rank: 2 }
  if (score >= rule.marks.ask) return { ...pair, by: 'score', score, rank: 3 }
  return undefined
}

/** Groups of single linkage may be large, and almost every pair in them joins: what made the group is told, once. */
function tellAgain<Body>({ linkage }: FusionRule<Body>, group: MutableGroup<Body>, edge: Edge<Body>): void {
  if (linkage !== 'single' || edge.rank < 2) group.joined.push(edge)
}

function mayJoin<Body>(
  rule: FusionRule<Body>,
  left: MutableGroup<Body>,
  right: MutableGroup<Body>,
  edge: Edge<Body>,
  decided: Decisions,
): boolean {
  if (isKeptApart(rule, left, right, decided, edge.rank === 0)) return false
  if (isTakenBack(edge) && stands(left) && stands(right)) return false
  if (edge.rank < 2 || rule.linkage === 'single') return true
  const scores = pairsOf(left, right).map(([a, b]) => rule.match(a.held, b.held).score)
  return scores.reduce((sum, score) => sum + score, 0) / scores.length >= rule.marks.ask
}

/** By a person's word, or (unless a person says otherwise) by an agency's that gives the two different ids. */
function isKeptApart<Body>(
  rule: FusionRule<Body>,
  left: MutableGroup<Body>,
  right: MutableGroup<Body>,
  decided: Decisions,
  isByPerson: boolean,
): boolean {
  return pairsOf(left, right).some(([a, b]) => {
    const decision = decided.get(pairKey(idOf(a), idOf(b)))
    if (decision === 'cannot-link') return true
    if (decision === 'must-link' || isByPerson || rule.agencyTellsApart === false) return false
    return agencyOf(rule, a) === agencyOf(rule, b) && !isHardLinked(rule, a.held, b.held)
  })
}

const isTakenBack = <Body>({ from, to }: Edge<Body>): boolean => from.isWithdrawn || to.isWithdrawn

const stands = <Body>({ members }: MutableGroup<Body>): boolean =>
  members.some(({ isWithdrawn }) => !isWithdrawn)

const pairsOf = <Body>(left: MutableGroup<Body>, right: MutableGroup<Body>) =>
  left.members.flatMap((a) => right.members.map((b) => [a, b] as const))

function join<Body>(
  groups: Map<RecordId, MutableGroup<Body>>,
  left: MutableGroup<Body>,
  right: MutableGroup<Body>,
  edge: Edge<Body>,
): void {
  left.members.push(...right.members)
  left.joined.push(...right.joined, edge)
  for (const member of right.members) groups.set(idOf(member), left)
}

function questionsOf<Body>(
  rule: FusionRule<Body>,
  open: readonly Edge<Body>[],
  groups: ReadonlyMap<RecordId, MutableGroup<Body>>,
  decided: Decisions,
): Question[] {
  const asked = new Map<string, Question>()
  for (const edge of open) {
    const left = groups.get(edge.a)
    const right = groups.get(edge.b)
    if (!left || !right || left === right || edge.score === undefined || isTakenBack(edge)) continue
    if (isKeptApart(rule, left, right, decided, false)) continue
    const between = pairKey(lowestId(left), lowestId(right))
    const best = asked.get(between)
    if (!best || best.score < edge.score) {
      asked.set(between, { a: edge.a, b: edge.b, score: edge.score, reasons: edge.reasons })
    }
  }
  return [...asked.values()].sort((x, y) => (pairKey(x.a, x.b) < pairKey(y.a, y.b) ? -1 : 1))
}

function tidy<Body>({ members, joined }: MutableGroup<Body>): Group<Body> {
  return {
    members: [...members].sort((a, b) => a.firstIndex - b.firstIndex),
    joined: joined
      .map(({ a, b, by, score, reasons }) => ({
        a,
        b,
        by,
        ...(score === undefined ? {} : { score }),
        reasons,
      }))
      .sort((x, y) => (key(x) < key(y) ? -1 : 1)),
  }
}

function isHardLinked<Body>(rule: FusionRule<Body>, a: Held<Body>, b: Held<Body>): boolean {
  const links = rule.hardLinks(a.record.body)
  if (links.length === 0) return false
  const other = new Set(rule.hardLinks(b.record.body))
  return links.some((link) => other.has(link))
}

export const idOf = (report: Report<never> | Report<unknown>): RecordId => report.held.record.id
const startOf = (report: Report<never> | Report<unknown>): number => Date.parse(report.held.record.valid.from)
const agencyOf = <Body>(rule: FusionRule<Body>, { held }: Report<Body>): string =>
  rule.agency(held.record.body)
const key = ({ a, b }: { readonly a: RecordId; readonly b: RecordId }): string => pairKey(a, b)
const lowestId = <Body>({ members }: MutableGroup<Body>): RecordId =>
  members.map(idOf).reduce((low, id) => (id < low ? id : low))
