/**
 * An order to issue: from a rule of the node that lets a proposal go out by itself, or from a person's decision about the
 * very version it names. An order that nobody may give is a throw, so that the decision does not vanish.
 */
import type { Held, Instant, Language, Producer } from '../record/index.ts'
import type { Identity, ReactorView } from '../store/index.ts'
import type { Catalogue, ProposalBody } from './contract.ts'
import type { DeskRules } from './desk/contract.ts'
import { DecisionUnfit } from './errors.ts'
import { type IssueRule, ruleFor } from './mandate.ts'
import type { Tolerances } from './material.ts'
import type { WarnCountries } from './message.ts'
import type { WarningProfile } from './profile.ts'
import { proposalRecord, type WarnDecisionBody } from './records.ts'

export type IssueSettings = {
  readonly rules: readonly IssueRule[]
  readonly catalogues: Readonly<Record<Language, Catalogue>>
  readonly countries: WarnCountries
  readonly identity: Identity
  readonly tolerances?: Tolerances
  /** Parameters of the region beside CAP's words. */
  readonly profile?: WarningProfile
  readonly desk?: DeskRules
  /** Puts the node's signature into a message. */
  readonly sign?: (xml: string) => Promise<string>
}

export const method = { kind: 'method', name: 'warn/issue', version: '1' } as const satisfies Producer

/** What to do about one version of a proposal, in whose name, and when. */
export type Order = {
  readonly input: Held
  /** When this node had the input. */
  readonly at: Instant
  readonly proposal: Held<ProposalBody>
  readonly state: ProposalBody['state']
  readonly rule: IssueRule
  readonly producer: Producer
  readonly by: 'rule' | 'person' | 'release'
}

export function orderOfMachine({ rules }: IssueSettings, proposal: Held<ProposalBody>): Order | undefined {
  const { body, realm } = proposal.record
  const rule = ruleFor(
    rules.filter(({ issues }) => issues !== 'by-person'),
    realm,
    body,
  )
  const at = proposal.record.recordedAt
  return rule && { input: proposal, at, proposal, state: body.state, rule, producer: method, by: 'rule' }
}

/**
 * A release came after a message went out restricted: the machine may say the newest version of its proposal again, to
 * all who may have it now. A release of another node is as late as it came here.
 */
export function orderOfRelease(
  settings: IssueSettings,
  input: Held,
  proposal: Held<ProposalBody>,
): Order | undefined {
  const order = orderOfMachine(settings, proposal)
  return order && { ...order, input, at: input.receivedAt, by: 'release' }
}

export async function orderOfPerson(
  { rules }: IssueSettings,
  input: Held<WarnDecisionBody>,
  view: ReactorView,
): Promise<Order | undefined> {
  const { decision, proposal: id, version } = input.record.body
  if (decision === 'decline') return undefined
  const proposal = (await view.get(id, version)) as Held<ProposalBody> | undefined
  if (!proposal || proposal.record.type !== proposalRecord.type)
    throw new DecisionUnfit(
      `There is no proposal ${id} version ${version} here; decide on one that the node holds.`,
    )
  const { realm, body } = proposal.record
  const rule = ruleFor(rules, realm, body)
  if (!rule)
    throw new DecisionUnfit(
      `No issue rule of this node covers ${body.hazard} in ${body.country} in realm ${realm}; add one with its mandate.`,
    )
  if (decision === 'issue' && body.state === 'end')
    throw new DecisionUnfit(`Proposal ${id} version ${version} says to end the warning; decide "end" on it.`)
  const state = decision === 'end' ? 'end' : body.state
  const { producer, recordedAt: at } = input.record
  return { input, at, proposal, state, rule, producer, by: 'person' }
}
