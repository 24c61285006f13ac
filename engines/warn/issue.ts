/**
 * From proposal, or a person's decision on one, to the warning.
 *
 *   nothing in force + warn             → Alert
 *   in force + warn, materially changed → Update, referencing all that has not expired
 *   in force + warn, not changed        → nothing
 *   in force + end                      → Cancel, referencing all that has not expired
 *   nothing in force + end              → nothing
 *   warn whose time is already up       → nothing
 *   ended by a person + warn            → nothing, until a person issues it again
 *   in force + release that frees it    → Update, to all who may have it now
 *   last issued from the desk           → nothing: what people wrote, people change (`desk/issue-draft.ts`)
 *
 * A proposal goes out by itself when a rule of the node covers it and lets it; a person's `warn.decision` sends the very
 * version it names, material or not, unless that is what went out last. The reactor alone writes warnings, one at a
 * time, so two people and the machine cannot give the same place in a chain twice. `writeCap` reads every message back
 * with our own validator and throws on anything but a clean verdict, which puts the input in quarantine and rings the
 * node's alarm.
 *
 * What restricted the evidence restricts the message, unless releases in view cover every restricted root, each by its
 * own origin (`engines/store/roots.ts`): then the message names them and says so in its scope. Does a release come while
 * a restricted message is in force, the same proposal goes out again at once: whoever was kept from it waits for nothing
 * else. Where people issue (`by-person`), a person does that. A release that was ended binds what comes after it, the
 * Cancel of a public warning too.
 */
import {
  asRelease,
  type Draft,
  type Handling,
  type Held,
  type Instant,
  isRestricted,
  leq,
  recordRelease,
} from '../record/index.ts'
import { bindingHandling, type Reach, type Reactor, type ReactorView, reachOf } from '../store/index.ts'
import { chainOf, type HeldWarning, liveOf } from './chain.ts'
import type { ProposalBody } from './contract.ts'
import { issueFromDesk, signed } from './desk/issue-draft.ts'
import { type DraftStepBody, draftStepRecord } from './desk/records.ts'
import { DecisionUnfit, keptAtDesk } from './errors.ts'
import { issuedDraft } from './issued.ts'
import { isSevereEnough } from './mandate.ts'
import { defaultTolerances, materialChanges } from './material.ts'
import {
  type IssueSettings,
  method,
  type Order,
  orderOfMachine,
  orderOfPerson,
  orderOfRelease,
} from './order.ts'
import {
  decisionRecord,
  proposalRecord,
  type WarnDecisionBody,
  type WarningBody,
  warningRecord,
} from './records.ts'

export function issueReactor(settings: IssueSettings): Reactor {
  return {
    name: 'warn/issue',
    version: method.version,
    reads: [proposalRecord.type, decisionRecord.type, recordRelease.type, draftStepRecord.type],
    writes: [warningRecord.type],
    react: async (input, view) => {
      if (input.record.type === draftStepRecord.type)
        return issueFromDesk(settings, input as Held<DraftStepBody>, view)
      const drafts: Draft[] = []
      for (const order of await ordersOf(settings, input, view))
        drafts.push(...(await follow(settings, order, view)))
      return Promise.all(drafts.map((draft) => signed(settings, draft as Draft<WarningBody>)))
    },
  }
}

async function ordersOf(settings: IssueSettings, input: Held, view: ReactorView): Promise<readonly Order[]> {
  const { type, origin } = input.record
  if (type === recordRelease.type) return ordersOfRelease(settings, input, view)
  if (origin !== settings.identity.node) return [] // a peer's word moves nothing here
  if (type === decisionRecord.type) {
    const order = await orderOfPerson(settings, input as Held<WarnDecisionBody>, view)
    return order ? [order] : []
  }
  const order = orderOfMachine(settings, input as Held<ProposalBody>)
  return order && (await isOwnFinding(settings, input, view)) ? [order] : []
}

