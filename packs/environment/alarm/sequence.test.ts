import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  actual,
  exercise,
  type Held,
  type Instant,
  instant,
  type NodeId,
  plusMs,
  type Realm,
  type RecordId,
} from '../../../engines/record/index.ts'
import { see } from '../../../regions/see/region.ts'
import type { AcknowledgementBody } from '../records.ts'
import { downstreamOf } from './arrival.ts'
import type { AlarmBody } from './records.ts'
import { sequenceOf } from './sequence.ts'

const noon = instant('2026-03-01T12:00:00Z')
const minute = 60_000
const centres = ['first', 'second', 'third', 'fourth']
const alarmId = 'a'.repeat(40) as RecordId
const by = { name: 'Ivana Marić' }

const alarm = (endAt?: Instant, realm: Realm = actual): Held<AlarmBody> =>
  ({
    record: {
      id: alarmId,
      origin: 'source.example' as NodeId,
      realm,
      body: {
        issuedAt: noon,
        addressees: centres.map((contact, at) => ({
          contact,
          country: 'XA',
          nodes: [`${contact}.example`],
          dueAt: plusMs(noon, (at + 1) * 15 * minute),
          order: at + 1,
          river: 'great',
          km: { low: at * 100, high: at * 150 },
          arrival: {
            from: plusMs(noon, (at + 1) * 120 * minute),
            until: plusMs(noon, (at + 1) * 600 * minute),
          },
        })),
        ...(endAt && { end: { at: endAt, by, because: 'over' } }),
      },
    },
  }) as unknown as Held<AlarmBody>

type Word = { readonly node: string; readonly afterMinutes: number; readonly realm?: Realm }
const answer = ({ node, afterMinutes, realm = actual }: Word, at: number): Held<AcknowledgementBody> =>
  ({
    record: {
      id: String(at).padStart(40, '0') as RecordId,
      origin: node as NodeId,
      realm,
      recordedAt: plusMs(noon, afterMinutes * minute),
      body: { notification: alarmId, version: 1, at: plusMs(noon, afterMinutes * minute), by },
    },
  }) as unknown as Held<AcknowledgementBody>

const someWords = fc.array(
  fc.record({
    node: fc.constantFrom(...centres.map((one) => `${one}.example`), 'source.example', 'stranger.example'),
    afterMinutes: fc.integer({ min: 0, max: 300 }),
    realm: fc.constantFrom(actual, actual, actual, exercise('spill')),
  }),
  { maxLength: 12 },
)
const somewhen = fc.integer({ min: 0, max: 400 })

