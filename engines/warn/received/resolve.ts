/**
 * The resolver: from all messages known to the warnings that stand, as a pure function of the set. Whatever order they
 * came in, and however often, the same set gives the same notices.
 *
 *   messages → segments (`segments.ts`) → fates: what replaced or ended each (`fates.ts`) → chains (`chains.ts`) → notices
 *
 * It has no clock: whether a notice has run out is asked of its `expires` at the time of asking. Silence ends nothing: a
 * message that is in a feed no longer is in force until it is cancelled, replaced, cleared, or its time is up.
 */
import { authoritiesOf, authorityId } from './authority.ts'
import { noticeOf } from './chain-notice.ts'
import { chainsOf } from './chains.ts'
import type { KnownAlert, Register, Resolved, Segment } from './contract.ts'
import { type Fate, fatesOf } from './fates.ts'
import { type Message, messagesOf, type References, referencesBy } from './references.ts'
import { segmentsOf } from './segments.ts'

/** One warning of one message, with the message it stands in. */
export type Told = {
  readonly message: Message
  readonly segment: Segment
  /** Authority, kind and area, under one handling and status. */
  readonly slot: string
  /** The same with times and level: what is told twice when it is told again. */
  readonly fact: string
}

export type World = {
  readonly messages: readonly Message[]
  readonly told: readonly Told[]
  readonly toldBy: (message: Message) => readonly Told[]
  readonly referencesOf: (message: Message) => References
}

export type ToldFates = ReadonlyMap<Told, Fate>

/** `resolverFor(register)(alerts)`: the register is read once for many resolutions. */
export function resolverFor(register: Register): (alerts: readonly KnownAlert[]) => readonly Resolved[] {
  const authorityOf = authoritiesOf(register)
  return (alerts) => {
    const messages = messagesOf(alerts, (sender) => authorityId(authorityOf, sender))
    const world = worldOf(messages, register)
    const fates = fatesOf(world)
    return chainsOf(world, fates)
      .map((chain) => noticeOf(chain, world, fates))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
  }
}

function worldOf(messages: readonly Message[], { profile }: Register): World {
  const byMessage = new Map<Message, readonly Told[]>()
  for (const message of messages) {
    const { msgType, status } = message.alert.alert
    if (msgType !== 'Alert' && msgType !== 'Update') continue
    const told = segmentsOf(message.alert, profile).map((segment): Told => {
      const { kindKey, areaKey, fromMs, expiresMs, levelKey } = segment
      const slot = [message.authority, kindKey, areaKey, message.alert.handling, status].join('\n')
      return { message, segment, slot, fact: `${slot}\n${fromMs}\n${expiresMs}\n${levelKey}` }
    })
    byMessage.set(message, told)
  }
  return {
    messages,
    told: [...byMessage.values()].flat(),
    toldBy: (message) => byMessage.get(message) ?? [],
    referencesOf: referencesBy(messages),
  }
}
