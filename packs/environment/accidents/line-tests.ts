/**
 * The regular test of the lines between points of contact: when each was last tested and answered, and which test is due.
 * A test is a record in the realm `test`; nothing is sent from here.
 */
import type { PointOfContact } from '../../../engines/place/index.ts'
import { type Held, type Instant, plusMs } from '../../../engines/record/index.ts'
import { clocksOf } from '../addressed.ts'
import type { AcknowledgementBody } from '../records.ts'
import { formParameters } from '../settings.ts'
import type { CommunicationTestBody } from './records.ts'

export type LineTest = {
  readonly contact: string
  readonly country: string
  readonly lastTestedAt?: Instant
  readonly lastAnsweredAt?: Instant
  /** The last test that was due brought no answer. */
  readonly isSilent: boolean
  /** Due now where it was never tested. */
  readonly nextDueAt?: Instant
  readonly isDue: boolean
}

export function lineTests(
  contacts: readonly PointOfContact[],
  {
    tests,
    answers,
    now,
  }: {
    /** Those of this node. */
    readonly tests: readonly Held<CommunicationTestBody>[]
    readonly answers: readonly Held<AcknowledgementBody>[]
    readonly now: Instant
  },
): readonly LineTest[] {
  const tested = tests.map((held) => {
    const { sentAt, addressees } = held.record.body
    return { sentAt, ...clocksOf({ record: held.record, openedAt: sentAt, addressees }, answers, now) }
  })
  return contacts.map(({ id, country }): LineTest => {
    const own = tested
      .flatMap(({ sentAt, clocks }) =>
        clocks.filter(({ contact }) => contact === id).map((clock) => ({ sentAt, clock })),
      )
      .toSorted((a, b) => (a.sentAt < b.sentAt ? 1 : -1))
    const [last] = own
    const lastAnsweredAt = own.find(({ clock }) => clock.acknowledged)?.clock.acknowledged?.at
    const nextDueAt = last && plusMs(last.sentAt, formParameters.testEveryDays.value * 86_400_000)
    return {
      ...{ contact: id, country },
      ...(last && { lastTestedAt: last.sentAt }),
      ...(lastAnsweredAt && { lastAnsweredAt }),
      isSilent: last?.clock.state === 'overdue',
      ...(nextDueAt && { nextDueAt }),
      isDue: nextDueAt === undefined || nextDueAt <= now,
    }
  })
}
