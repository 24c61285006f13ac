import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant, nodeId } from '../record/index.ts'
import { answerText, type LastSeen, type PeerAnswer, resumptionOf, withProofs } from './resumption.ts'

const at = instant('2026-03-01T12:00:00Z')
const size = fc.nat(1000)
const anAnswer: fc.Arbitrary<LastSeen> = fc.oneof(
  size.map((n) => ({ kind: 'not-ahead' as const, size: n })),
  size.map((n) => ({ kind: 'ahead' as const, size: n, note: 'a note' })),
  size.map((n) => ({ kind: 'says-ahead' as const, size: n })),
  fc.constant({ kind: 'no-answer' as const, says: 'It cannot be reached.' }),
)
const someAnswers: fc.Arbitrary<readonly PeerAnswer[]> = fc
  .array(anAnswer, { maxLength: 5 })
  .map((answers) => answers.map((answer, n) => ({ peer: nodeId(`n${n}.example`), at, answer })))
const kinds = (answers: readonly PeerAnswer[]) => answers.map(({ answer }) => answer.kind)

describe('a restored node signs again', () => {
  test('by itself only when every peer is known not to be ahead', () => {
    fc.assert(
      fc.property(someAnswers, (answers) => {
        const isFree = kinds(answers).every((kind) => kind === 'not-ahead')
        expect(resumptionOf(answers).kind === 'resumes').toBe(isFree)
      }),
    )
  })

  test('by a person’s reason only in place of those who did not answer', () => {
    fc.assert(
      fc.property(someAnswers, (answers) => {
        const isAhead = kinds(answers).some((kind) => kind === 'ahead' || kind === 'says-ahead')
        expect(resumptionOf(answers, 'decided').kind === 'resumes').toBe(!isAhead)
      }),
    )
  })

  test('never once a peer has shown a proof, whatever is answered afterwards', () => {
    fc.assert(
      fc.property(someAnswers, someAnswers, (before, after) => {
        const proof = {
          peer: nodeId('proof.example'),
          at,
          answer: { kind: 'ahead', size: 9, note: 'n' },
        } as const
        expect(resumptionOf(withProofs(after, [...before, proof]), 'decided')).toMatchObject({
          kind: 'stays-held',
          reason: 'ahead',
          peers: expect.arrayContaining(['proof.example']),
        })
      }),
    )
  })

  test('and where it does not, somebody is named', () => {
    fc.assert(
      fc.property(someAnswers, (answers) => {
        const outcome = resumptionOf(answers)
        if (outcome.kind === 'resumes') return
        expect(outcome.peers).toEqual(
          answers.filter(({ answer }) => answer.kind === outcome.reason).map(({ peer }) => peer),
        )
        expect(outcome.peers).not.toEqual([])
      }),
    )
  })

  test('each answer can be said in words', () => {
    fc.assert(fc.property(anAnswer, (answer) => /^(saw|says|has) /.test(answerText(answer))))
  })
})
