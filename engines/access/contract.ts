/**
 * Who asks, for what, and what the policy answers.
 *
 * A principal is whoever asks: anybody, a person, a program with a token, a peer node. The policy (`policy.ts`) makes a
 * `Condition` of a principal and an instant; that one value filters lists and counts in the database, is asked of single
 * records, and says which of its rules refused.
 */
import type { Instant, NodeId, PoliceCode, TlpLabel } from '../record/index.ts'

export const roles = [
  'public',
  'reader',
  'analyst',
  'duty-officer',
  'approver',
  'liaison',
  'publisher',
  'oversight',
  'administrator',
] as const
export type Role = (typeof roles)[number]

export const purposes = [
  'civil-protection',
  'health',
  'law-enforcement',
  'border',
  'oversight',
  'research',
  'public',
] as const
export type Purpose = (typeof purposes)[number]

/** What somebody is cleared for inside one community; `*` is the security community at large (TLP 2.0, GREEN). */
export type Clearance = { readonly community: string; readonly upTo: TlpLabel }

export type Principal = {
  readonly kind: 'public' | 'person' | 'token' | 'node'
  /** `person:ana@durres.example`, `token:…`, `node:tirana.example`, `public`. Audiences may name it. */
  readonly id: string
  /** Organisation id, for example `org-dcp`. Absent for the public. */
  readonly organisation?: string
  /** A person's or token's: the node that keeps the account. A peer node's: itself. Absent for the public. */
  readonly node?: NodeId
  /**
   * How the organisation stands to the node that holds the records: `home` runs it (the recipient's own organisation in
   * TLP's words), `client` is served by it, `guest` is neither.
   */
  readonly standing: 'home' | 'client' | 'guest'
  readonly roles: readonly Role[]
  readonly clearances: readonly Clearance[]
  /** All that this principal may ever ask for. */
  readonly purposes: readonly Purpose[]
  /** Police codes whose terms this principal has accepted. */
  readonly police: readonly PoliceCode[]
  /** A person's broken glass: before then label, audience and purpose do not bind; loud, and reviewed by a second person. */
  readonly breakGlassUntil?: Instant
}

/** One request: who, for what purpose, under which case number, and when. */
export type Asking = {
  readonly principal: Principal
  readonly purpose: Purpose
  readonly caseNumber?: string
  /** The node's clock. */
  readonly now: Instant
  /** The instant at which embargoes are judged: never later than what peers attest (see the exchange). */
  readonly embargoNow: Instant
}

/** The rules of the policy, by name: what a refusal says, and what `mosaic explain access` prints. */
export const policyRules = [
  'label',
  'audience',
  'purpose',
  'police-code',
  'embargo',
  'retention',
  'originator-control',
] as const
export type PolicyRule = (typeof policyRules)[number]

export type Decision =
  | { readonly kind: 'allowed'; readonly withheld: readonly string[] }
  /** Which rules refused, each with what the record asks and what the principal has. */
  | { readonly kind: 'refused'; readonly reasons: readonly RefusalReason[] }

export type RefusalReason = {
  readonly rule: PolicyRule
  /** What the record's handling says: `TLP:RED`, `audience: org-a, org-b`. */
  readonly asks: string
  /** What the principal has. */
  readonly has: string
}

/** What a peer node may be sent on: the organisation that runs it and what its operator agreed to. */
export type NodePrincipal = Principal & { readonly kind: 'node'; readonly node: NodeId }
