/**
 * The inbox and outbox of a node: whatever states tell each other (a limit exceeded, an alarm on the river, a report of an
 * accident, a test of the line), each with the clock of every addressee. The sender and those addressed see the same.
 *
 * A request for assistance waits for its answer; that somebody has merely received it is shown beside, as `received`.
 */
import type { PointOfContact } from '../../engines/place/index.ts'
import { type Held, type Instant, type RecordId, unreachable } from '../../engines/record/index.ts'
import type { Query } from '../../engines/store/index.ts'
import {
  type AssistanceAnswerBody,
  assistanceAnswerRecord,
  assistanceRequestRecord,
  communicationTestRecord,
  earlyWarningRecord,
  informationRecord,
} from './accidents/records.ts'
import {
  type AddresseeClock,
  type Answered,
  clocksOf,
  type Mode,
  modeOf,
  type NotCounting,
} from './addressed.ts'
import { type AlarmBody, alarmRecord } from './alarm/records.ts'
import { type SequenceStep, sequenceOf } from './alarm/sequence.ts'
import { type AcknowledgementBody, acknowledgementRecord, notificationRecord } from './records.ts'
import { toldOf } from './told.ts'

export const inboxKinds = [
  'limit-exceeded',
  'alarm',
  'early-warning',
  'information-report',
  'assistance-request',
  'communication-test',
] as const
export type InboxKind = (typeof inboxKinds)[number]

const types: Readonly<Record<InboxKind, string>> = {
  'limit-exceeded': notificationRecord.type,
  alarm: alarmRecord.type,
  'early-warning': earlyWarningRecord.type,
  'information-report': informationRecord.type,
  'assistance-request': assistanceRequestRecord.type,
  'communication-test': communicationTestRecord.type,
}
export const typeOfInboxKind = (kind: InboxKind): string => types[kind]

export type InboxEntry = {
  readonly held: Held
  readonly kind: InboxKind
  readonly mode: Mode
  /** `out`: this node sent it. `in`: it is addressed to this node. `seen`: to others. */
  readonly box: 'in' | 'out' | 'seen'
  /** Of all its addressees the one that is furthest behind; `ended` once its sender ended it. */
  readonly state: 'waiting' | 'overdue' | 'answered' | 'ended'
  readonly openedAt: Instant
  /** The register has the sending node for the contact or country that it says it speaks for. */
  readonly isSenderKnown: boolean
  readonly clocks: readonly (AddresseeClock & Partial<SequenceStep>)[]
  readonly notCounting: readonly NotCounting[]
  /** Receipts of a request that waits for its answer. */
  readonly received: readonly Answered[]
  readonly answers: readonly Held<AssistanceAnswerBody>[]
}

export type Asking = {
  readonly node: string
  readonly now: Instant
  readonly contacts: readonly PointOfContact[]
}
type Read = (query: Pick<Query, 'types' | 'linkedTo' | 'realm' | 'knownAt'>) => Promise<readonly Held[]>
type Acknowledgements = readonly Held<AcknowledgementBody>[]

/** Each of these with its clocks; what is nothing of the kind is left out. */
export async function inboxOf(
  read: Read,
  held: readonly Held[],
  asking: Asking & Pick<Query, 'knownAt'>,
): Promise<readonly InboxEntry[]> {
  const ids = held.filter((one) => toldOf(one)).map(({ record }) => record.id)
  if (ids.length === 0) return []
  const answers = await read({
    types: [acknowledgementRecord.type, assistanceAnswerRecord.type],
    linkedTo: ids,
    ...(asking.knownAt && { knownAt: asking.knownAt }),
  })
  const by = Map.groupBy(answers, ({ record }) => (record.body as AcknowledgementBody).notification)
  return held.flatMap((one) => entryOf(one, by.get(one.record.id as RecordId) ?? [], asking) ?? [])
}

function entryOf(held: Held, all: readonly Held[], { node, now, contacts }: Asking): InboxEntry | undefined {
  const told = toldOf(held)
  const kind = inboxKinds.find((one) => types[one] === held.record.type)
  if (told === undefined || kind === undefined) return undefined
  const receipts = all.filter(({ record }) => record.type === acknowledgementRecord.type) as Acknowledgements
  const helps = all.filter(
    ({ record }) => record.type === assistanceAnswerRecord.type,
  ) as Held<AssistanceAnswerBody>[]
  const isRequest = kind === 'assistance-request'
  const { clocks, notCounting } = clocksOf(told, isRequest ? helps : receipts, now)
  const steps = kind === 'alarm' ? sequenceOf(held as Held<AlarmBody>, receipts, now).steps : clocks
  const isAddressed = told.addressees.some(({ nodes }) => nodes.includes(node))
  return {
    ...{ held, kind, openedAt: told.openedAt, clocks: steps, notCounting },
    mode: modeOf(held.record.realm),
    isSenderKnown: isKnown(held, contacts),
    box: held.record.origin === node ? 'out' : isAddressed ? 'in' : 'seen',
    state: told.endedAt === undefined ? furthestBehind(clocks) : 'ended',
    received: isRequest
      ? clocksOf(told, receipts, now).clocks.flatMap(({ acknowledged }) => acknowledged ?? [])
      : [],
    answers: helps.filter(
      ({ record }) =>
        record.realm === held.record.realm &&
        record.origin !== held.record.origin &&
        told.addressees.some(({ nodes }) => nodes.includes(record.origin)),
    ),
  }
}

/** Any node may write that it speaks for a country; whether it does, this node's own register says. */
function isKnown({ record }: Held, contacts: readonly PointOfContact[]): boolean {
  const { from } = record.body as {
    readonly from?: string | { readonly contact: string; readonly country: string }
  }
  if (from === undefined) return false
  return contacts.some(({ id, country, nodes }) => {
    if (!nodes.includes(record.origin)) return false
    return typeof from === 'string' ? country === from : id === from.contact && country === from.country
  })
}

function furthestBehind(clocks: readonly AddresseeClock[]): InboxEntry['state'] {
  let state: InboxEntry['state'] = 'answered'
  for (const clock of clocks) {
    switch (clock.state) {
      case 'overdue':
        return 'overdue'
      case 'waiting':
        state = 'waiting'
        break
      case 'acknowledged':
      case 'acknowledged-late':
      case 'closed':
        break
      default:
        return unreachable(clock.state)
    }
  }
  return state
}
