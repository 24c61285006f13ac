/** A decision in words, for `mosaic explain access` and for whoever asks why: which rule decided, and on what. */
import { type Handling, type Held, normalise } from '../record/index.ts'
import type { Asking, Decision, PolicyRule, RefusalReason } from './contract.ts'
import { decide, handlingOf } from './decide.ts'
import { hasBrokenGlass, rulesFor } from './policy.ts'
import { refusalOf } from './reasons.ts'

export type Explanation = {
  readonly decision: Decision
  /** The effective handling, which is what the rules were asked of. */
  readonly handling: Handling
  readonly isTightened: boolean
  readonly brokenGlass: boolean
  /** Every rule that binds in this request, with what it asked and found. */
  readonly rules: readonly (RefusalReason & { readonly holds: boolean })[]
}

export function explain(asking: Asking, held: Held): Explanation {
  const decision = decide(asking, held)
  const refusing = decision.kind === 'refused' ? decision.reasons.map(({ rule }) => rule) : []
  const handling = handlingOf(held)
  return {
    decision,
    handling: normalise(handling),
    isTightened: held.effective !== undefined,
    brokenGlass: hasBrokenGlass(asking),
    rules: rulesFor(asking).map(({ rule }) => ({
      ...refusalOf(rule, asking, handling),
      holds: !refusing.includes(rule),
    })),
  }
}

/** Line by line, the verdict first. */
export function explanationLines(asking: Asking, explanation: Explanation): readonly string[] {
  const { decision, isTightened, brokenGlass, rules } = explanation
  const { principal, purpose } = asking
  const who = `${principal.id}, asking for ${purpose}`
  return [
    decision.kind === 'allowed' ? `allowed: ${who}` : `refused: ${who}`,
    ...(brokenGlass
      ? [`  broken glass until ${principal.breakGlassUntil}: label, audience and purpose do not bind`]
      : []),
    ...(isTightened ? ['  the handling is stricter than the record’s own: it was tightened later'] : []),
    ...rules.map(
      ({ rule, asks, has, holds }) =>
        `  ${holds ? 'holds  ' : 'REFUSES'} ${rule.padEnd(18)} ${asks}; ${has}  (${meaning[rule]})`,
    ),
    ...(decision.kind === 'allowed' && decision.withheld.length > 0
      ? [`  without the fields ${decision.withheld.join(', ')}, marked with a label of their own`]
      : []),
  ]
}

const meaning: Readonly<Record<PolicyRule, string>> = {
  label: 'TLP 2.0: the label and who it may go to',
  audience: 'who is named, where anybody is',
  purpose: 'what it may be used for',
  'police-code': 'handling codes H0 to H3: for law enforcement or border, terms accepted',
  embargo: 'not before its instant',
  retention: 'not after its end',
  'originator-control': 'passing on needs consent',
}
