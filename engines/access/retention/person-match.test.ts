import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchesIn, thirdPartiesIn } from './person-match.ts'

const places = (value: unknown, sought: { names?: string[]; ids?: string[] }) =>
  matchesIn(value, { names: sought.names ?? [], ids: sought.ids ?? [] }, '/body').map(({ place }) => place)

describe('a person is found', () => {
  test.each([
    ['by name in a sentence', { text: 'Arta Đoković was seen' }, { names: ['Djoković Arta'] }, []],
    ['by name without accents', { who: 'ĐOKOVIĆ, Arta' }, { names: ['Arta Dokovic'] }, ['/body/who']],
    [
      'by parts of a name apart',
      { p: { given: 'Arta', family: 'Hoxha' } },
      { names: ['Arta Hoxha'] },
      ['/body/p'],
    ],
    [
      'in a list',
      { all: [{ name: 'X Y' }, { name: 'Arta Hoxha' }] },
      { names: ['hoxha arta'] },
      ['/body/all/1/name'],
    ],
    ['by number, however it is written', { id: 'J 123-456-78 L' }, { ids: ['J12345678L'] }, ['/body/id']],
    ['by number in a sentence', { t: 'passport AB 123456 found' }, { ids: ['AB123456'] }, ['/body/t']],
    ['by number as a number', { id: 12345678 }, { ids: ['12345678'] }, ['/body/id']],
    ['not by a part of a number', { id: '123456789' }, { ids: ['12345678'] }, []],
    ['not by half a name', { name: 'Arta Leka' }, { names: ['Arta Hoxha'] }, []],
  ])('%s', (_, value, sought, expected) => {
    expect(places(value, sought)).toEqual(expected)
  })

  test('wherever the name stands, in whatever order and case of its words', () => {
    const word = fc.stringMatching(/^[a-zčšžćë]{2,8}$/)
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 3 }),
        fc.array(fc.string(), { maxLength: 3 }),
        (name, path) => {
          const text = `x1 ${name.toReversed().join(', ').toUpperCase()} y2`
          const value = path.reduce<unknown>((inner, step) => ({ [step]: inner }), text)

          expect(places({ value }, { names: [name.join(' ')] })).toHaveLength(1)
        },
      ),
    )
  })

  test('nobody is found by nothing', () => {
    expect(places({ name: 'Arta' }, { names: ['', ' - '], ids: ['', '--'] })).toEqual([])
  })
})

test('others who seem to be spoken of are marked, and the person sought is not', () => {
  const body = {
    suspect: { name: 'Arta Hoxha', born: '1990' },
    witness: { name: 'Besa Leka' },
    place: { lat: 41 },
  }
  const matches = matchesIn(body, { names: ['Arta Hoxha'], ids: [] }, '/body')

  expect(thirdPartiesIn(body, matches, '/body')).toEqual(['/body/witness'])
})
