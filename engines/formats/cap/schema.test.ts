/**
 * Differential test of our schema against that of OASIS: the same verdict on every sample and on thousands of messages
 * broken at random. The random numbers are seeded, so a difference found once is found again.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { compileSchema } from '../xml/validate.ts'
import { mutatedMessages } from './mutation.test-support.ts'
import { readCap } from './read.ts'
import { capSchema } from './schema.ts'

const fixtures = new URL('../../../fixtures/cap/', import.meta.url)
const own = ['valid', 'invalid'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, fixtures))
    .filter((file) => file.endsWith('.xml'))
    .map((file) => ({
      file: `${folder}/${file}`,
      bytes: readFileSync(new URL(`${folder}/${file}`, fixtures)),
    })),
)
const seed = own.filter(({ file }) => /every-element|prefixed|cancel|two-languages/.test(file))
const count = process.env['MOSAIC_LONG'] === '1' ? 60_000 : 8000

describe('our schema of CAP 1.2', () => {
  test('accepts our valid messages and no message that lacks what it must have', () => {
    using schema = compileSchema(capSchema())
    for (const { file, bytes } of own.filter(
      ({ file }) => file.startsWith('valid/') && !file.includes('1.1'),
    ))
      expect(schema.validate(bytes).issues, file).toEqual([])
    for (const name of [
      'no-identifier',
      'wrong-order',
      'unknown-element',
      'padded-status',
      'zulu',
      'attribute',
    ])
      expect(schema.validate(readFileSync(new URL(`invalid/${name}.xml`, fixtures))).valid, name).toBe(false)
  })

  test('is the last guard: what it refuses is never called clean', () => {
    using schema = compileSchema(capSchema())
    let refused = 0
    for (const { text } of mutatedMessages(
      seed.map(({ bytes }) => bytes),
      500,
      11,
    )) {
      if (schema.validate(text).valid) continue
      refused += 1
      expect(readCap(text, { signature: 'ignore' }).verdict, text).not.toBe('clean')
    }
    expect(refused).toBeGreaterThan(200)
  })
})

describeWithData('our schema beside that of OASIS', 'hazards', (data) => {
  const oasisText = (): string => readFileSync(data('schema/CAP-v1.2-schema.xsd'), 'utf8')
  const samples = (): { file: string; bytes: Buffer }[] =>
    ['valid', 'invalid', 'cap-1.1'].flatMap((folder) =>
      readdirSync(data(`cap/${folder}`)).map((name) => ({
        file: name,
        bytes: readFileSync(data(`cap/${folder}/${name}`)),
      })),
    )

  test('gives the same verdict on every sample', () => {
    using ours = compileSchema(capSchema())
    using oasis = compileSchema(oasisText())
    for (const { file, bytes } of [...own, ...samples()])
      expect(ours.validate(bytes).valid, file).toBe(oasis.validate(bytes).valid)
  })

  test(`gives the same verdict on ${count} messages broken at random`, () => {
    using ours = compileSchema(capSchema())
    using oasis = compileSchema(oasisText())
    const small = samples().filter(({ bytes }) => bytes.length < 5000)
    const full = readFileSync(new URL('valid/every-element.xml', fixtures))
    const sources = [...seed, ...small].flatMap(({ bytes }) => [bytes, full])
    const verdicts = { valid: 0, invalid: 0 }

    for (const { text, what } of mutatedMessages(sources, count, 20261123)) {
      const verdict = ours.validate(text).valid
      expect(verdict, `${what}\n${text}`).toBe(oasis.validate(text).valid)
      verdicts[verdict ? 'valid' : 'invalid'] += 1
    }

    expect(verdicts.valid).toBeGreaterThan(count / 20)
    expect(verdicts.invalid).toBeGreaterThan(count / 4)
  }, 600_000)
})
