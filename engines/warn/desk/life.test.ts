/** Every forbidden move is tried, in stories of any length. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeskPerson } from './contract.ts'
import { begun, type Life, lived, type Move, moved, refusalOf } from './life.ts'

const ana: DeskPerson = { id: 'person:ana', name: 'Ana', role: 'duty-officer' }
const besa: DeskPerson = { id: 'person:besa', name: 'Besa', role: 'approver' }
const two = () => 2
const one = () => 1

const person = fc.record({
  id: fc.constantFrom('person:ana', 'person:besa', 'person:cveta', 'person:dino'),
  name: fc.constant('Somebody'),
  role: fc.constantFrom('duty-officer' as const, 'approver' as const),
})
const story = fc.array(
  fc.record({
    kind: fc.constantFrom('edit', 'submit', 'approve', 'return', 'issue', 'withdraw'),
    by: person,
    /** 0: what counts; otherwise that much older. */
    back: fc.constantFrom(0, 0, 0, 0, 1, 2),
    because: fc.constantFrom('as agreed', ' '),
  }),
  { maxLength: 30 },
)

/** Runs a story and hands each step to the one who looks. */
function play(
  steps: ReturnType<typeof fc.sample<Told>>,
  needed: (version: number) => number,
  look: (before: Life, move: Move, after: Life, didMove: boolean) => void,
) {
  let life = begun(ana)
  let written = 1
  for (const { kind, by, back, because } of steps) {
    const seen = life.version - back
    const move: Move =
      kind === 'edit'
        ? { kind, by, version: ++written, basedOn: seen }
        : { kind: kind as 'submit', by, version: seen, because }
    const before = life
    const result = moved(life, move, needed)
    if (result.kind === 'moved') life = result.life
    look(before, move, life, result.kind === 'moved')
  }
}
type Told = { kind: string; by: DeskPerson; back: number; because: string }

describe('the life of a draft', () => {
  test('goes from draft over a second person to issued, and no other way', () => {
    fc.assert(
      fc.property(story, fc.constantFrom(0, 1, 2), (steps, needs) => {
        const approvals = new Set<string>()
        play(
          steps as never,
          () => needs,
          (before, move, after, didMove) => {
            if (!didMove) return expect(after).toBe(before)
            if (move.kind === 'edit' || move.kind === 'submit' || move.kind === 'return') approvals.clear()
            if (move.kind === 'approve') approvals.add(move.by.id)
            if (after.state === 'approved' || after.state === 'issued') {
              expect(approvals.size).toBeGreaterThanOrEqual(needs)
              for (const id of approvals) expect(after.authors).not.toContain(id)
            }
            if (move.kind === 'issue') expect(before.state).toBe('approved')
          },
        )
      }),
      { numRuns: 300 },
    )
  })

  test('stays as it is once issued or withdrawn, whoever tries what', () => {
    fc.assert(
      fc.property(story, (steps) =>
        play(steps as never, one, (before, move, after) => {
          if (before.state !== 'issued' && before.state !== 'withdrawn') return
          expect(after).toBe(before)
          expect(refusalOf(before, move)).toMatch(/frozen|role-missing/)
        }),
      ),
      { numRuns: 300 },
    )
  })

  test('never moves by somebody without the role, or on a version that is not the newest', () => {
    fc.assert(
      fc.property(story, (steps) =>
        play(steps as never, one, (before, move, _, didMove) => {
          if (!didMove) return
          const isSecondLook = move.kind === 'approve' || move.kind === 'return'
          expect(move.by.role).toBe(isSecondLook ? 'approver' : 'duty-officer')
          expect(move.kind === 'edit' ? move.basedOn : move.version).toBe(before.version)
        }),
      ),
      { numRuns: 300 },
    )
  })

  test('loses its approval with every change', () => {
    const { life } = lived(
      ana,
      [
        { kind: 'submit', by: ana, version: 1 },
        { kind: 'approve', by: besa, version: 1 },
        { kind: 'edit', by: ana, version: 2, basedOn: 1 },
      ],
      one,
    )

    expect(life).toMatchObject({ state: 'draft', version: 2, approvedBy: [] })
    expect(refusalOf(life, { kind: 'issue', by: ana, version: 2 })).toBe('not-approved')
    expect(refusalOf(life, { kind: 'issue', by: ana, version: 1 })).toBe('changed-since')
  })

  test('is not approved by who wrote it, nor twice by the same', () => {
    const { life } = lived(ana, [{ kind: 'submit', by: ana, version: 1 }], two)
    const asApprover: DeskPerson = { ...ana, role: 'approver' }
    const first = moved(life, { kind: 'approve', by: besa, version: 1 }, two)

    expect(refusalOf(life, { kind: 'approve', by: asApprover, version: 1 })).toBe('second-person-needed')
    expect(first).toMatchObject({ kind: 'moved', life: { state: 'submitted' } })
    if (first.kind === 'moved')
      expect(refusalOf(first.life, { kind: 'approve', by: besa, version: 1 })).toBe('approved-already')
  })

  test('of the mildest goes out alone when the node says so', () => {
    const { life } = lived(ana, [{ kind: 'submit', by: ana, version: 1 }], () => 0)

    expect(life.state).toBe('approved')
  })

  test('has to change after it was returned, with a reason', () => {
    const submitted = lived(ana, [{ kind: 'submit', by: ana, version: 1 }], one).life
    const back = moved(submitted, { kind: 'return', by: besa, version: 1, because: 'wrong area' }, one)

    expect(refusalOf(submitted, { kind: 'return', by: besa, version: 1 })).toBe('reason-needed')
    if (back.kind !== 'moved') throw new Error(back.because)
    expect(refusalOf(back.life, { kind: 'submit', by: ana, version: 1 })).toBe('returned-unchanged')
  })

  test('marks as void what came second', () => {
    const { history } = lived(
      ana,
      [
        { kind: 'edit', by: ana, version: 2, basedOn: 1 },
        { kind: 'edit', by: { ...ana, id: 'person:dino' }, version: 3, basedOn: 1 },
      ],
      one,
    )

    expect(history.map((each) => each.void)).toEqual([undefined, 'changed-since'])
  })
})
