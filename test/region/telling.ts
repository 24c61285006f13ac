/** Plays a story in a region of real nodes, and keeps beside it what the oracle has to know. */
import {
  actual,
  type Handling,
  type MosaicRecord,
  type NodeId,
  type RecordId,
} from '../../engines/record/index.ts'
import type { FaultyLink } from '../support/faulty-link.ts'
import { organisationOf, type RegionNode } from './node.test-support.ts'
import type { Consent, Edge, Rule, World, Written } from './oracle.ts'
import type { Region } from './region.test-support.ts'
import type { Line, Step, Story } from './story.ts'

export const names = ['bar.example', 'durres.example', 'ohrid.example', 'skopje.example', 'tirana.example']
const besa = { kind: 'person', name: 'Besa Hoxha', role: 'liaison' } as const

/** On every line, so that consents and the last word of each node reach all. */
const always: Rule = { types: ['exchange.consent', 'region.last-word'], upTo: 'TLP:GREEN', realms: [actual] }

type Told = {
  readonly region: Region
  readonly edges: Edge[]
  readonly written: Written[]
  readonly consents: Consent[]
  readonly withdrawn: Set<RecordId>
  readonly tightened: Map<RecordId, Handling[]>
  readonly recalls: Map<RecordId, { readonly origin: NodeId; readonly recall: RecordId }>
  readonly away: Set<RegionNode>
}

export type Teller = {
  readonly world: () => World
  /** Each recall that was ordered: its target, and who ordered it. */
  readonly recalls: () => readonly {
    readonly target: RecordId
    readonly origin: NodeId
    readonly recall: RecordId
  }[]
  readonly play: (steps: readonly Step[]) => Promise<void>
  /** Everybody is there and every line is sound; each says one last word. */
  readonly end: () => Promise<void>
}

export async function tell(region: Region, { joins, more, lines }: Story): Promise<Teller> {
  const told: Told = {
    region,
    edges: [],
    written: [],
    consents: [],
    withdrawn: new Set(),
    tightened: new Map(),
    recalls: new Map(),
    away: new Set(),
  }
  const pairs = pairsOf(region.nodes, joins, more)
  for (const [at, [a, b]] of pairs.entries()) await joinTwo(told, [a, b], [lines[2 * at], lines[2 * at + 1]])
  for (const node of region.nodes) node.live()
  return {
    world: () => ({ ...told, nodes: region.nodes.map(({ name }) => name) }),
    recalls: () => [...told.recalls].map(([target, one]) => ({ target, ...one })),
    async play(steps) {
      for (const step of steps) await take(told, step)
    },
    async end() {
      for (const line of region.lines()) line.set({})
      for (const node of [...told.away]) await node.back()
      told.away.clear()
      for (const node of region.nodes) await lastWord(told, node)
    },
  }
}

function pairsOf(
  nodes: readonly RegionNode[],
  joins: readonly number[],
  more: readonly (readonly [number, number])[],
): readonly (readonly [RegionNode, RegionNode])[] {
  const tree = nodes
    .slice(1)
    .map((node, at) => [nodes[(joins[at] ?? 0) % (at + 1)] as RegionNode, node] as const)
  const further = more.map(
    ([a, b]) => [nodes[a % nodes.length], nodes[b % nodes.length]] as [RegionNode, RegionNode],
  )
  const pairs = new Map<string, readonly [RegionNode, RegionNode]>()
  for (const [a, b] of [...tree, ...further])
    if (a !== b)
      pairs.set([a.name, b.name].sort().join(' '), pairs.get([a.name, b.name].sort().join(' ')) ?? [a, b])
  return [...pairs.values()]
}

async function joinTwo(
  { region, edges }: Told,
  [a, b]: readonly [RegionNode, RegionNode],
  [there, back]: readonly (Line | undefined)[],
): Promise<void> {
  const edge = (from: RegionNode, to: RegionNode, line: Line | undefined): Edge => {
    const rules = [always, ...(line === undefined ? [] : [line.rule])]
    return { from: from.name, to: to.name, clearedUpTo: line?.clearedUpTo ?? 'TLP:GREEN', rules, ever: rules }
  }
  const [forth, home] = [edge(a, b, there), edge(b, a, back)]
  await region.join(a, b, termsOf(forth), termsOf(home))
  edges.push(forth, home)
}

const termsOf = ({ rules, clearedUpTo }: Edge) => ({
  gives: rules,
  clearances: [{ community: '*', upTo: clearedUpTo }],
})

async function take(told: Told, step: Step): Promise<void> {
  const { region } = told
  switch (step.kind) {
    case 'write':
      return write(told, step)
    case 'revise':
      return revise(told, step)
    case 'derive':
      return derive(told, step)
    case 'withdraw':
    case 'relabel':
      return recall(told, step)
    case 'consent':
      return consent(told, step)
    case 'rules':
      return changeRules(told, step)
    case 'fault':
      return lineOf(told, step.line).set(step.faults)
    case 'replay':
      return replay(lineOf(told, step.line))
    case 'away': {
      const node = nodeOf(told, step.node)
      told.away.add(node)
      return node.away()
    }
    case 'back':
      for (const node of told.away) await node.back()
      return told.away.clear()
    case 'moment':
      return region.moment(400)
    default:
      return step satisfies never
  }
}

