/**
 * From proposal, or a person's decision on one, to the warning.
 *
 *   nothing in force + warn            → Alert
 *   in force + warn, materially changed → Update, referencing all that has not expired
 *   in force + warn, not changed        → nothing
 *   in force + end                      → Cancel, referencing all that has not expired
 *   nothing in force + end              → nothing
 *   warn whose time is already up       → nothing
 *   ended by a person + warn            → nothing, until a person issues it again
 *
 * A proposal goes out by itself when a rule of the node covers it and lets it; a person's `warn.decision` sends the very
 * version it names, material or not, unless that is what went out last. The reactor alone writes warnings, one at a
 * time, so two people and the machine cannot give the same place in a chain twice. `writeCap` reads every message back
 * with our own validator and throws on anything but a clean verdict, which puts the input in quarantine and rings the
 * node's alarm.
 */
import type { Draft, Held, Instant } from '../record/index.ts'
import type { Reactor, ReactorView } from '../store/index.ts'
import { chainOf, type HeldWarning, liveOf } from './chain.ts'
import type { ProposalBody } from './contract.ts'
import { issuedDraft } from './issued.ts'
import { isSevereEnough } from './mandate.ts'
import { defaultTolerances, materialChanges } from './material.ts'
import { type IssueSettings, method, type Order, orderOfMachine, orderOfPerson } from './order.ts'
import { decisionRecord, proposalRecord, type WarnDecisionBody, warningRecord } from './records.ts'

export function issueReactor(settings: IssueSettings): Reactor {
  return {
    name: 'warn/issue',
    version: method.version,
    reads: [proposalRecord.type, decisionRecord.type],
    writes: [warningRecord.type],
    react: async (input, view) => {
      if (input.record.origin !== settings.identity.node) return [] // a peer's word moves nothing here
      const order =
        input.record.type === decisionRecord.type
          ? await orderOfPerson(settings, input as Held<WarnDecisionBody>, view)
          : orderOfMachine(settings, input as Held<ProposalBody>)
      return order ? follow(settings, order, view) : []
    },
  }
}

async function follow(settings: IssueSettings, order: Order, view: ReactorView): Promise<readonly Draft[]> {
  const { proposal, rule } = order
  const held = await view.read({
    types: [warningRecord.type],
    linkedTo: [proposal.record.id],
    linkType: 'derivedFrom',
  })
  const chain = chainOf(held as readonly HeldWarning[], proposal.record.id)
  const last = chain.at(-1)
  if (last && (await isPast(order.input, last, view))) return []
  const sent = later(wholeSecond(order.input.record.recordedAt), last?.record.body.sent)
  const live = liveOf(chain, sent)
  if (order.state === 'end')
    return live.length > 0 ? [issuedDraft(settings, order, 'Cancel', chain, live, sent)] : []
  if (proposal.record.body.expires <= sent) return []
  if (!order.byPerson && last && isEndedByPerson(last)) return []
  if (live.length === 0) {
    const isAllowed = order.byPerson || isSevereEnough(rule, proposal.record.body.severity)
    return isAllowed ? [issuedDraft(settings, order, 'Alert', chain, live, sent)] : []
  }
  if (order.byPerson && last?.record.body.proposal.version === proposal.record.version) return []
  const isWorthIt = order.byPerson || (await isMaterial(settings, proposal, last, view))
  return isWorthIt ? [issuedDraft(settings, order, 'Update', chain, live, sent)] : []
}

/**
 * After a crash inputs come again. The chain's last message answered this input or a later one: it was dealt with then.
 * (What lies after the input in hand is hidden from the view.)
 */
async function isPast(input: Held, last: HeldWarning, view: ReactorView): Promise<boolean> {
  const answered = last.record.links.find(({ type }) => type === 'answers')
  const held = answered && (await view.get(answered.id, answered.version))
  return !held || held.index >= input.index
}

/** The machine does not overrule the person who called it off. */
const isEndedByPerson = ({ record }: HeldWarning): boolean =>
  record.body.msgType === 'Cancel' && record.producer.kind === 'person'

async function isMaterial(
  { tolerances = defaultTolerances }: IssueSettings,
  proposal: Held<ProposalBody>,
  last: HeldWarning | undefined,
  view: ReactorView,
): Promise<boolean> {
  if (!last) return true
  const { id, version } = last.record.body.proposal
  const issued = (await view.get(id, version)) as Held<ProposalBody> | undefined
  return !issued || materialChanges(issued.record.body, proposal.record.body, tolerances).length > 0
}

/** CAP knows whole seconds; cut, so that a message is never from the future. */
const wholeSecond = (at: Instant): Instant => `${at.slice(0, 19)}.000Z` as Instant

/** Never before the message it follows, even when a clock was set back. */
const later = (at: Instant, other: Instant | undefined): Instant => (other && other > at ? other : at)
