/**
 * The chain: all messages about one event in one country, in the order they were issued.
 *
 * CAP 1.2 §3.2.1: an Update "updates and supersedes" the messages it references, a Cancel ends them. Both reference
 * every message of the chain that has not yet expired, since the last Cancel: a receiver that missed one in between
 * then still finds the one it has. After a Cancel, or when all have expired, the next message is an Alert again.
 *
 * State of a message at an instant, derived and never stored:
 *   in-force → superseded (a later Update names it) | cancelled (a later Cancel names it) | expired (its time is up);
 *   a Cancel itself is never in force: it is `ending`.
 */
import type { Held, Instant, RecordId } from '../record/index.ts'
import type { WarningBody } from './records.ts'

export type HeldWarning = Held<WarningBody>
export type WarningState = 'in-force' | 'superseded' | 'cancelled' | 'expired' | 'ending'

/** What a message's chain goes by: its proposal, or the draft with which people began it. */
export const chainIdOf = ({ proposal, chain }: WarningBody): RecordId | undefined => proposal?.id ?? chain

/** The messages of one proposal, or of one first draft, in order. */
export const chainOf = (warnings: readonly HeldWarning[], chain: RecordId): readonly HeldWarning[] =>
  warnings
    .filter(({ record }) => chainIdOf(record.body) === chain)
    .sort((a, b) => a.record.body.number - b.record.body.number)

/** What the next Update or Cancel of this chain has to reference. Empty: the next message is an Alert. */
export function liveOf(chain: readonly HeldWarning[], at: Instant): readonly HeldWarning[] {
  const lastCancel = chain.findLastIndex(({ record }) => record.body.msgType === 'Cancel')
  return chain.slice(lastCancel + 1).filter(({ record }) => record.body.expires > at)
}

export function stateOf(warning: HeldWarning, warnings: readonly HeldWarning[], at: Instant): WarningState {
  const { msgType, identifier, sender, expires } = warning.record.body
  if (msgType === 'Cancel') return 'ending'
  const named = warnings.filter(
    ({ record }) =>
      record.body.sent <= at &&
      record.body.references.some((other) => other.identifier === identifier && other.sender === sender),
  )
  if (named.some(({ record }) => record.body.msgType === 'Cancel')) return 'cancelled'
  if (expires <= at) return 'expired'
  return named.length > 0 ? 'superseded' : 'in-force'
}

/** The messages that hold at this instant: sent, not yet expired, named by no later Update or Cancel. */
export const inForce = (warnings: readonly HeldWarning[], at: Instant): readonly HeldWarning[] =>
  warnings.filter(
    (warning) => warning.record.body.sent <= at && stateOf(warning, warnings, at) === 'in-force',
  )
