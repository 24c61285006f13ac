/**
 * The Danube alarm sequence as its centres work it: raise a warning to every centre downstream, confirm receipt, end the
 * alert. Steps by records, each of its own node:
 *
 *     raised ──(each centre downstream confirms, in any order)──▶ raised ──(its sender)──▶ ended
 *
 * Ended is the last state: an ended alarm is not raised again and not confirmed any more; a new one is a new record.
 */
import type { LonLat, PointOfContact, River } from '../../../engines/place/index.ts'
import {
  type Draft,
  type Held,
  type Instant,
  millis,
  plusMs,
  type Realm,
} from '../../../engines/record/index.ts'
import type { Appended, Store } from '../../../engines/store/index.ts'
import { contactsFor, marked, ownContact } from '../addressed.ts'
import { alarmParameters } from '../settings.ts'
import { downstreamOf, type Reached } from './arrival.ts'
import { type AlarmAddressee, type AlarmBody, alarmRecord, type Incident } from './records.ts'

export const danubeAlarm = 'danube-alarm'

export type AlarmWorld = {
  readonly contacts: readonly PointOfContact[]
  readonly rivers: readonly River[]
}
export type By = { readonly name: string; readonly role?: string }

export type AlarmOrder = {
  /** Names it among this node's own; a repeat of the same changes nothing. */
  readonly key: string
  readonly realm: Realm
  readonly at: LonLat
  readonly river?: string
  readonly incident: Incident
  readonly by: By
  readonly now: Instant
}

export type Raised =
  | { readonly kind: 'raised'; readonly appended: Appended }
  /** This node speaks for no centre of the register. */
  | { readonly kind: 'no-centre' }
  | { readonly kind: 'no-river' }
  | { readonly kind: 'nobody-downstream' }
  /** The key is taken: what was told is not told anew under its name. */
  | { readonly kind: 'raised-before'; readonly alarm: Held<AlarmBody> }

export async function raiseAlarm(
  store: Pick<Store, 'append' | 'read' | 'identity'>,
  world: AlarmWorld,
  order: AlarmOrder,
): Promise<Raised> {
  const centre = ownContact(world.contacts, danubeAlarm, store.identity.node)
  if (centre === undefined) return { kind: 'no-centre' }
  const before = await ownAlarm(store, order)
  if (before !== undefined) return { kind: 'raised-before', alarm: before }
  const { occurredAt } = order.incident
  const { rivers, reached } = downstreamOf(world.rivers, {
    at: order.at,
    ...(order.river === undefined ? {} : { river: order.river }),
    occurredAt,
    but: [centre.country],
  })
  if (rivers.length === 0) return { kind: 'no-river' }
  if (reached.length === 0) return { kind: 'nobody-downstream' }
  const addressees = addresseesOf(world.contacts, reached, order.now)
  const body: AlarmBody = {
    system: danubeAlarm,
    headline: marked(order.realm, `${order.incident.kind} on the ${rivers.join(', ')}`),
    incident: { ...order.incident, what: marked(order.realm, order.incident.what) },
    from: { contact: centre.id, country: centre.country },
    rivers: [...rivers],
    issuedAt: order.now,
    speed: speedAssumed,
    addressees,
    withoutCentre: reached
      .map(({ country }) => country)
      .filter((code) => !addressees.some(({ country }) => country === code)),
  }
  const [appended] = await store.append([draftOf(order, body)])
  if (appended === undefined) throw new Error('the store answered nothing')
  return { kind: 'raised', appended }
}

async function ownAlarm({ read, identity }: Pick<Store, 'read' | 'identity'>, { key, realm }: AlarmOrder) {
  const held = (await read({ types: [alarmRecord.type], realm, key })) as readonly Held<AlarmBody>[]
  return held.find(({ record }) => record.origin === identity.node)
}

const speedAssumed: AlarmBody['speed'] = {
  low: alarmParameters.slowest.value,
  high: alarmParameters.fastest.value,
  unit: 'km/h',
  assumed: 'the same for every river; bends up to half the length of a rough line again',
}

function addresseesOf(
  contacts: readonly PointOfContact[],
  reached: readonly Reached[],
  now: Instant,
): AlarmAddressee[] {
  return reached
    .flatMap((one) => contactsFor(contacts, danubeAlarm, one.country).map((contact) => ({ one, contact })))
    .map(({ one, contact }, at) => ({
      contact: contact.id,
      country: one.country,
      nodes: [...contact.nodes],
      dueAt: dueAtOf(one, now),
      order: at + 1,
      river: one.river,
      km: one.km,
      arrival: one.arrival,
    }))
}

const hourMs = 3_600_000

/** Half of what is left until the water may be there, within bounds: whom it reaches first has the least time. */
function dueAtOf({ arrival }: Reached, now: Instant): Instant {
  const half = (millis(arrival.from) - millis(now)) / 2
  const { shortest, longest } = alarmParameters
  return plusMs(now, Math.min(longest.value * hourMs, Math.max(shortest.value * hourMs, half)))
}

const draftOf = ({ key, realm, at, by, incident }: AlarmOrder, body: AlarmBody): Draft<AlarmBody> => ({
  type: alarmRecord.type,
  key,
  realm,
  producer: { kind: 'person', ...by },
  valid: { from: incident.occurredAt },
  place: { geometry: { type: 'Point', coordinates: [...at] } },
  handling: { tlp: 'TLP:GREEN' },
  body,
})

export type Ended =
  | { readonly kind: 'ended'; readonly appended: Appended }
  /** Only its sender ends an alarm. */
  | { readonly kind: 'not-own' }
  | { readonly kind: 'ended-before'; readonly at: Instant }

export type Ending = { readonly by: By; readonly at: Instant; readonly because: string }

export async function endAlarm(
  store: Pick<Store, 'append' | 'get' | 'identity'>,
  alarm: Held<AlarmBody>,
  end: Ending,
): Promise<Ended> {
  // What is in hand may be an older version: ended is ended.
  const { record } = ((await store.get(alarm.record.id)) ?? alarm) as Held<AlarmBody>
  if (record.origin !== store.identity.node) return { kind: 'not-own' }
  const { body, type, key, realm, valid, place, handling } = record
  if (body.end !== undefined) return { kind: 'ended-before', at: body.end.at }
  const because = marked(realm, end.because)
  const draft: Draft<AlarmBody> = {
    ...{ type, key, realm, handling },
    producer: { kind: 'person', ...end.by },
    valid: { from: valid.from, until: end.at > valid.from ? end.at : valid.from },
    ...(place && { place }),
    body: { ...body, end: { at: end.at, by: end.by, because } },
  }
  const [appended] = await store.append([draft])
  if (appended === undefined) throw new Error('the store answered nothing')
  return { kind: 'ended', appended }
}
