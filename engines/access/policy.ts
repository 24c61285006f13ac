/**
 * The handling policy: who may have a record, written once. `visibleTo` makes of one request a `Condition`; the store
 * reads the same value as a filter in the database and as a question to a record in hand. Every path asks it: lists,
 * counts, single records, streams, exports, and what a peer is sent.
 *
 * The handling meant is always the effective one. All rules must hold; each stands under its name, so that a refusal can
 * say which one refused.
 *
 * label (TLP 2.0, FIRST 2022). Above CLEAR somebody needs a clearance that reaches the label, in some community; besides
 *
 *     TLP:CLEAR         anybody
 *     TLP:GREEN         whoever is so cleared
 *     TLP:AMBER         the home organisation and its clients; others whom the audience names: itself, its organisation,
 *                       its node, or a community in which it is cleared for AMBER
 *     TLP:AMBER+STRICT  the home organisation; others whom the audience names themselves, or whose organisation it names
 *     TLP:RED           whom the audience names themselves: the person, the token, the node. Nobody else, at home neither
 *
 * audience. Absent: no restriction beyond the label's. Present: one of the principal's names must be in it
 * (`principals.ts`); a community counts as far up as the clearance in it. Empty: nobody.
 *
 * purpose. Absent: any. Present: the request's purpose must be named, and be one that the principal may ask for.
 *
 * police-code (Europol, ADEP: H0–H3). A record with any code is had only for law enforcement or border, by one who may
 * ask for that and has accepted the terms of every code; who accepted any has accepted H0, which adds no terms. What H2
 * says about passing on stands in `onward.ts`.
 *
 * embargo. Over at `embargoNow`, which is never later than what peers attest: a clock set forward opens nothing.
 * retention. Not yet over at `now`.
 *
 * originator-control. To show something to anybody is to pass it on: the public never has it. Peers: `onward.ts`.
 *
 * Broken glass, for persons only: before `breakGlassUntil`, label, audience and purpose do not bind; police codes,
 * embargo and retention still do. A peer node or a token never breaks glass.
 *
 * Roles decide about acts (`acts.ts`), not about seeing: oversight sees figures and trails, and no content beyond what
 * its own clearance gives.
 *
 * The law (tested): whoever may have a record may have every record of the same label, or of one below, whose handling is
 * otherwise at most as restrictive. One exception follows from TLP itself: from AMBER upwards an audience also admits
 * whom the bare label would not, so that leaving it out is no widening there.
 */
import type { PoliceCode, TlpLabel } from '../record/index.ts'
import type { Condition } from '../store/index.ts'
import type { Asking, PolicyRule, Principal, Purpose } from './contract.ts'
import { communitiesFor, isCleared, organisationNames, ownNames, standingNames } from './principals.ts'

export type Rule = { readonly rule: PolicyRule; readonly of: Condition }

/** What a record must say for this request to have it. */
export const visibleTo = (asking: Asking): Condition => allOf(rulesFor(asking))

/** The same, rule by rule; those that bind nothing in this request are left out. */
export function rulesFor(asking: Asking): readonly Rule[] {
  const { principal, now, embargoNow } = asking
  return [
    ...(hasBrokenGlass(asking)
      ? []
      : [
          rule('label', labelFor(principal)),
          rule('audience', audienceFor(principal)),
          rule('purpose', purposeFor(asking)),
        ]),
    rule('police-code', { kind: 'police-within', codes: policeFor(asking) }),
    rule('embargo', { kind: 'embargo-over', at: embargoNow }),
    rule('retention', { kind: 'retained', at: now }),
    ...(principal.kind === 'public'
      ? [rule('originator-control', { kind: 'not', of: { kind: 'originator-control' } })]
      : []),
  ]
}

export const hasBrokenGlass = ({ principal, now }: Asking): boolean =>
  principal.kind === 'person' && principal.breakGlassUntil !== undefined && now < principal.breakGlassUntil

export const allOf = (rules: readonly Rule[]): Condition => ({
  kind: 'all',
  of: rules.map(({ rule: name, of }) => ({ kind: 'rule', rule: name, of })),
})

/** Each step admits, up to its label, whoever meets `given`; the steps above are never easier. */
function labelFor(principal: Principal): Condition {
  const isHome = principal.standing === 'home'
  const isServed = isHome || principal.standing === 'client'
  const amberNames = [...organisationNames(principal), ...communitiesFor(principal, 'TLP:AMBER')]
  const all: readonly Step[] = [
    { label: 'TLP:CLEAR', given: anything },
    { label: 'TLP:GREEN', given: anything },
    { label: 'TLP:AMBER', given: isServed ? anything : named(amberNames) },
    { label: 'TLP:AMBER+STRICT', given: isHome ? anything : named(organisationNames(principal)) },
    { label: 'TLP:RED', given: named(ownNames(principal)) },
  ]
  return anyOf(withoutIdle(all.filter(({ label }) => isCleared(principal, label))).map(upTo))
}

function audienceFor(principal: Principal): Condition {
  const levels = ['TLP:RED', 'TLP:AMBER+STRICT', 'TLP:AMBER', 'TLP:GREEN', 'TLP:CLEAR'] as const
  const graded = levels.map((label) => ({ label, names: communitiesFor(principal, label) }))
  const more = graded.filter(({ names }, at) => names.length > (graded[at - 1]?.names.length ?? 0))
  const always = named([...standingNames(principal), ...communitiesFor(principal, 'TLP:RED')])
  return anyOf([
    { kind: 'audience-open' },
    always,
    ...more
      .filter(({ label }) => label !== 'TLP:RED')
      .map(({ label, names }) => upTo({ label, given: named(names) })),
  ])
}

function purposeFor({ principal, purpose }: Asking): Condition {
  if (!principal.purposes.includes(purpose)) return { kind: 'purposes-open' }
  return anyOf([{ kind: 'purposes-open' }, { kind: 'purposes-name', purpose }])
}

const policePurposes: readonly Purpose[] = ['law-enforcement', 'border']

function policeFor({ principal, purpose }: Asking): readonly PoliceCode[] {
  const { purposes, police } = principal
  if (police.length === 0 || !policePurposes.includes(purpose) || !purposes.includes(purpose)) return []
  return [...new Set<PoliceCode>(['H0', ...police])].sort()
}

type Step = { readonly label: TlpLabel; readonly given: Condition }

/** A step that asks no more than the one above it says nothing of its own. */
const withoutIdle = (steps: readonly Step[]): readonly Step[] =>
  steps.filter(({ given }, at) => JSON.stringify(given) !== JSON.stringify(steps[at + 1]?.given))

function upTo({ label, given }: Step): Condition {
  if (given === nothing) return nothing
  const atMost: Condition = { kind: 'tlp-at-most', label }
  if (given === anything) return atMost
  return label === 'TLP:RED' ? given : { kind: 'all', of: [atMost, given] }
}

const anything: Condition = { kind: 'all', of: [] }
const nothing: Condition = { kind: 'any', of: [] }
const rule = (name: PolicyRule, of: Condition): Rule => ({ rule: name, of })

const named = (names: readonly string[]): Condition =>
  names.length === 0 ? nothing : { kind: 'audience-names', names }

function anyOf(all: readonly Condition[]): Condition {
  const possible = all.filter((one) => one !== nothing)
  const [only] = possible
  return possible.length === 1 && only !== undefined ? only : { kind: 'any', of: possible }
}
