import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { millis, plusMs } from '../../record/index.ts'
import { atNoon } from './accounts.test-support.ts'
import { lockOutRules, networkOf } from './attempts.ts'
import { type Attempts, charge, giveBack, type LockOutRule, waitMs } from './lock-out.ts'

const aRule: fc.Arbitrary<LockOutRule> = fc.record({
  free: fc.integer({ min: 1, max: 10 }),
  firstMs: fc.integer({ min: 1, max: 5000 }),
  longestMs: fc.integer({ min: 5000, max: 900_000 }),
  forgetMs: fc.integer({ min: 1_000_000, max: 90_000_000 }),
})

/** Waits, and what the attempt came to if it was looked at. */
const attempts = fc.array(
  fc.record({ afterMs: fc.integer({ min: 0, max: 2_000_000 }), isRight: fc.boolean() }),
  { maxLength: 60 },
)

type Step = { readonly at: number; readonly looked: boolean; readonly failures: number }

function run(
  rule: LockOutRule,
  all: readonly { readonly afterMs: number; readonly isRight: boolean }[],
): Step[] {
  let state: Attempts | undefined
  let now = atNoon
  return all.map(({ afterMs, isRight }) => {
    now = plusMs(now, afterMs)
    const outcome = charge(state, now, rule)
    if (outcome.kind === 'go') state = isRight ? giveBack(outcome.next, now) : outcome.next
    return { at: millis(now), looked: outcome.kind === 'go', failures: state?.failures ?? 0 }
  })
}

describe('whoever keeps failing', () => {
  test('gets no more guesses in any span than the rule gives, whatever the order and the pauses', () => {
    fc.assert(
      fc.property(aRule, attempts, (rule, all) => {
        const wrong = run(
          rule,
          all.map((one) => ({ ...one, isRight: false })),
        )
        const looked = wrong.filter((step) => step.looked)
        const first = looked[0]
        for (const [n, step] of looked.entries()) {
          if (first === undefined || step.failures !== n + 1) return // forgotten in between: a new count
          const least = Array.from({ length: n }, (_, k) => waitMs(k + 1, rule)).reduce(
            (sum, ms) => sum + ms,
            0,
          )
          expect(step.at - first.at).toBeGreaterThanOrEqual(least)
        }
      }),
    )
  })

  test('waits longer each time, and never longer than the longest', () => {
    fc.assert(
      fc.property(aRule, fc.integer({ min: 0, max: 200 }), (rule, failures) => {
        const wait = waitMs(failures, rule)
        expect(wait).toBeLessThanOrEqual(rule.longestMs)
        expect(waitMs(failures + 1, rule)).toBeGreaterThanOrEqual(wait)
        expect(wait > 0).toBe(failures >= rule.free)
      }),
    )
  })

  test('is looked at again after the wait, however often they asked meanwhile', () => {
    fc.assert(
      fc.property(aRule, fc.integer({ min: 1, max: 40 }), fc.array(fc.nat(1000)), (rule, failures, asks) => {
        const state = { failures, lastAt: atNoon, freeAt: plusMs(atNoon, waitMs(failures, rule)) }
        for (const ms of asks) charge(state, plusMs(atNoon, ms), rule)

        expect(charge(state, state.freeAt, rule).kind).toBe('go')
      }),
    )
  })

  test('is as new after success, if there was no failure before it', () => {
    fc.assert(
      fc.property(aRule, attempts, (rule, all) => {
        const right = run(
          rule,
          all.map((one) => ({ ...one, isRight: true })),
        )
        expect(right.every(({ looked, failures }) => looked && failures === 0)).toBe(true)
      }),
    )
  })

  test('is forgotten when nothing happened for long enough', () => {
    fc.assert(
      fc.property(aRule, fc.integer({ min: 1, max: 100 }), (rule, failures) => {
        const state = { failures, lastAt: atNoon, freeAt: plusMs(atNoon, waitMs(failures, rule)) }
        const outcome = charge(state, plusMs(atNoon, rule.forgetMs), rule)
        expect(outcome).toMatchObject({ kind: 'go', next: { failures: 1 } })
      }),
    )
  })

  test('has in a day fewer than 110 guesses at a password, and a thousandth of the codes is out of reach', () => {
    for (const kind of ['login', 'account'] as const) {
      const rule = lockOutRules[kind]
      const guesses = run(
        rule,
        Array.from({ length: 86_400 }, () => ({ afterMs: 1000, isRight: false })),
      )
      expect(guesses.filter(({ looked }) => looked).length).toBeLessThan(110)
    }
  })
})

describe('where a request comes from', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network))
})
