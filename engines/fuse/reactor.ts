/**
 * Fusion as a reactor: each new report or decision regroups its neighbourhood and appends the events that follow.
 *
 * - An event's key is its anchor: of its members, the report that came first. The id stays when the preferred report
 *   changes, when the anchor is revised, and when its agency takes it back (the report stays as a withdrawn member).
 * - Where two events turn out to be one, the event of the earlier anchor lives on and the other becomes an alias of it
 *   (`merged`); a person's cannot-link brings it back. Nothing is deleted: every step is a version with its reasons.
 * - An event whose reports were all taken back is `retracted`, with the last figures kept.
 */
import {
  type Draft,
  type Held,
  millis,
  type NodeId,
  type Realm,
  type RecordId,
  recordId,
} from '../record/index.ts'
import type { Reactor, ReactorView } from '../store/index.ts'
import { cluster, type Group, idOf, pairKey, type Question } from './cluster.ts'
import type { DecisionBody, EventBody, FusionRule, ProposalBody, Report } from './contract.ts'
import { aboutMembers, witnesses } from './copies.ts'
import { decidedBy, neighbourhood } from './neighbourhood.ts'

const question = 'fuse.proposal'

/** `node`: whose log the events stand in; an alias names the id of the event it became part of. */
export function fuseReactor<Body>(rule: FusionRule<Body>, node: NodeId): Reactor {
  return {
    name: `fuse/${rule.name}`,
    version: rule.version,
    reads: [...rule.reads, 'fuse.decision'],
    writes: [rule.writes, question],
    react: (input, view) => regroup({ rule, node, realm: input.record.realm }, input, view),
  }
}

type Context<Body> = { readonly rule: FusionRule<Body>; readonly node: NodeId; readonly realm: Realm }

async function regroup<Body>(
  context: Context<Body>,
  input: Held,
  view: ReactorView,
): Promise<readonly Draft[]> {
  const { rule } = context
  const touched = touchedBy(rule, input)
  if (touched.length === 0) return []
  const { before, reports, decisions } = await around(context, view, touched)
  const one = witnesses(rule, context.node, reports)
  const { groups, questions } = cluster(rule, one, aboutMembers(one, decidedBy(decisions)))

  const found = reports.map(idOf)
  const known = found.every((id) => touched.includes(id)) ? before : await ownRecords(context, view, found)
  const basis = decisions.map(({ record }) => record)
  const events = groups.map((group) => eventDraft(context, group, basis))
  return [
    ...events,
    ...aliasDrafts(context, groups, known.events),
    ...questionDrafts(
      context,
      questions,
      reports.map(({ held }) => held),
    ),
    ...settledDrafts(context, questions, known.questions),
  ]
}

/** The reports that may have to do with these, or that stood in one event with them until now. */
async function around<Body>(context: Context<Body>, view: ReactorView, touched: readonly RecordId[]) {
  const { rule, node } = context
  const [before, near] = await Promise.all([
    ownRecords(context, view, touched),
    neighbourhood(rule, node, view, touched),
  ])
  const known = new Set(near.reports.map(idOf))
  const members = before.events.flatMap(({ record }) =>
    record.body.members.flatMap(({ id, copies = [] }) => [id, ...copies]),
  )
  if (members.every((id) => known.has(id))) return { before, ...near }
  return { before, ...(await neighbourhood(rule, node, view, [...new Set([...touched, ...members])])) }
}

/** The reports that an input is about. */
function touchedBy<Body>(rule: FusionRule<Body>, { record }: Held): RecordId[] {
  if (rule.reads.includes(record.type)) return [record.id]
  const decision = record.body as DecisionBody
  return decision.rule === rule.name ? [decision.a, decision.b] : []
}

/** What this node itself wrote about these reports; a peer's events are hearsay and take no part. */
async function ownRecords<Body>(
  { rule, node }: Context<Body>,
  view: ReactorView,
  about: readonly RecordId[],
) {
  const all = await view.read({ types: [rule.writes, question], linkedTo: about })
  const own = all.filter(({ record }) => record.origin === node)
  return {
    events: own.filter(({ record }) => record.type === rule.writes) as readonly Held<EventBody>[],
    questions: own.filter(({ record }) => record.type === question) as readonly Held<ProposalBody>[],
  }
}

const producerOf = <Body>({ rule }: Context<Body>) =>
  ({ kind: 'method', name: `fuse/${rule.name}`, version: rule.version }) as const

