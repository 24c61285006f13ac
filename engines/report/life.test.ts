import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aBody, at } from './builders.ts'
import { type Act, editableBlocks, step, unevenEdits } from './life.ts'
import type { ReportBody } from './records.ts'

const by = { name: 'Arben Leka', at }
const edit = (parts: Partial<Extract<Act, { kind: 'edit' }>> = {}): Act => ({
  ...{ kind: 'edit', language: 'sq', block: 'all.p', text: 'Uji ulet.', by },
  ...parts,
})
const issue: Act = { kind: 'issue', by }

const anAct: fc.Arbitrary<Act> = fc.oneof(
  fc.constant(issue),
  fc.record({
    kind: fc.constant('review' as const),
    language: fc.constantFrom('en', 'sq', 'xx'),
    by: fc.constant(by),
  }),
  fc.record({
    kind: fc.constant('edit' as const),
    language: fc.constantFrom('en', 'sq', '__proto__', 'xx'),
    block: fc.constantFrom('title', 'all.p', 'all.l', 'all.t', 'nowhere.p'),
    text: fc.string({ unit: 'binary' }),
    by: fc.constant(by),
  }),
)

describe('the life of a report', () => {
  test('an issued report refuses whatever anybody does, and stays as it is', () => {
    fc.assert(
      fc.property(fc.array(anAct), anAct, (before, after) => {
        const lived = before.reduce<ReportBody>((body, act) => {
          const done = step(body, act)
          return done.kind === 'next' ? done.body : body
        }, aBody())
        const issued = step(lived, issue)
        const frozen = issued.kind === 'next' ? issued.body : lived

        expect(frozen.state).toBe('issued')
        expect(step(frozen, after)).toEqual({
          kind: 'refused',
          reason: { code: 'report/frozen', edition: 1 },
        })
      }),
    )
  })

  test('no act but issuing issues, and every act that goes through is by name', () => {
    fc.assert(
      fc.property(anAct, (act) => {
        const done = step(aBody(), act)
        if (done.kind === 'refused') return
        expect(done.body.state).toBe(act.kind === 'issue' ? 'issued' : 'edited')
        expect(JSON.stringify(done.body)).toContain('Arben Leka')
      }),
    )
  })

  test('people edit the title and paragraphs; what comes from records they do not', () => {
    expect(editableBlocks(aBody().texts['sq'] ?? expect.fail())).toEqual(['title', 'all.p'])
    expect(step(aBody(), edit({ block: 'all.t' }))).toMatchObject({ reason: { code: 'report/no-block' } })
  })

  test('an edit in one language changes no other, and is told apart', () => {
    const done = step(aBody(), edit())
    if (done.kind === 'refused') throw new Error(done.reason.code)

    expect(done.body.texts['en']).toEqual(aBody().texts['en'])
    expect(done.body.edits).toEqual([{ ...by, language: 'sq', block: 'all.p' }])
    expect(unevenEdits(done.body)).toEqual([{ block: 'all.p', languages: ['sq'] }])
  })

  test('who stood for a text stands for it no longer after an edit', () => {
    const reviewed = step(aBody(), { kind: 'review', language: 'sq', by })
    if (reviewed.kind === 'refused') throw new Error(reviewed.reason.code)
    const changed = step(reviewed.body, edit())

    expect(reviewed.body.texts['sq']?.reviewed?.by).toBe('Arben Leka')
    expect(changed.kind === 'next' && changed.body.texts['sq']?.reviewed).toBeUndefined()
  })

  test.each([
    ['control characters', 'a\u0000b'],
    ['half of a character', 'a\ud800b'],
    ['more than a report takes', 'x'.repeat(20_001)],
  ])('a text with %s is refused', (_, text) => {
    expect(step(aBody(), edit({ text }))).toMatchObject({ reason: { code: 'report/text-unfit' } })
  })
})
