/**
 * By what right a node speaks. An issue rule is part of a node's configuration, never of a pack: in which realms, for
 * which countries and hazards, from which severity on, under which mandate, and whether by itself or only when a person
 * has decided. A node with the mandate of a country issues that country's warning. Without it, it issues *advice*: a
 * Private message addressed to that country's authority, which alone may warn.
 */
import type { CapSeverity, CapStatus } from '../formats/index.ts'
import { actual, exerciseOf, type MultilingualText, type Realm } from '../record/index.ts'
import type { ProposalBody } from './contract.ts'

export type Mandate =
  | { readonly kind: 'authority'; readonly of: '*' | readonly string[]; readonly text: string }
  | { readonly kind: 'advice' }

export type IssueRule = {
  readonly id: string
  /** A realm, or with a star at its end all that begin so: `exercise:*`. */
  readonly realm: string
  readonly countries: '*' | readonly string[]
  /** Absent: every hazard. */
  readonly hazards?: readonly string[]
  /** A chain starts only at or above; what is in force is updated and ended whatever the severity. Absent: Minor. */
  readonly minSeverity?: CapSeverity
  readonly mandate: Mandate
  /** `automatic` (default) or only after a person's decision. */
  readonly issues?: 'automatic' | 'by-person'
  /** CAP sender: host-like or mail-like, without spaces, commas, `<` or `&`. */
  readonly sender: string
  readonly senderName: MultilingualText
  readonly contact?: string
  readonly web?: string
}

const rank: Record<CapSeverity, number> = { Unknown: 0, Minor: 1, Moderate: 2, Severe: 3, Extreme: 4 }

/** What a rule is asked about. */
export type Matter = Pick<ProposalBody, 'hazard' | 'country'>

export function covers(rule: IssueRule, realm: Realm, proposal: Matter): boolean {
  if (!realmFits(rule.realm, realm)) return false
  if (rule.hazards && !rule.hazards.includes(proposal.hazard)) return false
  if (rule.countries !== '*' && !rule.countries.includes(proposal.country)) return false
  const { mandate } = rule
  return mandate.kind === 'advice' || mandate.of === '*' || mandate.of.includes(proposal.country)
}

export const isSevereEnough = (rule: IssueRule, severity: CapSeverity): boolean =>
  rank[severity] >= rank[rule.minSeverity ?? 'Minor']

/** The first rule that covers the proposal; one with the country's mandate goes before advice. */
export function ruleFor(rules: readonly IssueRule[], realm: Realm, proposal: Matter): IssueRule | undefined {
  const fitting = rules.filter((rule) => covers(rule, realm, proposal))
  return fitting.find(({ mandate }) => mandate.kind === 'authority') ?? fitting[0]
}

/** CAP status by realm: what happens in an exercise can never carry `Actual`. */
export function statusOf(realm: Realm): CapStatus {
  if (realm === actual) return 'Actual'
  return exerciseOf(realm) === undefined ? 'Test' : 'Exercise'
}

const realmFits = (pattern: string, realm: string) =>
  pattern.endsWith('*') ? realm.startsWith(pattern.slice(0, -1)) : pattern === realm
