import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodingOf, measured, shortMessage, unitsIn } from './short-message.ts'
import { englishNumber, spoken } from './spoken.ts'

describe('a short message', () => {
  test('counts as networks do: seven bits where they will do, two for the extension, UCS-2 else', () => {
    expect(measured('Flood: 3 m. Go up! {€}')).toMatchObject({ encoding: 'GSM-7', length: 25, limit: 160 })
    expect(measured('Përmbytje')).toMatchObject({ encoding: 'UCS-2', length: 9, limit: 70, segments: 1 })
    expect(measured('ß'.repeat(161))).toMatchObject({ encoding: 'GSM-7', segments: 2 })
    expect(measured('ш'.repeat(71))).toMatchObject({ encoding: 'UCS-2', segments: 2 })
    expect(measured('🌊')).toMatchObject({ encoding: 'UCS-2', length: 2 })
  })

  test('never exceeds 160, whatever the sentences, and keeps the first', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { minLength: 1 }),
        (sentences) => {
          const { text, encoding, length, isCut } = shortMessage(sentences)

          expect(encoding).toBe(encodingOf(text))
          expect(length).toBe(unitsIn(text, encoding))
          expect(length).toBeLessThanOrEqual(160)
          if (!isCut)
            expect(text).toBe(
              sentences
                .map((each) => each.replace(/\s+/gu, ' ').trim())
                .filter(Boolean)
                .join(' '),
            )
        },
      ),
    )
  })

  test('leaves whole sentences out before it cuts one', () => {
    const short = shortMessage(['Albania: flood.', 'Go to higher ground.', 'x'.repeat(150)])

    expect(short).toMatchObject({ text: 'Albania: flood. Go to higher ground.', isCut: true })
  })
})

describe('a spoken text', () => {
  test('writes out numbers, times, signs and abbreviations in English', () => {
    expect(spoken('Wind up to 90 km/h, 12,500 people, level 3.2 m at 14:05 (UTC+01:00)', 'en', 'en')).toBe(
      'Wind up to ninety kilometres per hour, twelve thousand five hundred people, level three point two metres at fourteen oh five (UTC plus one).',
    )
    expect(englishNumber(1_000_021)).toBe('one million and twenty-one')
  })

  test('says units and decimals in the words of other languages, and leaves no thousands marks', () => {
    expect(spoken('Vjetar 90 km/h, 12.500 ljudi, razina 3,2 m', 'hr', 'hr')).toBe(
      'Vjetar 90 kilometara na sat, 12500 ljudi, razina 3 zarez 2 metara.',
    )
    expect(spoken('Вятър 90 km/h, 25 %', 'bg', 'bg')).toBe('Вятър 90 километра в час, 25 процента.')
  })

  test('has no marks that a voice would spell', () => {
    expect(spoken('<b>Flood</b> *now*', 'en', 'en')).not.toMatch(/[<>*]/)
  })
})
