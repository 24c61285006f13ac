import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentDigest, digestOf, disclose, fieldNames, fieldSalts, leafOf, provesLeaf } from './digest.ts'
import { instant } from './instant.ts'
import { openParcel, type Parcel, parcelOf } from './parcel.ts'
import type { MosaicRecord } from './record.ts'

const vector: {
  readonly record: MosaicRecord
  readonly recordSalt: string
  readonly fieldNames: readonly string[]
  readonly fieldSalts: readonly string[]
  readonly contentDigest: string
  readonly leaf: string
} = JSON.parse(readFileSync(new URL('../../fixtures/record/digests.json', import.meta.url), 'utf8'))
type Marked = Omit<typeof vector, 'contentDigest'> & {
  readonly withheld: readonly string[]
  readonly parcel: Parcel
  readonly opens: MosaicRecord
}
const { record } = vector
const salt = Buffer.from(vector.recordSalt, 'hex')

describe('the digests of a record', () => {
  test('are those of the shared vector', () => {
    expect(fieldNames(record)).toEqual(vector.fieldNames)
    expect(fieldSalts(salt, vector.fieldNames.length)).toEqual(vector.fieldSalts)
    expect(contentDigest(record)).toBe(vector.contentDigest)
    expect(leafOf(record, salt)).toBe(vector.leaf)
  })

  test('are those of the shared vector with marked fields, and so is the parcel', () => {
    const marked: Marked = JSON.parse(
      readFileSync(new URL('../../fixtures/record/marked.json', import.meta.url), 'utf8'),
    )
    const bytes = Buffer.from(marked.recordSalt, 'hex')

    expect(fieldNames(marked.record)).toEqual(marked.fieldNames)
    expect(fieldSalts(bytes, marked.fieldNames.length)).toEqual(marked.fieldSalts)
    expect(leafOf(marked.record, bytes)).toBe(marked.leaf)
    expect(parcelOf(marked.record, bytes, marked.withheld)).toEqual(marked.parcel)
    expect(openParcel(marked.parcel)).toMatchObject({
      record: marked.opens,
      leaf: marked.leaf,
      withheld: marked.withheld,
    })
  })

  test('say the same of two versions that differ only in number and time of writing', () => {
    const again = { ...record, version: 9, recordedAt: instant('2020-01-01T00:00:00Z') }

    expect(contentDigest(again)).toBe(contentDigest(record))
    expect(leafOf(again, salt)).not.toBe(leafOf(record, salt))
  })

  test.each([
    ['type', 'hazards.event'],
    ['schemaVersion', 2],
    ['producer', { kind: 'source', name: 'emsc-earthquakes' }],
    ['attribution', []],
    ['valid', { from: '2019-11-26T02:54:13.000Z' }],
    ['place', { cells: ['871e8d7ffffffff'] }],
    ['handling', { tlp: 'TLP:GREEN' }],
    ['links', []],
    ['body', { magnitude: 6.3 }],
  ])('differ when %s does', (name, value) => {
    const other = { ...record, [name]: value } as MosaicRecord

    expect(contentDigest(other)).not.toBe(contentDigest(record))
    expect(leafOf(other, salt)).not.toBe(leafOf(record, salt))
  })
})

describe('a record with fields withheld', () => {
  const salts = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const shares = fc.array(fc.boolean(), { minLength: 16, maxLength: 16 })

  test('still proves the fields that are shown, whichever they are', () => {
    fc.assert(
      fc.property(salts, shares, fc.jsonValue(), (bytes, isShown, body) => {
        const all = disclose({ ...record, body }, bytes)
        const shown = all.filter((_, n) => isShown[n])
        const withheld = all.filter((_, n) => !isShown[n]).map(digestOf)

        expect(provesLeaf(leafOf({ ...record, body }, bytes), shown, withheld)).toBe(true)
      }),
    )
  })

  test('proves nothing when a shown field was altered, renamed, salted anew, left out or doubled', () => {
    fc.assert(
      fc.property(salts, fc.nat({ max: 15 }), (bytes, n) => {
        const leaf = leafOf(record, bytes)
        const all = disclose(record, bytes)
        const one = all[n]
        if (one === undefined) throw new Error('the record has 16 fields')
        const others = all.filter((field) => field !== one)

        expect(provesLeaf(leaf, [...others, { ...one, value: 'altered' }], [])).toBe(false)
        expect(provesLeaf(leaf, [...others, { ...one, name: 'renamed' }], [])).toBe(false)
        expect(provesLeaf(leaf, [...others, { ...one, salt: '00'.repeat(16) }], [])).toBe(false)
        expect(provesLeaf(leaf, others, [])).toBe(false)
        expect(provesLeaf(leaf, [...others, one, one], [])).toBe(false)
      }),
    )
  })

  test('does not give the withheld value away to one who guesses it without its salt', () => {
    const [body] = disclose(record, salt).filter(({ name }) => name === 'body')
    if (body === undefined) throw new Error('the record has a body')

    expect(digestOf({ ...body, salt: '' })).not.toBe(digestOf(body))
  })

  test('links are withheld one by one', () => {
    expect(fieldNames(record)).toContain('links/0')
  })
})
