/**
 * Digests of a record.
 *
 * Content digest: what decides whether two versions say the same. SHA-256 over
 *
 *     "mosaic-content-1\n" || canonical({type, schemaVersion, producer, attribution, valid, place, handling, links, body})
 *
 * after handling and attribution were joined; not over version and recordedAt, which differ each time.
 *
 * Leaf: what the log commits to, such that fields can be withheld and the rest still proves itself, as in SD-JWT
 * (RFC 9901). Each field has a salt of 128 bits, or a withheld field could be found by guessing:
 *
 *     field digest = SHA-256("mosaic-field-1\n" || salt in hexadecimal || "\n" || canonical([name, value]))
 *     leaf         = SHA-256("mosaic-leaf-1\n" || the field digests in hexadecimal, sorted, each followed by "\n")
 *
 * Fields are the members of the envelope; an absent `place` counts as canonical(["place"]). `links` is the number of
 * links, and each link a field of its own, `links/0`, `links/1` …, because each is redactable. So is each member below
 * the body that the record's handling marks (`marks.ts`): its name is its JSON pointer, `/body/reporter/name`, and the
 * field `body` is the body without the marked members, however empty that leaves it. Lists keep their length. Sorting
 * the digests hides which field a withheld digest stands for; the first line keeps the three kinds of digest apart.
 *
 * The order of fields (`fieldNames`): the members of the envelope by name, the links by place, the marked pointers below
 * the body by UTF-16 code units.
 *
 * A node keeps 32 bytes per record; the salts are SHAKE256("mosaic-salts-1\n" || the 32 bytes in hexadecimal), cut into
 * 16 bytes per field in the order of `fieldNames`. Who is given some of the salts cannot compute the others.
 */
import { hash } from 'node:crypto'
import type { Brand } from './brand.ts'
import { canonicalOfChecked } from './canonical.ts'
import { bodyMarks, isInBody, isLink, linkPositions } from './marks.ts'
import { memberAt, withoutMembers } from './members.ts'
import type { MosaicRecord } from './record.ts'

/** SHA-256, 64 lower-case hexadecimal digits. */
export type Digest = Brand<string, 'Digest'>

/** In the order of the canonical form. */
export const envelopeFields = [
  'attribution',
  'body',
  'handling',
  'id',
  'key',
  'links',
  'origin',
  'place',
  'producer',
  'realm',
  'recordedAt',
  'schemaVersion',
  'type',
  'valid',
  'version',
] as const
export type EnvelopeField = (typeof envelopeFields)[number]
const saying = envelopeFields.filter(
  (name) => !['id', 'key', 'origin', 'realm', 'recordedAt', 'version'].includes(name),
)

/** The canonical text of each member, made once for every digest and for the stored form. */
export type RecordTexts = { readonly [field in EnvelopeField]: string | undefined }

/** The record must have passed `checkRecord`, or be made of a draft that passed `checkDraft`. */
export function recordTexts(record: Partial<MosaicRecord>): RecordTexts {
  const texts = {} as { [field in EnvelopeField]: string | undefined }
  for (const name of envelopeFields) {
    const value = record[name]
    texts[name] = value === undefined ? undefined : canonicalOfChecked(value)
  }
  return texts
}

/** The canonical form of the whole record. */
export const recordText = (texts: RecordTexts): string => objectText(texts, envelopeFields)

export const contentDigest = (record: Partial<MosaicRecord>): Digest => contentDigestOf(recordTexts(record))

export const contentDigestOf = (texts: RecordTexts): Digest =>
  hash('sha256', `mosaic-content-1\n${objectText(texts, saying)}`, 'hex') as Digest

/** One field as it travels: its value (absent: undefined) and the salt that proves it. */
export type Disclosed = { readonly name: string; readonly value?: unknown; readonly salt: string }

/** The names of a record's fields, in their order; of one with fields withheld, those that are left. */
export function fieldNames(
  { links, handling }: Pick<MosaicRecord, 'links' | 'handling'>,
  withheld: readonly string[] = [],
): readonly string[] {
  const names = [
    ...envelopeFields,
    ...linkPositions(links.length, withheld).map((at) => `links/${at}`),
    ...bodyMarks(handling),
  ]
  const left = new Set(withheld.map(fieldOfPointer))
  return left.size === 0 ? names : names.filter((name) => !left.has(name))
}

/** `/place` is the field `place`, `/links/3` the field `links/3`, a pointer below the body is its own name. */
export const fieldOfPointer = (pointer: string): string => (isInBody(pointer) ? pointer : pointer.slice(1))

