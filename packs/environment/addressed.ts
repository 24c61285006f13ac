/**
 * Who was told, who has answered and who has not: one clock for each addressee of whatever states tell each other (a limit
 * exceeded, an accident, an alarm on the river).
 *
 * An answer is a record of the addressee's own node. The clocks follow from the records and the time alone, whatever the
 * order in which they came, so every node that holds them shows the same. Which nodes speak for an addressee stands in
 * what was sent, as it was on the day; an answer of any other node is shown, and counts for nobody.
 *
 *     waiting → overdue            the time is up and nothing came
 *     waiting → acknowledged       in time
 *     overdue → acknowledged-late
 *     waiting, overdue → closed    its sender ended it first; what comes later is shown and opens nothing
 */
import { type Static, Type } from 'typebox'
import type { PointOfContact } from '../../engines/place/index.ts'
import { type Held, type Instant, millis, unreachable } from '../../engines/record/index.ts'
import type { AcknowledgementBody } from './records.ts'

const at = Type.Unsafe<Instant>(
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
)
const name = Type.String({ minLength: 1, maxLength: 500 })

export const addresseeSchema = Type.Object(
  {
    contact: name,
    /** ISO 3166-1 alpha-2, or the region's code. */
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
    /** Whose word counts as the addressee's. */
    nodes: Type.Array(name, { maxItems: 20 }),
    dueAt: at,
  },
  { additionalProperties: false },
)
export type Addressee = Static<typeof addresseeSchema>

/** What was sent, as far as its clocks go. */
export type Told = {
  readonly record: Pick<Held['record'], 'id' | 'origin' | 'realm'>
  readonly openedAt: Instant
  /** When its sender ended it. */
  readonly endedAt?: Instant
  readonly addressees: readonly Addressee[]
}

export type AddresseeClock = {
  readonly contact: string
  readonly country: string
  readonly state: 'waiting' | 'overdue' | 'acknowledged' | 'acknowledged-late' | 'closed'
  readonly dueAt: Instant
  /** Since when nothing has come; absent once it was answered or ended. */
  readonly waitingSince?: Instant
  /** To the time by which it is due; below 0 after it. Absent as above. */
  readonly remainingMs?: number
  readonly acknowledged?: Answered
}
export type Answered = {
  readonly at: Instant
  readonly by: AcknowledgementBody['by']
  readonly node: string
  readonly note?: string
}
export type NotCounting = Answered & { readonly because: 'own' | 'not-addressed' | 'nobody-registered' }
export type Clocks = {
  readonly clocks: readonly AddresseeClock[]
  readonly notCounting: readonly NotCounting[]
}

type Answer = Held<AcknowledgementBody>

export function clocksOf(told: Told, all: readonly Answer[], now: Instant): Clocks {
  const answers = all.filter((answer) => isAbout(answer, told)).toSorted(byTime)
  return {
    clocks: told.addressees.map((addressee) => clockOfAddressee({ told, addressee, answers, now })),
    notCounting: answers.flatMap((answer) => {
      const because = whyNot(told, answer)
      return because === undefined ? [] : [{ ...answeredOf(answer), because }]
    }),
  }
}

const isAbout = ({ record }: Answer, told: Told): boolean =>
  record.body.notification === told.record.id && record.realm === told.record.realm

/** Of answers at the same instant the one whose id is lower: every node chooses the same. */
const byTime = (a: Answer, b: Answer): number =>
  millis(answeredAt(a)) - millis(answeredAt(b)) || (a.record.id < b.record.id ? -1 : 1)

const speaksFor = ({ record }: Answer, told: Told, { nodes }: Addressee): boolean =>
  record.origin !== told.record.origin && nodes.includes(record.origin)

type Asked = {
  readonly told: Told
  readonly addressee: Addressee
  readonly answers: readonly Answer[]
  readonly now: Instant
}

function clockOfAddressee({ told, addressee, answers, now }: Asked): AddresseeClock {
  const { contact, country, dueAt } = addressee
  const { openedAt, endedAt } = told
  const base = { contact, country, dueAt }
  const first = answers.find((answer) => speaksFor(answer, told, addressee))
  if (first !== undefined) {
    const acknowledged = answeredOf(first)
    if (endedAt !== undefined && acknowledged.at > endedAt) return { ...base, state: 'closed', acknowledged }
    return { ...base, state: acknowledged.at <= dueAt ? 'acknowledged' : 'acknowledged-late', acknowledged }
  }
  if (endedAt !== undefined) return { ...base, state: 'closed' }
  const remainingMs = millis(dueAt) - millis(now)
  return { ...base, state: remainingMs < 0 ? 'overdue' : 'waiting', waitingSince: openedAt, remainingMs }
}

function whyNot(told: Told, answer: Answer): NotCounting['because'] | undefined {
  if (told.addressees.some((addressee) => speaksFor(answer, told, addressee))) return undefined
  if (answer.record.origin === told.record.origin) return 'own'
  return told.addressees.every(({ nodes }) => nodes.length === 0) ? 'nobody-registered' : 'not-addressed'
}

const answeredOf = (answer: Answer): Answered => {
  const { by, note } = answer.record.body
  return { at: answeredAt(answer), by, node: answer.record.origin, ...(note === undefined ? {} : { note }) }
}

/** What it says of itself, but not before its node wrote it: nobody answers in time afterwards. */
const answeredAt = ({ record }: Answer): Instant =>
  record.body.at > record.recordedAt ? record.body.at : record.recordedAt

/** Every node that may answer: whom the record must reach. */
export const nodesOf = (addressees: readonly Addressee[]): readonly string[] =>
  [...new Set(addressees.flatMap(({ nodes }) => nodes))].sort()

/** The contacts of a country in one system. */
export const contactsFor = (
  contacts: readonly PointOfContact[],
  system: string,
  country: string,
): readonly PointOfContact[] =>
  contacts.filter((one) => one.country === country && one.systems.includes(system))

/** The contact that this node speaks for in one system. */
export const ownContact = (
  contacts: readonly PointOfContact[],
  system: string,
  node: string,
): PointOfContact | undefined =>
  contacts.find((one) => one.systems.includes(system) && one.nodes.includes(node))

export type Mode = 'normal' | 'exercise' | 'communication-test'

/** The realm is the mode: nothing that is played can stand where real things stand. */
export function modeOf(realm: Held['record']['realm']): Mode {
  if (realm === 'actual') return 'normal'
  return realm === 'test' ? 'communication-test' : 'exercise'
}

/** Stands before and behind every text of it, also where the text is read without its record. */
export function marked(realm: Held['record']['realm'], text: string): string {
  const mode = modeOf(realm)
  switch (mode) {
    case 'normal':
      return text
    case 'exercise':
      return `EXERCISE EXERCISE EXERCISE: ${text} (EXERCISE)`
    case 'communication-test':
      return `TEST TEST TEST: ${text} (TEST)`
    default:
      return unreachable(mode)
  }
}
