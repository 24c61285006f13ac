/**
 * What each node of a region should hold, told apart from how the exchange does it: a walk over who gives what to whom,
 * written from the rules as people know them (TLP 2.0, audience, purpose, originator control, sharing rules).
 *
 * Two answers for each record: who must hold it in the end, by the rules and handling that hold then; and who may, by all
 * that ever held, because what was rightly given before a rule was narrowed or a record tightened stays where it is.
 */
import {
  type Handling,
  join,
  joinAll,
  type NodeId,
  type Realm,
  type RecordId,
  tlpLabels,
} from '../../engines/record/index.ts'
import { organisationOf } from './node.test-support.ts'

export type Rule = {
  readonly types: readonly string[]
  readonly upTo: Handling['tlp']
  readonly realms: readonly Realm[]
}

/** From whom to whom, under which rules now, and under which ever. */
export type Edge = {
  readonly from: NodeId
  readonly to: NodeId
  readonly clearedUpTo: Handling['tlp']
  readonly rules: readonly Rule[]
  readonly ever: readonly Rule[]
}

export type Written = {
  readonly id: RecordId
  readonly key: string
  readonly type: string
  readonly realm: Realm
  readonly origin: NodeId
  readonly handling: Handling
  readonly versions: number
  readonly from?: RecordId
}

export type Consent = { readonly id: RecordId; readonly to: NodeId }

export type World = {
  readonly nodes: readonly NodeId[]
  readonly edges: readonly Edge[]
  readonly written: readonly Written[]
  readonly consents: readonly Consent[]
  readonly withdrawn: ReadonlySet<RecordId>
  /** Relabellings, in any order: they join. */
  readonly tightened: ReadonlyMap<RecordId, readonly Handling[]>
}

export const isWithdrawn = (world: World, record: Written): boolean =>
  ancestry(world, record).some(({ id }) => world.withdrawn.has(id))

export const effectiveOf = (world: World, record: Written): Handling =>
  join(record.handling, joinAll(ancestry(world, record).flatMap(({ id }) => world.tightened.get(id) ?? [])))

export const mustHold = (world: World, record: Written): ReadonlySet<NodeId> =>
  isWithdrawn(world, record)
    ? new Set()
    : reached(world, record, effectiveOf(world, record), ({ rules }) => rules)

export const mayHold = (world: World, record: Written): ReadonlySet<NodeId> =>
  isWithdrawn(world, record) ? new Set() : reached(world, record, record.handling, ({ ever }) => ever)

function ancestry(world: World, record: Written): readonly Written[] {
  const source = world.written.find(({ id }) => id === record.from)
  return source === undefined ? [record] : [record, ...ancestry(world, source)]
}

function reached(
  world: World,
  record: Written,
  handling: Handling,
  rulesOf: (edge: Edge) => readonly Rule[],
): ReadonlySet<NodeId> {
  const holders = new Set([record.origin])
  for (let before = 0; before < holders.size; ) {
    before = holders.size
    for (const edge of world.edges)
      if (holders.has(edge.from) && goes(world, edge, rulesOf(edge), { ...record, handling }))
        holders.add(edge.to)
  }
  return holders
}

function goes(world: World, edge: Edge, rules: readonly Rule[], record: Written): boolean {
  const { from, to, clearedUpTo } = edge
  const { handling, origin, id } = record
  const names = [to, organisationOf(to)]
  const isNamed = handling.audience?.some((name) => names.includes(name)) === true
  return (
    rules.some(
      ({ types, upTo, realms }) =>
        realms.includes(record.realm) &&
        rank(handling.tlp) <= rank(upTo) &&
        types.some(
          (type) =>
            type === record.type || (type.endsWith('.*') && record.type.startsWith(type.slice(0, -1))),
        ),
    ) &&
    rank(handling.tlp) <= Math.max(rank('TLP:CLEAR'), rank(clearedUpTo)) &&
    (rank(handling.tlp) < rank('TLP:AMBER') || isNamed) &&
    (handling.audience === undefined || isNamed) &&
    handling.purposes === undefined &&
    (handling.originatorControl !== true ||
      origin === from ||
      world.consents.some((consent) => consent.id === id && consent.to === to))
  )
}

const rank = (label: Handling['tlp']): number => tlpLabels.indexOf(label)