/** The salts of a record's fields from its 32 bytes, in the order of `fieldNames`. */
export function fieldSalts(recordSalt: Uint8Array, count: number): readonly string[] {
  const seed = Buffer.from(recordSalt.buffer, recordSalt.byteOffset, recordSalt.byteLength).toString('hex')
  const all = hash('shake256', `mosaic-salts-1\n${seed}`, { outputEncoding: 'hex', outputLength: 16 * count })
  return Array.from({ length: count }, (_, n) => all.slice(32 * n, 32 * n + 32))
}

export const leafOf = (record: MosaicRecord, recordSalt: Uint8Array): Digest =>
  leafOfTexts(recordTexts(record), record, recordSalt)

export function leafOfTexts(
  texts: RecordTexts,
  record: Pick<MosaicRecord, 'links' | 'handling' | 'body'>,
  recordSalt: Uint8Array,
): Digest {
  const marks = bodyMarks(record.handling)
  const salts = fieldSalts(recordSalt, envelopeFields.length + record.links.length + marks.length)
  const body = marks.length === 0 ? texts.body : canonicalOfChecked(withoutMembers(record.body, marks))
  const shown = { ...texts, links: String(record.links.length), body }
  const digests: string[] = envelopeFields.map((name, n) => fieldDigest(salts[n] ?? '', name, shown[name]))
  const add = (name: string, value: unknown) =>
    digests.push(fieldDigest(salts[digests.length] ?? '', name, canonicalOfChecked(value)))
  for (const [n, link] of record.links.entries()) add(`links/${n}`, link)
  for (const pointer of marks) add(pointer, memberAt(record.body, pointer))
  return rootOf(digests)
}

/** Every field of a record with its salt; leave out what may not travel, and send its digest instead. */
export function disclose(record: MosaicRecord, recordSalt: Uint8Array): readonly Disclosed[] {
  const names = fieldNames(record)
  return discloseWith(record, fieldSalts(recordSalt, names.length))
}

/** The fields of a record, or what is left of it, with salts in the order of `fieldNames`. */
export function discloseWith(
  record: MosaicRecord,
  salts: readonly string[],
  withheld: readonly string[] = [],
): readonly Disclosed[] {
  const values = fieldValues(record, withheld)
  return fieldNames(record, withheld).map((name, n) => {
    const value = values(name)
    return { name, ...(value !== undefined && { value }), salt: salts[n] ?? '' }
  })
}

export const digestOf = ({ name, value, salt }: Disclosed): Digest =>
  fieldDigest(salt, name, value === undefined ? undefined : canonicalOfChecked(value))

/** Do these fields, with the digests of the withheld ones, make this leaf? */
export function provesLeaf(
  leaf: Digest,
  disclosed: readonly Disclosed[],
  withheld: readonly Digest[],
): boolean {
  const names = new Set(disclosed.map(({ name }) => name))
  return names.size === disclosed.length && rootOf([...disclosed.map(digestOf), ...withheld]) === leaf
}

function fieldValues(record: MosaicRecord, withheld: readonly string[]): (name: string) => unknown {
  const positions = linkPositions(record.links.length, withheld)
  const links = new Map(record.links.map((link, n) => [`links/${positions[n]}`, link]))
  const count = record.links.length + withheld.filter(isLink).length
  return (name) => {
    if (name === 'links') return count
    if (name === 'body') return withoutMembers(record.body, bodyMarks(record.handling))
    if (isInBody(name)) return memberAt(record.body, name)
    return links.get(name) ?? record[name as EnvelopeField]
  }
}

/** `text` is the canonical form of the value. */
export const fieldDigest = (salt: string, name: string, text: string | undefined): Digest =>
  hash(
    'sha256',
    `mosaic-field-1\n${salt}\n[${canonicalOfChecked(name)}${text === undefined ? '' : `,${text}`}]`,
    'hex',
  ) as Digest

/** The leaf over the digests of all fields, in any order. */
export const rootOf = (digests: readonly string[]): Digest =>
  hash('sha256', `mosaic-leaf-1\n${digests.toSorted().join('\n')}\n`, 'hex') as Digest

function objectText(texts: RecordTexts, names: readonly EnvelopeField[]): string {
  let text = ''
  for (const name of names) {
    const value = texts[name]
    if (value !== undefined) text += `${text === '' ? '' : ','}"${name}":${value}`
  }
  return `{${text}}`
}
