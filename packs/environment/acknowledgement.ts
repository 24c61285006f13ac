/**
 * The neighbour's answer to what he was told, and the clock of a notification that both sides see.
 *
 * The answer is a record of the neighbour's own node that refers to what it answers: it is bound as that is. Clocks follow
 * from the records and the time alone (`addressed.ts`). Only the neighbour who was addressed answers: the notification
 * names the nodes that speak for him; an answer from elsewhere is shown as not counting.
 */
import type { Draft, Held, Instant } from '../../engines/record/index.ts'
import type { Appended, Store } from '../../engines/store/index.ts'
import { type AddresseeClock, clocksOf, type NotCounting, nodesOf } from './addressed.ts'
import {
  type AcknowledgementBody,
  acknowledgementRecord,
  type NotificationBody,
  notificationRecord,
} from './records.ts'
import { toldOf, toldOfNotification } from './told.ts'

export type NotificationClock = Pick<AddresseeClock, 'dueAt' | 'remainingMs' | 'acknowledged'> & {
  readonly state: Exclude<AddresseeClock['state'], 'closed'>
  readonly openedAt: Instant
  /** Answers of others than the neighbour addressed. */
  readonly notCounting?: readonly NotCounting[]
}

export type NotificationShown = {
  readonly notification: Held<NotificationBody>
  readonly clock: NotificationClock
}

export function clockOf(
  notification: Held<NotificationBody>,
  answers: readonly Held<AcknowledgementBody>[],
  now: Instant,
): NotificationClock {
  const { openedAt, dueAt } = notification.record.body
  const { clocks, notCounting } = clocksOf(toldOfNotification(notification), answers, now)
  const [clock] = clocks
  if (clock === undefined || clock.state === 'closed') throw new Error('a notification has one addressee')
  const { state, remainingMs, acknowledged } = clock
  return {
    ...{ state, openedAt, dueAt },
    ...(remainingMs === undefined ? {} : { remainingMs }),
    ...(acknowledged && { acknowledged }),
    ...(notCounting.length > 0 && { notCounting }),
  }
}

/** Every notification that this node holds, the newest first, each with its clock. */
export async function notificationsOf(
  store: Pick<Store, 'read'>,
  realm: Draft['realm'],
  now: Instant,
): Promise<readonly NotificationShown[]> {
  const [notifications, answers] = await Promise.all([
    store.read({ types: [notificationRecord.type], realm, order: '-index' }) as Promise<
      readonly Held<NotificationBody>[]
    >,
    store.read({ types: [acknowledgementRecord.type], realm }) as Promise<
      readonly Held<AcknowledgementBody>[]
    >,
  ])
  return notifications.map((notification) => ({ notification, clock: clockOf(notification, answers, now) }))
}

export type Acknowledging = {
  readonly by: { readonly name: string; readonly role?: string }
  readonly at: Instant
  readonly note?: string
}

export type Acknowledged =
  | { readonly kind: 'own' }
  /** This node speaks for nobody to whom it was addressed. */
  | { readonly kind: 'not-addressed' }
  /** Its sender ended it: there is nothing to answer any more. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'written'; readonly appended: Appended }

/** Not by who opened it, nor by who was not addressed. A repeat by the same node writes nothing new. */
export async function acknowledge(
  store: Pick<Store, 'append' | 'read' | 'identity'>,
  held: Held,
  answer: Acknowledging,
): Promise<Acknowledged> {
  const { record } = held
  const { endedAt, addressees = [] } = toldOf(held) ?? {}
  const { node } = store.identity
  if (record.origin === node) return { kind: 'own' }
  if (!nodesOf(addressees).includes(node)) return { kind: 'not-addressed' }
  if (endedAt !== undefined) return { kind: 'ended' }
  const answers = (await store.read({
    types: [acknowledgementRecord.type],
    realm: record.realm,
    key: record.id,
  })) as readonly Held<AcknowledgementBody>[]
  const before = answers.find((one) => one.record.origin === node)
  if (before !== undefined) return { kind: 'written', appended: { kind: 'unchanged', record: before.record } }
  const [appended] = await store.append([acknowledgementOf(record, answer)])
  if (appended === undefined) throw new Error('the store answered nothing')
  return { kind: 'written', appended }
}

function acknowledgementOf(
  { id, version, realm, handling }: Held['record'],
  { by, at, note }: Acknowledging,
): Draft<AcknowledgementBody> {
  const person = { name: by.name, ...(by.role === undefined ? {} : { role: by.role }) }
  return {
    type: acknowledgementRecord.type,
    key: id,
    realm,
    producer: { kind: 'person', ...person },
    valid: { from: at },
    handling,
    links: [
      { type: 'answers', id, version },
      { type: 'about', id },
    ],
    body: {
      notification: id,
      version,
      at,
      by: person,
      ...(note === undefined ? {} : { note }),
    },
  }
}
