import { describe, expect, test } from 'vitest'
import { confidentialRecordId, isOwnId, isRecordId, parseRecordId, recordId } from './id.ts'
import { actual, exercise, exerciseOf, isNodeId, isRealm, nodeId, realm, testRealm } from './realm.ts'

const durres = nodeId('durres.example')

describe("a record's id", () => {
  test('is the same for the same thing, and another in another realm, type, key or at another origin', () => {
    const ids = [
      recordId(durres, 'hazards.observation', 'us1', actual),
      recordId(nodeId('skopje.example'), 'hazards.observation', 'us1', actual),
      recordId(durres, 'hazards.event', 'us1', actual),
      recordId(durres, 'hazards.observation', 'us2', actual),
      recordId(durres, 'hazards.observation', 'us1', exercise('durres-2019')),
    ]

    expect(new Set(ids).size).toBe(5)
    expect(ids.every(isRecordId)).toBe(true)
    expect(recordId(durres, 'hazards.observation', 'us1', actual)).toBe(ids[0])
  })

  test('cannot be run together from other parts', () => {
    expect(recordId(durres, 'a.b', 'c', actual)).not.toBe(recordId(durres, 'a.bc', '', actual))
  })

  test('of a confidential type cannot be computed without the secret', () => {
    const secret = new Uint8Array(32).fill(1)

    const id = confidentialRecordId(secret, durres, 'arms.weapon', 'serial 1', actual)

    expect(isRecordId(id)).toBe(true)
    expect(id).not.toBe(recordId(durres, 'arms.weapon', 'serial 1', actual))
    expect(id).not.toBe(
      confidentialRecordId(new Uint8Array(32).fill(2), durres, 'arms.weapon', 'serial 1', actual),
    )
    expect(() => confidentialRecordId(new Uint8Array(4), durres, 'arms.weapon', 'serial 1', actual)).toThrow(
      /32 bytes/,
    )
  })

  test('shows whose it is, also where only its origin can compute it', () => {
    const of = { origin: durres, type: 'arms.weapon', key: 'serial 1', realm: actual }
    const plain = { ...of, id: recordId(durres, of.type, of.key, actual) }
    const keyed = {
      ...of,
      id: confidentialRecordId(new Uint8Array(32).fill(1), durres, of.type, of.key, actual),
    }
    const taken = { ...keyed, origin: nodeId('skopje.example') }

    expect([isOwnId(plain, false), isOwnId(plain, true), isOwnId(plain)]).toEqual([true, false, true])
    expect([isOwnId(keyed, false), isOwnId(keyed, true), isOwnId(keyed)]).toEqual([false, true, true])
    expect([isOwnId(taken, true), isOwnId(taken), isOwnId({ ...plain, type: 'arms.part' })]).toEqual([
      false,
      false,
      false,
    ])
  })

  test.each(['', 'ABC', 'g'.repeat(40), 'A'.repeat(40), 'a'.repeat(41)])('is not "%s"', (text) => {
    expect(() => parseRecordId(text)).toThrow(/not a record id/)
  })
})

describe('realms and names of nodes', () => {
  test('are what is real, what is tried, and one exercise by name', () => {
    expect(['actual', 'test', 'exercise:durres-2019'].every(isRealm)).toBe(true)
    expect(exerciseOf(exercise('durres-2019'))).toBe('durres-2019')
    expect([actual, testRealm].map(exerciseOf)).toEqual([undefined, undefined])
  })

  test.each([
    '',
    'Actual',
    'exercise:',
    'exercise:Durrës',
    'exercise:-a',
    'exercise:a b',
    'real',
  ])('a realm is not "%s"', (text) => expect(() => realm(text)).toThrow(/not a realm/))

  test.each([
    '',
    'Durres',
    'a..b',
    '-a.b',
    'a_b',
    `${'a'.repeat(64)}.example`,
  ])('a node is not called "%s"', (text) => {
    expect(isNodeId(text)).toBe(false)
    expect(() => nodeId(text)).toThrow(/not a node/)
  })
})
