import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCap } from '../formats/index.ts'
import { type Held, type Instant, plusMs } from '../record/index.ts'
import { aProposal, hour, MemoryLog, someSettings, start } from './builders.ts'
import { inForce, liveOf, stateOf } from './chain.ts'
import { issueReactor } from './issue.ts'
import type { WarningBody } from './records.ts'

type Step = {
  readonly afterMinutes: number
  readonly state: 'warn' | 'end'
  readonly severity: 'Minor' | 'Severe'
  readonly level: number
  readonly again: boolean
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    afterMinutes: fc.constantFrom(0, 0, 1, 30, 300, 1600),
    state: fc.constantFrom('warn' as const, 'warn' as const, 'end' as const),
    severity: fc.constantFrom('Minor' as const, 'Severe' as const),
    level: fc.constantFrom(3.0, 3.1, 3.2, 4.0),
    again: fc.boolean(),
  }),
  { maxLength: 12 },
)

/** Each step is a proposal; `again` hands an earlier one to the reactor a second time, as after a crash. */
async function played(all: readonly Step[]): Promise<readonly Held<WarningBody>[]> {
  const log = new MemoryLog()
  const reactor = issueReactor(someSettings())
  const inputs: Held[] = []
  for (const step of all) {
    log.now = plusMs(log.now, step.afterMinutes * 60_000)
    const input = log.propose(
      aProposal({
        state: step.state,
        severity: step.severity,
        expires: plusMs(log.now, 6 * hour),
        material: [{ name: 'level', value: step.level, tolerance: 0.3 }],
        args: { ...aProposal().args, level: step.level, reason: 'below-threshold' },
      }),
    )
    await log.run(reactor, input)
    inputs.push(input)
    const repeated = step.again ? inputs[Math.floor(inputs.length / 2)] : undefined
    if (repeated) await log.run(reactor, repeated)
  }
  return log.all('warn.warning') as readonly Held<WarningBody>[]
}

describe('the life of a warning', () => {
  it('keeps its rules whatever is proposed in whatever order, repeats after a crash included', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const issued = await played(all)
        const bodies = issued.map(({ record }) => record.body)
        expect(issued.every(({ record }) => record.version === 1)).toBe(true)
        expect(new Set(bodies.map(({ identifier }) => identifier)).size).toBe(bodies.length)
        expect(bodies.map(({ number }) => number)).toEqual(bodies.map((_, at) => at + 1))
        for (const [at, body] of bodies.entries()) {
          const before = issued.slice(0, at)
          const live = liveOf(before, body.sent)
          expect(body.references.map(({ identifier }) => identifier)).toEqual(
            live.map(({ record }) => record.body.identifier),
          )
          expect(body.msgType === 'Alert').toBe(live.length === 0)
          expect(before.every(({ record }) => record.body.sent <= body.sent)).toBe(true)
          expect(readCap(body.xml).verdict).toBe('clean')
          const now = inForce(issued.slice(0, at + 1), body.sent)
          expect(now.map(({ record }) => record.body.number)).toEqual(
            body.msgType === 'Cancel' ? [] : [body.number],
          )
        }
      }),
      { numRuns: 60 },
    )
  })

  it('calls a message in force, then superseded, then cancelled or expired', async () => {
    const step = { state: 'warn', severity: 'Severe', level: 3, again: false } as const
    const issued = await played([
      { ...step, afterMinutes: 0 },
      { ...step, afterMinutes: 5, level: 4 },
      { ...step, afterMinutes: 5, state: 'end' },
      { ...step, afterMinutes: 5 },
    ])
    const [alert, update, cancel, anew] = issued
    if (!alert || !update || !cancel || !anew) throw new Error(`${issued.length} messages instead of four`)
    const at = (minutes: number): Instant => plusMs(start, minutes * 60_000)
    expect(issued.map(({ record }) => record.body.msgType)).toEqual(['Alert', 'Update', 'Cancel', 'Alert'])
    expect(stateOf(alert, issued, at(1))).toBe('in-force')
    expect(stateOf(alert, issued, at(6))).toBe('superseded')
    expect(stateOf(update, issued, at(6))).toBe('in-force')
    expect(stateOf(update, issued, at(11))).toBe('cancelled')
    expect(stateOf(cancel, issued, at(11))).toBe('ending')
    expect(stateOf(anew, issued, at(16))).toBe('in-force')
    expect(stateOf(anew, issued, at(600))).toBe('expired')
    expect(cancel.record.body.references).toHaveLength(2)
    expect(anew.record.body.references).toEqual([])
  })
})
