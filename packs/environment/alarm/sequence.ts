/**
 * Where an alarm stands: who has confirmed, who has not and since when, what is to be done about it, in river order. It
 * follows from the records and the time alone (`../addressed.ts`); nothing is sent from here.
 */
import { type Held, type Instant, plusMs, unreachable } from '../../../engines/record/index.ts'
import { type AddresseeClock, type Clocks, clocksOf, type Mode, modeOf, type Told } from '../addressed.ts'
import type { AcknowledgementBody } from '../records.ts'
import { alarmParameters } from '../settings.ts'
import type { AlarmAddressee, AlarmBody } from './records.ts'

/** `telephone`: long overdue. `water-may-be-there`: it may have arrived before a word did. */
export type Escalation = {
  readonly contact: string
  readonly step: 'remind' | 'telephone' | 'water-may-be-there'
  readonly since: Instant
}

export type SequenceStep = Pick<AlarmAddressee, 'order' | 'river' | 'km' | 'arrival'> &
  AddresseeClock & {
    /** It confirmed, and a centre above it, whom the water reaches first, has not. */
    readonly isAheadOfRiver: boolean
    readonly escalation?: Escalation
  }

export type Sequence = {
  readonly mode: Mode
  readonly state: 'waiting' | 'confirmed-by-all' | 'ended'
  readonly steps: readonly SequenceStep[]
  /** The first in river order that has not confirmed. */
  readonly next?: string
  readonly notCounting: Clocks['notCounting']
}

export const toldOfAlarm = ({ record }: Held<AlarmBody>): Told => ({
  record,
  openedAt: record.body.issuedAt,
  ...(record.body.end && { endedAt: record.body.end.at }),
  addressees: record.body.addressees,
})

export function sequenceOf(
  alarm: Held<AlarmBody>,
  answers: readonly Held<AcknowledgementBody>[],
  now: Instant,
): Sequence {
  const { addressees, end } = alarm.record.body
  const { clocks, notCounting } = clocksOf(toldOfAlarm(alarm), answers, now)
  const firstOpen = clocks.findIndex(({ acknowledged }) => acknowledged === undefined)
  const steps = addressees.flatMap((addressee, at): SequenceStep[] => {
    const clock = clocks[at]
    if (clock === undefined) return []
    const { order, river, km, arrival } = addressee
    const escalation = escalationOf(addressee, clock, now)
    return [
      {
        ...{ order, river, km, arrival, ...clock },
        isAheadOfRiver: clock.acknowledged !== undefined && firstOpen >= 0 && firstOpen < at,
        ...(escalation && { escalation }),
      },
    ]
  })
  const next = end === undefined ? clocks[firstOpen]?.contact : undefined
  return {
    mode: modeOf(alarm.record.realm),
    state: end !== undefined ? 'ended' : next === undefined ? 'confirmed-by-all' : 'waiting',
    steps,
    ...(next === undefined ? {} : { next }),
    notCounting,
  }
}

/** The furthest step that holds. */
function escalationOf(
  { contact, arrival }: AlarmAddressee,
  { state, dueAt }: AddresseeClock,
  now: Instant,
): Escalation | undefined {
  switch (state) {
    case 'acknowledged':
    case 'acknowledged-late':
    case 'closed':
      return undefined
    case 'waiting':
    case 'overdue': {
      if (now >= arrival.from) return { contact, step: 'water-may-be-there', since: arrival.from }
      if (state === 'waiting') return undefined
      const telephoneAt = plusMs(dueAt, alarmParameters.telephoneAfter.value * 3_600_000)
      return now >= telephoneAt
        ? { contact, step: 'telephone', since: telephoneAt }
        : { contact, step: 'remind', since: dueAt }
    }
    default:
      return unreachable(state)
  }
}
