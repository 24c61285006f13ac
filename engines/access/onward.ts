/**
 * Passing on: what a peer node may be sent of records that others control.
 *
 * A record under originator control, or with police code H2 (no dissemination without the provider's leave), goes on
 * only with its originator's consent: from its own node, whose sending is the consent, or from another under a consent
 * that covers the record by id or by type. What this node derived from such records is under the same control although
 * it is this node's own: `controlledByOthers` names those, and they too need a consent.
 *
 * `visibleTo` says whether the peer may have a record at all; `onwardTo` says both.
 */
import type { NodeId, RecordId } from '../record/index.ts'
import type { Condition } from '../store/index.ts'
import type { Asking } from './contract.ts'
import { allOf, type Rule, rulesFor } from './policy.ts'

/** An originator's leave to pass on, as far as it holds for the peer in question now. */
export type Consent = {
  readonly origin: NodeId
  readonly ids?: readonly RecordId[]
  /** `hazards.event`, `hazards.*` */
  readonly types?: readonly string[]
}

export type PassingOn = {
  /** Whose sending is consent enough: this node, and those whose records passed on to it. */
  readonly own: readonly NodeId[]
  readonly consents: readonly Consent[]
  /** This node's own records that are derived from what others control. */
  readonly controlledByOthers?: readonly RecordId[]
  /** Of those, the ones to which every origin concerned has consented. */
  readonly released?: readonly RecordId[]
}

/** What this node may send to a peer that asks. */
export const onwardTo = (asking: Asking, passingOn: PassingOn): Condition =>
  allOf([...rulesFor(asking), passingOnRule(passingOn)])

/** Originator control and H2 alone. */
export const mayPassOn = (passingOn: PassingOn): Condition => allOf([passingOnRule(passingOn)])

function passingOnRule({ own, consents, controlledByOthers = [], released = [] }: PassingOn): Rule {
  const ours: Condition = { kind: 'origin-in', nodes: own }
  const freelyOurs: Condition =
    controlledByOthers.length === 0
      ? ours
      : { kind: 'all', of: [ours, { kind: 'not', of: { kind: 'id-in', ids: controlledByOthers } }] }
  return {
    rule: 'originator-control',
    of: {
      kind: 'any',
      of: [
        uncontrolled,
        freelyOurs,
        ...(released.length === 0 ? [] : [{ kind: 'id-in', ids: released } as const]),
        ...consents.flatMap(covered),
      ],
    },
  }
}

const uncontrolled: Condition = {
  kind: 'all',
  of: [
    { kind: 'not', of: { kind: 'originator-control' } },
    { kind: 'police-within', codes: ['H0', 'H1', 'H3'] },
  ],
}

/** A consent that names neither covers nothing. */
function covered({ origin, ids = [], types = [] }: Consent): readonly Condition[] {
  const what: Condition[] = []
  if (ids.length > 0) what.push({ kind: 'id-in', ids })
  if (types.length > 0) what.push({ kind: 'type-in', types })
  if (what.length === 0) return []
  return [
    {
      kind: 'all',
      of: [
        { kind: 'origin-in', nodes: [origin] },
        { kind: 'any', of: what },
      ],
    },
  ]
}
