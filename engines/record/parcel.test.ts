import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkRecord } from './check.ts'
import { type Digest, digestOf, leafOf } from './digest.ts'
import { type Handling, tlpLabels } from './handling.ts'
import { pointerStep } from './json.ts'
import { withhold } from './marks.ts'
import { mergeParcels, narrow, openParcel, type Parcel, parcelOf } from './parcel.ts'
import type { MosaicRecord } from './record.ts'

const { record: plain }: { readonly record: MosaicRecord } = JSON.parse(
  readFileSync(new URL('../../fixtures/record/digests.json', import.meta.url), 'utf8'),
)
const salt = new Uint8Array(32).fill(7)
const record: MosaicRecord = {
  ...plain,
  handling: {
    tlp: 'TLP:GREEN',
    fieldMarks: { '/body/reporter/name': 'TLP:RED', '/links/0': 'TLP:AMBER', '/place': 'TLP:AMBER' },
  },
  place: { cells: ['871e8d7ffffffff'] },
  links: [...plain.links, { type: 'partOf', id: plain.id }],
  body: { magnitude: 6.4, reporter: { name: 'Ana Kola', age: 40 } },
}
const marks = ['/body/reporter/name', '/links/0', '/place']

/** Wherever it comes from, a parcel travels as JSON. */
const sent = (parcel: Parcel): Parcel => JSON.parse(JSON.stringify(parcel))
const replace = (parcel: Parcel, name: string, change: object): Parcel => ({
  ...parcel,
  disclosed: parcel.disclosed.map((field) => (field.name === name ? { ...field, ...change } : field)),
})
const without = (parcel: Parcel, name: string): Parcel => ({
  ...parcel,
  disclosed: parcel.disclosed.filter((field) => field.name !== name),
})

/** Every pointer to a member of an object below the body, outermost first. */
function pointersInto(value: unknown, at = '/body'): string[] {
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  return Object.entries(value).flatMap(([name, inner]) => {
    const pointer = at + pointerStep(name)
    return [...(isList ? [] : [pointer]), ...pointersInto(inner, pointer)]
  })
}

/** Records with any marks, and any part of those withheld. */
const cases = fc
  .record({
    body: fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('\\u0000')),
    links: fc.nat({ max: 4 }),
    bytes: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    hasPlace: fc.boolean(),
    picks: fc.infiniteStream(fc.tuple(fc.boolean(), fc.boolean(), fc.constantFrom(...tlpLabels))),
  })
  .map(({ body, links, bytes, hasPlace, picks }) => {
    const all = [
      ...(hasPlace ? ['/place'] : []),
      ...Array.from({ length: links }, (_, n) => `/links/${n}`),
      ...pointersInto(body),
    ]
    const fieldMarks: { [pointer: string]: Handling['tlp'] } = {}
    const withheld: string[] = []
    for (const pointer of all) {
      const [isMarked, isWithheld, label] = picks.next().value
      if (!isMarked || pointer.length > 1000) continue
      if (Object.keys(fieldMarks).some((outer) => pointer.startsWith(`${outer}/`))) continue
      fieldMarks[pointer] = label
      if (isWithheld) withheld.push(pointer)
    }
    const whole: MosaicRecord = {
      ...plain,
      handling: { tlp: 'TLP:CLEAR', ...(Object.keys(fieldMarks).length > 0 && { fieldMarks }) },
      ...(hasPlace && { place: { cells: ['871e8d7ffffffff'] } }),
      links: Array.from({ length: links }, (_, n) => ({ type: 'about', id: plain.id, version: n + 1 })),
      body,
    }
    return { whole, bytes, withheld: withheld.sort() }
  })

describe('a parcel', () => {
  test('of any record with any marks, any of them withheld, opens to the record without those, and to its leaf', () => {
    fc.assert(
      fc.property(cases, ({ whole, bytes, withheld }) => {
        fc.pre(checkRecord(whole).length === 0)

        expect(openParcel(sent(parcelOf(whole, bytes, withheld)))).toMatchObject({
          kind: 'opened',
          record: JSON.parse(JSON.stringify(withhold(whole, withheld))),
          leaf: leafOf(whole, bytes),
          withheld,
        })
      }),
      { numRuns: 500 },
    )
  })

  test('can be narrowed by whoever relays it, in any order, and the leaf stays', () => {
    fc.assert(
      fc.property(cases, ({ whole, bytes, withheld }) => {
        fc.pre(checkRecord(whole).length === 0)
        const steps = withheld.reduceRight(
          (parcel, pointer) => narrow(parcel, [pointer]),
          parcelOf(whole, bytes),
        )

        expect(steps).toEqual(parcelOf(whole, bytes, withheld))
        expect(narrow(steps, withheld)).toEqual(steps)
      }),
    )
  })

  test('with one byte altered in a value, name, salt or digest has another leaf, or is refused', () => {
    fc.assert(
      fc.property(cases, fc.nat(), fc.nat({ max: 255 }), ({ whole, bytes, withheld }, place, byte) => {
        fc.pre(checkRecord(whole).length === 0)
        const text = Buffer.from(JSON.stringify(parcelOf(whole, bytes, withheld)))
        const before = openParcel(JSON.parse(text.toString()))
        text[place % text.length] = byte
        let altered: unknown
        try {
          altered = JSON.parse(text.toString())
        } catch {
          return // no JSON any more
        }
        const after = openParcel(altered)

        if (before.kind !== 'opened') throw new Error('it was sound')
        if (after.kind === 'opened' && after.leaf === before.leaf) expect(after.record).toEqual(before.record)
      }),
      { numRuns: 1000 },
    )
  })

  test('of any shape at all is answered, never thrown at', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.nat({ max: 20 }),
        fc.constantFrom('name', 'value', 'salt'),
        (value, n, part) => {
          const parcel = sent(parcelOf(record, salt, marks))
          const disclosed = parcel.disclosed.map((field, at) =>
            at === n ? { ...field, [part]: value } : field,
          )

          expect(openParcel(value)).toMatchObject({ kind: 'refused' })
          expect(['opened', 'refused']).toContain(openParcel({ ...parcel, disclosed }).kind)
        },
      ),
    )
  })
})