function eventDraft<Body>(
  context: Context<Body>,
  { members, joined }: Group<Body>,
  decisions: readonly Held<DecisionBody>['record'][],
): Draft<EventBody> {
  const { rule } = context
  const standing = members.filter(({ isWithdrawn }) => !isWithdrawn)
  const summary = rule.summarise((standing.length > 0 ? standing : members).map(({ held }) => held))
  const inside = new Set(members.flatMap(idsOf))
  const used = decisions.filter(({ body }) => inside.has(body.a) || inside.has(body.b))
  return {
    type: rule.writes,
    key: anchorOf(members),
    realm: context.realm,
    producer: producerOf(context),
    valid: summary.valid,
    place: summary.place,
    links: [
      ...members.map(({ held }) => ({
        type: 'derivedFrom' as const,
        id: held.record.id,
        version: held.record.version,
      })),
      ...used.map(({ id, version }) => ({ type: 'derivedFrom' as const, id, version })),
    ].sort(byLink),
    body: {
      state: standing.length > 0 ? 'active' : 'retracted',
      members: members.map(({ held, isWithdrawn, copies }) => ({
        id: held.record.id,
        version: held.record.version,
        agency: rule.agency(held.record.body),
        ...(isWithdrawn ? { withdrawn: true as const } : {}),
        ...(copies ? { copies } : {}),
      })),
      preferred: summary.preferred,
      joined,
      figures: summary.figures,
    },
  }
}

const anchorOf = <Body>(members: Group<Body>['members']): RecordId => {
  const [first] = members
  if (!first) throw new Error('a group of reports has at least one member')
  return first.firstId ?? idOf(first)
}

/** A report under all its ids. */
const idsOf = <Body>(report: Report<Body>): readonly RecordId[] => [idOf(report), ...(report.copies ?? [])]

const byLink = (x: { readonly id: string }, y: { readonly id: string }): number =>
  x.id < y.id ? -1 : x.id > y.id ? 1 : 0

/** Events that stood before and whose anchor is now a later member of another group. */
function aliasDrafts<Body>(
  context: Context<Body>,
  groups: readonly Group<Body>[],
  known: readonly Held<EventBody>[],
): Draft<EventBody>[] {
  const anchorByMember = new Map(
    groups.flatMap(({ members }) =>
      members.flatMap((one) => idsOf(one).map((id) => [id, anchorOf(members)] as const)),
    ),
  )
  return known.flatMap(({ record }) => {
    const anchor = anchorByMember.get(record.key as RecordId)
    if (anchor === undefined || anchor === record.key) return []
    const survivor = recordId(context.node, record.type, anchor, context.realm)
    return [
      {
        type: record.type,
        key: record.key,
        realm: record.realm,
        producer: producerOf(context),
        valid: record.valid,
        ...(record.place ? { place: record.place } : {}),
        links: [
          ...record.links.filter(({ type }) => type === 'derivedFrom'),
          { type: 'aliasOf' as const, id: survivor },
        ],
        body: { ...record.body, state: 'merged' as const, mergedInto: survivor },
      },
    ]
  })
}

function questionDrafts<Body>(
  context: Context<Body>,
  questions: readonly Question[],
  reports: readonly Held<Body>[],
): Draft<ProposalBody>[] {
  const byId = new Map(reports.map((held) => [held.record.id, held.record]))
  return questions.flatMap(({ a, b, score, reasons }) => {
    const pair = [byId.get(a), byId.get(b)].filter((record) => record !== undefined)
    const [first] = [...pair].sort((x, y) => millis(x.valid.from) - millis(y.valid.from))
    if (!first) return []
    return [
      {
        type: question,
        key: `${context.rule.name}|${pairKey(a, b)}`,
        realm: context.realm,
        producer: producerOf(context),
        valid: first.valid,
        links: pair.map(({ id, version }) => ({ type: 'derivedFrom' as const, id, version })).sort(byLink),
        body: { state: 'open' as const, rule: context.rule.name, a, b, score, reasons },
      },
    ]
  })
}

/** Questions asked before that are none any more: answered, or overtaken by a revision. */
function settledDrafts<Body>(
  context: Context<Body>,
  questions: readonly Question[],
  known: readonly Held<ProposalBody>[],
): Draft<ProposalBody>[] {
  const open = new Set(questions.map(({ a, b }) => pairKey(a, b)))
  return known
    .map(({ record }) => record)
    .filter(
      ({ body }) =>
        body.rule === context.rule.name && body.state === 'open' && !open.has(pairKey(body.a, body.b)),
    )
    .map(({ type, key, realm, valid, links, body }) => ({
      type,
      key,
      realm,
      producer: producerOf(context),
      valid,
      links: links.filter((link) => link.type === 'derivedFrom'),
      body: { ...body, state: 'settled' as const },
    }))
}
