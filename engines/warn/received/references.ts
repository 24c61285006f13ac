/**
 * What messages say of each other: which copy of a name counts, which references reach a message, what an Update
 * replaces and a Cancel ends.
 *
 * - Other content under one triple: the copy recorded first counts, our own before a peer's, one whose signature fails
 *   after all others; the other is a conflict.
 * - A reference counts within one authority, to a message sent before. To itself, to a later one, or round in a loop it
 *   counts for nothing: else two messages that replace each other would leave none.
 * - An Update that says nothing (no info) replaces nothing.
 * - An Update all of whose references were cancelled before it was sent starts nothing again; only a new Alert does.
 */
import { type CapTriple, capTriple, capTripleText } from '../../formats/index.ts'
import type { KnownAlert } from './contract.ts'

export type Message = {
  readonly alert: KnownAlert
  readonly name: string
  readonly authority: string
  readonly sentMs: number
  /** Other content that came under this name. */
  readonly conflicts: readonly KnownAlert[]
  /** The same content, held once more: a peer's record of it. */
  readonly copies: readonly KnownAlert[]
}

export type References = {
  readonly held: readonly Message[]
  /** As written. */
  readonly dangling: readonly string[]
}

/** One message for each name, in the order of sending. Sorted, so that the order of arrival changes nothing. */
export function messagesOf(
  alerts: readonly KnownAlert[],
  authorityOf: (sender: string) => string,
): readonly Message[] {
  const byName = new Map<string, KnownAlert[]>()
  for (const alert of alerts) {
    const name = nameOf(alert)
    const copies = byName.get(name)
    if (copies === undefined) byName.set(name, [alert])
    else copies.push(alert)
  }
  return [...byName]
    .map(([name, copies]) => {
      const [winner, ...others] = copies.length === 1 ? copies : copies.sort(firstWins)
      const alert = winner as KnownAlert // a group is never empty
      return {
        alert,
        name,
        authority: authorityOf(alert.triple.sender),
        sentMs: Date.parse(alert.triple.sent),
        conflicts: others.filter(({ digest }) => digest !== alert.digest),
        copies: others.filter(({ digest }) => digest === alert.digest),
      }
    })
    .sort(inOrderOfSending)
}

/** Status and handling are part of the name: a test, or a word in confidence, never stands in for a public one. */
const nameOf = ({ triple, handling, alert }: KnownAlert): string => fullName(triple, handling, alert.status)
const fullName = (triple: CapTriple, handling: string, status: string): string =>
  `${capTripleText(triple)}\n${handling}\n${status}`

function firstWins(a: KnownAlert, b: KnownAlert): number {
  if (a.isForged !== b.isForged) return a.isForged ? 1 : -1
  if (a.isOwn !== b.isOwn) return a.isOwn ? -1 : 1
  return a.recordedMs - b.recordedMs || textOrder(a.digest, b.digest) || textOrder(a.key, b.key)
}

export const textOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const inOrderOfSending = (a: Message, b: Message): number =>
  a.sentMs - b.sentMs || textOrder(a.name, b.name)

export function referencesBy(messages: readonly Message[]): (message: Message) => References {
  const byName = new Map(messages.map((message) => [message.name, message]))
  const known = new Map<Message, References>()
  return (message) => {
    const found = known.get(message) ?? read(message, byName)
    known.set(message, found)
    return found
  }
}

function read(message: Message, byName: ReadonlyMap<string, Message>): References {
  const { references, status } = message.alert.alert
  if (references.length === 0) return none
  const held = new Set<Message>()
  const dangling = new Set<string>()
  for (const reference of references) {
    const triple = capTriple(reference)
    const target = triple && byName.get(fullName(triple, message.alert.handling, status))
    if (target === undefined) dangling.add(`${reference.sender},${reference.identifier},${reference.sent}`)
    else if (reaches(message, target)) held.add(target)
  }
  return { held: [...held], dangling: [...dangling].sort() }
}

const none: References = { held: [], dangling: [] }

/** A Cancel of the same second counts: it can close no loop. */
function reaches(message: Message, target: Message): boolean {
  if (target === message || target.authority !== message.authority) return false
  if (message.alert.alert.msgType === 'Cancel') return target.sentMs <= message.sentMs
  return inOrderOfSending(target, message) < 0
}
