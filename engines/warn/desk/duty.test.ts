import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant } from '../../record/index.ts'
import { acted, changed, type Duty, dutyActions, dutyStates, raised } from './duty.ts'

const at = instant('2026-11-23T03:00:00Z')
const height = (state: Duty['state']) => dutyStates.indexOf(state)
const must = (duty: Duty | undefined): Duty => {
  if (duty === undefined) throw new Error('not possible')
  return duty
}
const story = fc.array(fc.constantFrom(...dutyStates, ...dutyActions), { maxLength: 40 })

function play(steps: readonly string[], look: (before: Duty, step: string, after: Duty) => void): void {
  let duty = raised('normal', at)
  for (const step of steps) {
    const before = duty
    duty = dutyActions.includes(step as never)
      ? (acted(before, step as never) ?? before)
      : changed(before, step as never, at)
    look(before, step, duty)
  }
}

describe('the duty screen', () => {
  test('keeps an emergency in sight whatever people do, and does not let it be silenced', () => {
    fc.assert(
      fc.property(story, (steps) =>
        play(steps, (_, __, duty) => {
          if (duty.state !== 'emergency') return
          expect(duty.method).toContain('visual')
          expect(duty).toMatchObject({ canSilence: false, canClear: false, hasCleared: false })
        }),
      ),
    )
  })

  test('forgets what was done when it rises, and when it rises again from normal', () => {
    fc.assert(
      fc.property(story, (steps) =>
        play(steps, (before, step, after) => {
          if (dutyActions.includes(step as never)) return
          if (height(after.state) <= height(before.state)) return
          expect(after).toMatchObject({ hasSilenced: false, hasAcknowledged: false, hasCleared: false })
        }),
      ),
    )
  })

  test('only lets be done what it says can be done, and says afterwards that it has been', () => {
    fc.assert(
      fc.property(story, (steps) =>
        play(steps, (before, step, after) => {
          const [can, has] =
            step === 'silence'
              ? [before.canSilence, after.hasSilenced]
              : step === 'acknowledge'
                ? [before.canAcknowledge, after.hasAcknowledged]
                : step === 'clear'
                  ? [before.canClear, after.hasCleared]
                  : [false, true]
          if (can) expect(has).toBe(true)
          else if (dutyActions.includes(step as never)) expect(after).toBe(before)
        }),
      ),
    )
  })

  test('stays in sight and falls silent when an emergency is acknowledged', () => {
    const seen = must(acted(raised('emergency', at), 'acknowledge'))

    expect(seen).toMatchObject({ method: ['visual'], hasAcknowledged: true, canAcknowledge: false })
  })

  test('silences, acknowledges and clears an alarm, in this order or without the first', () => {
    const alarm = raised('alarm', at)
    const silent = must(acted(alarm, 'silence'))
    const seen = must(acted(silent, 'acknowledge'))

    expect(alarm.method).toEqual(['visual', 'sound'])
    expect(silent.method).toEqual(['visual'])
    expect(seen.method).toEqual([])
    expect(acted(alarm, 'clear')).toBeUndefined()
    expect(must(acted(seen, 'clear'))).toMatchObject({ hasCleared: true, method: [] })
  })

  test('rings again after normal', () => {
    const seen = must(acted(raised('alarm', at), 'acknowledge'))
    const again = changed(changed(seen, 'normal', at), 'alarm', at)

    expect(again).toMatchObject({ method: ['visual', 'sound'], hasAcknowledged: false })
  })
})
