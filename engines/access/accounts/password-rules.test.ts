import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { weaknessOf } from './password-rules.ts'

const names = ['ana.hoxha', 'Ana Hoxha', 'org-dcp', 'person:ana.hoxha@durres.example']

describe('a password is refused', () => {
  test.each([
    '',
    'short',
    'elevenchars',
    'ëëëëëëëëëëë',
  ])('when it is shorter than twelve characters: "%s"', (one) =>
    expect(weaknessOf(one, names)).toBe('too-short'))

  test('when it is endless', () => expect(weaknessOf('aB3$xyz '.repeat(33))).toBe('too-long'))

  test.each([
    'password1234',
    'Password1234!',
    'p4$$w0rdp4$$w0rd',
    'passwordpassword',
    'qwertyuiop123',
    'QWERTZUIOP2026',
    '123456789012',
    '098765432109',
    '1q2w3e4r5t6y',
    'aaaaaaaaaaaaaaa',
    'abcdefghijklmnop',
    'iloveyouforever',
    'welcome2mosaic!',
    'AnaHoxha2026',
    'ana.hoxha@durres',
    'hoxhahoxhahoxha',
    'Lozinka123456',
    'fjalëkalimi2026',
  ])('when somebody would try it first: "%s"', (one) => expect(weaknessOf(one, names)).toBe('easily-guessed'))
})

describe('a password is taken', () => {
  test.each([
    'kettle-orbit-violin-moss',
    'the bread was late on tuesday',
    '482913077561',
    'планина сипа чај ујутру',
    'xkcd staple wren 7',
  ])('without any rule of composition: "%s"', (one) => expect(weaknessOf(one, names)).toBeUndefined())

  test('when it is random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (bytes) => {
        fc.pre(new Set(bytes).size > 10)
        expect(weaknessOf(Buffer.from(bytes).toString('base64url'), [])).toBeUndefined()
      }),
    )
  })
})

test('judging takes no longer for what is made to take long', () => {
  const from = performance.now()
  for (const one of ['passpasspass'.repeat(21), '1'.repeat(256), 'aA'.repeat(128), '\u0301'.repeat(256)])
    weaknessOf(one, names)

  expect(performance.now() - from).toBeLessThan(1000)
})