describe('an alarm on the river', () => {
  test('stands the same whatever the order in which confirmations come, and however often', () => {
    fc.assert(
      fc.property(someWords, somewhen, fc.option(somewhen), fc.nat(), (words, now, end, turn) => {
        const held = words.map(answer)
        const split = held.length === 0 ? 0 : turn % held.length
        const shuffled = [...held.slice(split), ...held.slice(0, split)].toReversed()
        const one = alarm(end === null ? undefined : plusMs(noon, end * minute))
        const at = plusMs(noon, now * minute)

        expect(sequenceOf(one, shuffled, at)).toEqual(sequenceOf(one, held, at))
      }),
    )
  })

  test('is confirmed by a centre exactly when that centre’s own node said so, in the realm of the alarm', () => {
    fc.assert(
      fc.property(someWords, somewhen, (words, now) => {
        const { steps, notCounting } = sequenceOf(alarm(), words.map(answer), plusMs(noon, now * minute))

        for (const { contact, acknowledged } of steps) {
          const said = words.filter((one) => one.node === `${contact}.example` && one.realm === actual)
          const first = Math.min(...said.map(({ afterMinutes }) => afterMinutes))
          expect(acknowledged?.at).toBe(said.length === 0 ? undefined : plusMs(noon, first * minute))
        }
        expect(notCounting.map(({ node }) => node).sort()).toEqual(
          words
            .filter(({ node, realm }) => realm === actual && /^(source|stranger)/.test(node))
            .map(({ node }) => node)
            .sort(),
        )
      }),
    )
  })

  test('once ended waits for nobody, escalates nothing, and no later word changes whom it counts', () => {
    fc.assert(
      fc.property(someWords, somewhen, somewhen, (words, end, now) => {
        const endAt = plusMs(noon, end * minute)
        const inTime = words.filter(({ afterMinutes }) => afterMinutes <= end)
        const counts = (given: typeof words) =>
          sequenceOf(alarm(endAt), given.map(answer), plusMs(noon, now * minute)).steps.map(
            ({ state }) => state,
          )
        const { state, next, steps } = sequenceOf(alarm(endAt), words.map(answer), plusMs(noon, now * minute))

        expect([state, next]).toEqual(['ended', undefined])
        expect(steps.filter((one) => one.escalation ?? one.waitingSince)).toEqual([])
        expect(steps.filter((one) => one.state === 'waiting' || one.state === 'overdue')).toEqual([])
        expect(counts(words)).toEqual(counts(inTime))
      }),
    )
  })

  test('with time only goes on: waiting, overdue; what was confirmed stays confirmed', () => {
    const rank = { waiting: 0, overdue: 1, acknowledged: 2, 'acknowledged-late': 2, closed: 3 }
    fc.assert(
      fc.property(someWords, somewhen, somewhen, (words, a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)]
        const at = (minutes: number) =>
          sequenceOf(
            alarm(),
            words.map(answer).filter(({ record }) => record.recordedAt <= plusMs(noon, minutes * minute)),
            plusMs(noon, minutes * minute),
          ).steps.map(({ state }) => rank[state])

        const [before, after] = [at(early), at(late)]
        expect(after.every((one, index) => one >= (before[index] ?? 0))).toBe(true)
      }),
    )
  })

  test('names who is next in river order, who is ahead of the river, and what to do about the silent', () => {
    const words = [{ node: 'third.example', afterMinutes: 5 }]
    const at = (minutes: number) => sequenceOf(alarm(), words.map(answer), plusMs(noon, minutes * minute))

    expect(at(10)).toMatchObject({ state: 'waiting', next: 'first', mode: 'normal' })
    expect(at(10).steps.map(({ isAheadOfRiver }) => isAheadOfRiver)).toEqual([false, false, true, false])
    expect(at(10).steps.map(({ escalation }) => escalation?.step)).toEqual(Array(4).fill(undefined))
    expect(at(20).steps[0]?.escalation).toMatchObject({ step: 'remind', since: plusMs(noon, 15 * minute) })
    expect(at(31).steps[0]?.escalation).toMatchObject({ step: 'telephone' })
    expect(at(121).steps[0]?.escalation).toMatchObject({ step: 'water-may-be-there' })
    expect(at(121).steps[2]?.escalation).toBeUndefined()
  })
})

describe('the water', () => {
  const reach = (lon: number, lat: number, but: readonly string[]) =>
    downstreamOf(see.rivers ?? [], { at: [lon, lat], occurredAt: noon, but })

  test('of the Danube below Budapest reaches the countries in river order', () => {
    const { rivers, reached } = reach(19.05, 47.45, ['HU'])

    expect(rivers).toEqual(['danube'])
    expect(reached.map(({ country }) => country)).toEqual(['HR', 'RS', 'RO', 'BG', 'MD', 'UA'])
  })

  test('of the Someș goes by the Tisza into the Danube, and the range of arrival holds what was seen in 2000', () => {
    const { rivers, reached } = reach(22.88, 47.8, ['RO'])
    const delta = reached.find(({ country }) => country === 'UA')
    const belgradeAndBelow = reached.find(({ country }) => country === 'BG')

    expect(rivers).toContain('somes')
    expect(reached.findIndex(({ country }) => country === 'HU')).toBeLessThan(
      reached.findIndex(({ country }) => country === 'RS'),
    )
    expect(delta).toBeDefined()
    // Baia Mare, 30 January 2000: about two weeks to the Danube, about four to its delta.
    expect(belgradeAndBelow?.arrival.from).toBeDefined()
    const fourWeeks = plusMs(noon, 28 * 24 * 60 * minute)
    const arrivals = reached.filter(({ arrival }) => arrival.from <= fourWeeks && fourWeeks <= arrival.until)
    expect(arrivals.map(({ country }) => country)).toContain('BG')
  })
})