describe('a crafted parcel', () => {
  const whole = sent(parcelOf(record, salt))
  const narrowed = sent(parcelOf(record, salt, marks))
  const digest = 'f'.repeat(64) as Digest

  test.each<[string, unknown]>([
    ['is no object', null],
    ['discloses a field twice', { ...whole, disclosed: [...whole.disclosed, whole.disclosed[0]] }],
    ['withholds what is not marked', { ...without(whole, 'producer'), withheld: [digest] }],
    ['withholds a link that is not marked', { ...without(whole, 'links/1'), withheld: [digest] }],
    ['withholds the handling', { ...without(whole, 'handling'), withheld: [digest] }],
    ['has more digests than fields withheld', { ...whole, withheld: [digest] }],
    ['has fewer digests than fields withheld', { ...narrowed, withheld: narrowed.withheld.slice(1) }],
    ['has its digests in the order of the fields', { ...narrowed, withheld: narrowed.withheld.toReversed() }],
    ['says one digest twice', { ...narrowed, withheld: narrowed.withheld.map(() => digest) }],
    [
      'brings a field of its own',
      { ...whole, disclosed: [...whole.disclosed, { name: 'note', salt: '00'.repeat(16) }] },
    ],
    ['spells a link otherwise', replace(whole, 'links/1', { name: 'links/01' })],
    ['numbers more links than it has', replace(whole, 'links', { value: 3 })],
    ['numbers endless links', replace(whole, 'links', { value: 1e9 })],
    ['has the marked member in the body as well', replace(whole, 'body', { value: record.body })],
    ['has the withheld member in the body', replace(narrowed, 'body', { value: record.body })],
    ['has no place for the marked member', replace(whole, 'body', { value: { reporter: ['Ana'] } })],
    ['has no body', replace(whole, 'body', { value: undefined })],
    [
      'has a body too deep',
      replace(whole, 'body', { value: JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`) }),
    ],
    [
      'has a body too large',
      replace(whole, 'body', { value: { reporter: {}, text: 'x'.repeat(1_100_000) } }),
    ],
    ['has a handling of another shape', replace(whole, 'handling', { value: { tlp: 'TLP:GREEN', note: 1 } })],
    [
      'marks what cannot be marked',
      replace(whole, 'handling', { value: { tlp: 'TLP:GREEN', fieldMarks: { '/origin': 'TLP:RED' } } }),
    ],
    ['breaks the envelope', replace(whole, 'version', { value: 0 })],
    ['has a salt of another length', replace(whole, 'body', { salt: '00' })],
  ])('that %s is refused with its issues', (_, parcel) => {
    const opened = openParcel(parcel)

    expect(opened.kind).toBe('refused')
    expect(opened.kind === 'refused' ? opened.issues.length : 0).toBeGreaterThan(0)
  })

  test('cannot turn a member called __proto__ into a prototype', () => {
    const body = JSON.parse('{"__proto__": {"isAdmin": true}, "a": 1}')
    const handling: Handling = { tlp: 'TLP:GREEN', fieldMarks: { '/body/__proto__': 'TLP:RED' } }
    const odd: MosaicRecord = { ...plain, handling, body }

    const opened = openParcel(sent(parcelOf(odd, salt)))

    expect(opened).toMatchObject({ kind: 'opened', leaf: leafOf(odd, salt) })
    const found = opened.kind === 'opened' ? (opened.record.body as object) : {}
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype)
    expect(Object.keys(found).sort()).toEqual(['__proto__', 'a'])
  })

  test('whose fields are not marked in this version cannot be narrowed', () => {
    expect(() => narrow(whole, ['/body/magnitude'])).toThrow(/does not mark/)
  })
})

describe('two parcels of one leaf', () => {
  const parts = ['/place', '/links/0', '/body/reporter/name']

  test('put together disclose what either does', () => {
    const [a, b] = [parcelOf(record, salt, parts.slice(0, 2)), parcelOf(record, salt, parts.slice(1))]
    const merged = mergeParcels(a, b)

    expect(openParcel(merged)).toMatchObject({ leaf: leafOf(record, salt), withheld: ['/links/0'] })
    expect(mergeParcels(a, a)).toEqual(a)
    expect(openParcel(mergeParcels(a, parcelOf(record, salt)))).toMatchObject({ withheld: [] })
  })

  test('in which an origin discloses two things under one name are found out', () => {
    const honest = parcelOf(record, salt, ['/body/reporter/name'])
    const body = honest.disclosed.find(({ name }) => name === 'body')
    if (body === undefined) throw new Error('it has a body')
    const other = { ...body, value: { magnitude: 2, reporter: { age: 40 } } }
    const here = { ...honest, withheld: [digestOf(other)] }
    const there = { ...replace(honest, 'body', { value: other.value }), withheld: [digestOf(body)] }

    expect(openParcel(here)).toMatchObject({ kind: 'opened' })
    expect(openParcel(there)).toMatchObject({
      kind: 'opened',
      leaf: (openParcel(here) as { leaf: string }).leaf,
    })
    expect(mergeParcels(here, there)).toBeUndefined()
  })
})