/** What a peer assessed waits for a person: no rule speaks in this node's name on another's word. */
async function isOwnFinding(
  { identity }: IssueSettings,
  { record }: Held,
  view: ReactorView,
): Promise<boolean> {
  for (const { type, id, version } of record.links) {
    if (type !== 'derivedFrom') continue
    const found = await view.get(id, version)
    if (found !== undefined && found.record.origin !== identity.node) return false
  }
  return true
}

/** One for each proposal of which a restricted message still holds; which of them it frees is asked later. */
async function ordersOfRelease(
  settings: IssueSettings,
  input: Held,
  view: ReactorView,
): Promise<readonly Order[]> {
  if (asRelease(input.record) === undefined) return []
  const held = await view.read({ types: [warningRecord.type], validFrom: input.receivedAt })
  const dark = (held as readonly HeldWarning[]).filter(
    (warning) => warning.record.origin === settings.identity.node && isRestricted(bindingHandling(warning)),
  )
  const proposals = [...new Set(dark.flatMap(({ record }) => record.body.proposal?.id ?? []))].sort()
  const orders: Order[] = []
  for (const id of proposals) {
    const proposal = (await view.get(id)) as Held<ProposalBody> | undefined
    const order = proposal && orderOfRelease(settings, input, proposal)
    if (order) orders.push(order)
  }
  return orders
}

async function follow(settings: IssueSettings, order: Order, view: ReactorView): Promise<readonly Draft[]> {
  const { proposal, rule, by } = order
  const held = await view.read({
    types: [warningRecord.type],
    linkedTo: [proposal.record.id],
    linkType: 'derivedFrom',
  })
  const chain = chainOf(held as readonly HeldWarning[], proposal.record.id)
  const last = chain.at(-1)
  if (last && (await isPast(order.input, last, view))) return []
  if (
    last?.record.body.draft !== undefined &&
    (by !== 'person' || liveOf(chain, wholeSecond(order.at)).length > 0)
  ) {
    if (by === 'person') throw new DecisionUnfit(keptAtDesk(proposal.record.id))
    return []
  }
  const sent = later(wholeSecond(order.at), last?.record.body.sent)
  const live = liveOf(chain, sent)
  const reach = await reachNow(order, view)
  const send = (msgType: 'Alert' | 'Update' | 'Cancel') => [
    issuedDraft(settings, order, { msgType, chain, live, sent, reach }),
  ]
  if (order.state === 'end') return live.length > 0 ? send('Cancel') : []
  if (proposal.record.body.expires <= sent) return []
  if (by !== 'person' && last && isEndedByPerson(last)) return []
  const frees = last !== undefined && isFreer(reach.handling, bindingHandling(last))
  if (by === 'release') return live.length > 0 && frees ? send('Update') : []
  if (live.length === 0) {
    const isAllowed = by === 'person' || isSevereEnough(rule, proposal.record.body.severity)
    return isAllowed ? send('Alert') : []
  }
  if (by === 'person') {
    const isSaid = last?.record.body.proposal?.version === proposal.record.version
    return isSaid && !frees ? [] : send('Update')
  }
  return (await isMaterial(settings, proposal, last, view)) ? send('Update') : []
}

/** Whom the message reaches: what its proposal is bound by, or what releases make of that. */
async function reachNow({ proposal, at }: Order, view: ReactorView): Promise<Reach> {
  const released = view.withoutReleases ? undefined : await reachOf(view, proposal, at)
  return released ?? { handling: bindingHandling(proposal), releases: [] }
}

const isFreer = (now: Handling, before: Handling): boolean => leq(now, before) && !leq(before, now)

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
  const { proposal: said } = last.record.body
  const issued = said && ((await view.get(said.id, said.version)) as Held<ProposalBody> | undefined)
  return !issued || materialChanges(issued.record.body, proposal.record.body, tolerances).length > 0
}

/** CAP knows whole seconds; cut, so that a message is never from the future. */
const wholeSecond = (at: Instant): Instant => `${at.slice(0, 19)}.000Z` as Instant

/** Never before the message it follows, even when a clock was set back. */
const later = (at: Instant, other: Instant | undefined): Instant => (other && other > at ? other : at)