const at = <Item>(items: readonly Item[], n: number): Item | undefined => items[n % Math.max(1, items.length)]
const nodeOf = ({ region }: Told, n: number): RegionNode => at(region.nodes, n) as RegionNode
const lineOf = ({ region }: Told, n: number): FaultyLink => at(region.lines(), n) as FaultyLink
const isHere = ({ away }: Told, node: RegionNode): boolean => !away.has(node)

/** Nodes by name and organisations in turn, so that audiences name both. */
const audienceOf = (told: Told, named: readonly number[]): readonly string[] =>
  named.map((n) => (n % 2 === 0 ? nodeOf(told, n).name : organisationOf(nodeOf(told, n).name)))

async function write(
  told: Told,
  { node, type, realm, handling, named }: Step & { kind: 'write' },
): Promise<void> {
  const origin = nodeOf(told, node)
  if (!isHere(told, origin)) return
  const key = `record ${told.written.length}`
  const audience = named && audienceOf(told, named)
  const record = await origin.write({
    key,
    type,
    realm,
    handling: { ...handling, ...(audience && { audience }) },
  })
  told.written.push(writtenOf(record))
}

const writtenOf = ({ id, key, type, realm, origin, handling, version }: MosaicRecord): Written => ({
  ...{ id, key, type, realm, origin, handling },
  versions: version,
})

async function revise(told: Told, { record }: Step & { kind: 'revise' }): Promise<void> {
  const before = at(told.written, record)
  if (before === undefined || before.from !== undefined || told.withdrawn.has(before.id)) return
  const origin = told.region.node(before.origin)
  if (!isHere(told, origin)) return
  const { key, type, realm, handling } = before
  const { version } = await origin.write({
    key,
    type,
    realm,
    handling,
    body: { says: `more ${before.versions}` },
  })
  told.written[told.written.indexOf(before)] = { ...before, versions: version }
}

/** Of what it holds, and nobody's control but its own binds. */
async function derive(told: Told, { node, record }: Step & { kind: 'derive' }): Promise<void> {
  const by = nodeOf(told, node)
  const source = at(told.written, record)
  if (source === undefined || source.handling.originatorControl || !isHere(told, by)) return
  const held = await by.store().get(source.id)
  if (held === undefined) return
  const [outcome] = await by.store().append([
    {
      type: source.type,
      key: `record ${told.written.length} of ${source.key}`,
      realm: source.realm,
      producer: besa,
      valid: held.record.valid,
      links: [{ type: 'derivedFrom', id: source.id, version: held.record.version }],
      body: { says: 'a summary' },
    },
  ])
  if (outcome?.kind === 'appended') told.written.push({ ...writtenOf(outcome.record), from: source.id })
}

async function recall(told: Told, step: Step & { kind: 'withdraw' | 'relabel' }): Promise<void> {
  const target = at(told.written, step.record)
  if (target === undefined || !isHere(told, told.region.node(target.origin))) return
  const { recalls } = told.region.node(target.origin).trust()
  const order = { target: target.id, by: besa, reason: 'It is not for all.' }
  const handling: Handling | undefined =
    step.kind === 'relabel' ? { tlp: 'TLP:AMBER', audience: audienceOf(told, step.named) } : undefined
  const outcome = await (handling ? recalls.relabel({ ...order, handling }) : recalls.withdraw(order))
  if (outcome.kind !== 'recalled') return
  if (handling) told.tightened.set(target.id, [...(told.tightened.get(target.id) ?? []), handling])
  else told.withdrawn.add(target.id)
  told.recalls.set(target.id, { origin: target.origin, recall: outcome.recall.id })
}

async function consent(told: Told, { record, node }: Step & { kind: 'consent' }): Promise<void> {
  const target = at(told.written, record)
  if (target === undefined || !isHere(told, told.region.node(target.origin))) return
  const to = nodeOf(told, node).name
  const outcome = await told.region
    .node(target.origin)
    .trust()
    .recalls.consent({ to: [to], ids: [target.id], by: besa })
  if (outcome.kind !== 'consented') throw new Error(JSON.stringify(outcome))
  told.consents.push({ id: target.id, to })
}

/** One rule more, or that one alone beside what always goes. */
async function changeRules(told: Told, { line, rule, isOnly }: Step & { kind: 'rules' }): Promise<void> {
  const edge = at(told.edges, line)
  if (edge === undefined || !isHere(told, told.region.node(edge.from))) return
  const rules = isOnly ? [always, rule] : [...edge.rules, rule]
  const { peers } = told.region.node(edge.from).trust().exchange
  await peers.change(edge.to, { gives: rules })
  told.edges[told.edges.indexOf(edge)] = { ...edge, rules, ever: [...edge.ever, rule] }
}

/** What went over the line goes out again; whatever answers, nothing may come of it. */
async function replay(line: FaultyLink): Promise<void> {
  for (const bytes of line.recorded().slice(-3)) await line.replay(bytes).catch(() => {}) // the node is away
}

async function lastWord(told: Told, node: RegionNode): Promise<void> {
  const handling = { tlp: 'TLP:CLEAR' } as const
  const record = await node.write({ key: `last word of ${node.name}`, type: 'region.last-word', handling })
  told.written.push(writtenOf(record))
}
