import { describe, expect, test } from 'vitest'
import { checkDraft, checkRecord } from './check.ts'
import { instant } from './instant.ts'
import { linkPositions, unmarkedOf, wholeHandling, withhold } from './marks.ts'
import { actual, nodeId } from './realm.ts'
import type { Draft, MosaicRecord, RecordId } from './record.ts'

const id = 'a'.repeat(40) as RecordId
const from = instant('2019-11-26T02:54:12Z')
const draft: Draft = {
  type: 'hazards.observation',
  key: 'us70006d0m',
  realm: actual,
  producer: { kind: 'source', name: 'usgs-earthquakes' },
  valid: { from },
  place: { cells: ['871e8d7ffffffff'] },
  links: [
    { type: 'about', id },
    { type: 'partOf', id },
    { type: 'answers', id },
  ],
  body: { reporter: { name: 'Ana Kola' }, people: [{ name: 'Beni Hoxha' }, 'x'], 'a/b~c': 1, empty: null },
}
const marking = (...pointers: readonly string[]): Draft => ({
  ...draft,
  handling: {
    tlp: 'TLP:CLEAR',
    fieldMarks: Object.fromEntries(pointers.map((pointer) => [pointer, 'TLP:RED' as const])),
  },
})
const record = (...pointers: readonly string[]): MosaicRecord => {
  const { handling, links } = marking(...pointers)
  if (handling === undefined || links === undefined) throw new Error('it has both')
  const origin = nodeId('durres.example')
  const { producer, valid, place, body, type, key, realm } = draft
  const envelope = { id, version: 1, schemaVersion: 1, origin, attribution: [], recordedAt: from }
  return { ...envelope, producer, valid, ...(place && { place }), body, type, key, realm, handling, links }
}

describe('a field mark', () => {
  test.each([
    '/place',
    '/links/2',
    '/body/reporter',
    '/body/reporter/name',
    '/body/people/0/name',
    '/body/a~1b~0c',
    '/body/empty',
  ])('stands on %s', (pointer) => {
    expect(checkDraft(marking(pointer))).toEqual([])
  })

  test.each([
    ['another member of the envelope', '/producer/name'],
    ['the whole body', '/body'],
    ['an element of a list', '/body/people/0'],
    ['what is not there', '/body/reporter/age'],
    ['a member of what is none', '/body/people/1/length'],
    ['what every object inherits', '/body/constructor'],
    ['a link that is not there', '/links/3'],
    ['a link spelled otherwise', '/links/01'],
    ['a part of a link', '/links/0/id'],
    ['a part of the place', '/place/cells'],
    ['no JSON pointer', '/body/a~2b'],
    ['an endless pointer', `/body/${'x'.repeat(1000)}`],
  ])('on %s is refused with its place', (_, pointer) => {
    expect(checkDraft(marking(pointer))).toMatchObject([{ rule: 'record/field-mark' }])
  })

  test('inside another is refused', () => {
    expect(checkDraft(marking('/body/reporter', '/body/reporter/name'))).toMatchObject([
      { rule: 'record/field-mark', value: '/body/reporter/name' },
    ])
  })

  test('may stand on what is not there only where that is withheld', () => {
    const pointers = ['/place', '/links/1', '/body/reporter/name']
    const held = withhold(record(...pointers), pointers)

    expect(checkRecord(held, pointers)).toEqual([])
    expect(checkRecord(held, pointers.slice(1))).toMatchObject([{ value: '/place' }])
    expect(checkRecord(record(...pointers), pointers.slice(2))).toMatchObject([
      { value: '/body/reporter/name' },
    ])
    expect(checkRecord(held, [...pointers, '/body/people'])).toMatchObject([{ value: '/body/people' }])
  })
})

describe('a record with fields withheld', () => {
  test('keeps everything else, and lists keep their length', () => {
    const held = withhold(record(), [
      '/place',
      '/links/0',
      '/body/people/0/name',
      '/body/none',
      '/body/a~1b~0c',
    ])

    expect(held).toEqual({
      ...withoutPlace(record()),
      links: draft.links?.slice(1),
      body: { reporter: { name: 'Ana Kola' }, people: [{}, 'x'], empty: null },
    })
  })

  test('counts the links that its origin wrote, when more is withheld', () => {
    const once = withhold(record(), ['/links/0'])
    const twice = withhold(once, ['/links/1'], ['/links/0'])

    expect(linkPositions(once.links.length, ['/links/0'])).toEqual([1, 2])
    expect(twice).toEqual(withhold(record(), ['/links/0', '/links/1']))
  })

  test('cannot travel without what its version does not mark', () => {
    expect(unmarkedOf(record('/place'), ['/place', '/links/0'])).toEqual(['/links/0'])
  })
})

test('the highest mark binds the whole of what is derived, save of what was not given', () => {
  const { handling } = record('/place', '/body/reporter')

  expect(wholeHandling(handling)).toEqual({ tlp: 'TLP:RED' })
  expect(wholeHandling(handling, ['/place', '/body/reporter'])).toEqual({ tlp: 'TLP:CLEAR' })
  expect(wholeHandling({ tlp: 'TLP:GREEN', audience: ['al'] })).toEqual({
    tlp: 'TLP:GREEN',
    audience: ['al'],
  })
})

function withoutPlace({ place: _, ...rest }: MosaicRecord): Omit<MosaicRecord, 'place'> {
  return rest
}
