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
 * links, and each link a field of its own, `links/0`, `links/1` …, because each is redactable. Sorting the digests hides
 * which field a withheld digest stands for; the first line keeps the three kinds of digest apart.
 *
 * A node keeps 32 bytes per record; the salts are SHAKE256("mosaic-salts-1\n" || the 32 bytes in hexadecimal), cut into
 * 16 bytes per field in the order of `fieldNames`. Who is given some of the salts cannot compute the others.
 */
import { hash } from 'node:crypto'
import type { Brand } from './brand.ts'
import { canonicalOfChecked } from './canonical.ts'
import type { MosaicRecord } from './record.ts'

/** SHA-256, 64 lower-case hexadecimal digits. */
export type Digest = Brand<string, 'Digest'>

/** In the order of the canonical form. */
const envelope = [
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
type EnvelopeField = (typeof envelope)[number]
const saying = envelope.filter(
  (name) => !['id', 'key', 'origin', 'realm', 'recordedAt', 'version'].includes(name),
)

/** The canonical text of each member, made once for every digest and for the stored form. */
export type RecordTexts = { readonly [field in EnvelopeField]: string | undefined }

/** The record must have passed `checkRecord`, or be made of a draft that passed `checkDraft`. */
export function recordTexts(record: Partial<MosaicRecord>): RecordTexts {
  const texts = {} as { [field in EnvelopeField]: string | undefined }
  for (const name of envelope) {
    const value = record[name]
    texts[name] = value === undefined ? undefined : canonicalOfChecked(value)
  }
  return texts
}

/** The canonical form of the whole record. */
export const recordText = (texts: RecordTexts): string => objectText(texts, envelope)

export const contentDigest = (record: Partial<MosaicRecord>): Digest => contentDigestOf(recordTexts(record))

export const contentDigestOf = (texts: RecordTexts): Digest =>
  hash('sha256', `mosaic-content-1\n${objectText(texts, saying)}`, 'hex') as Digest

/** One field as it travels: its value (absent: undefined) and the salt that proves it. */
export type Disclosed = { readonly name: string; readonly value?: unknown; readonly salt: string }

export const fieldNames = (record: Pick<MosaicRecord, 'links'>): readonly string[] => [
  ...envelope,
  ...record.links.map((_, n) => `links/${n}`),
]

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
  record: Pick<MosaicRecord, 'links'>,
  recordSalt: Uint8Array,
): Digest {
  const salts = fieldSalts(recordSalt, envelope.length + record.links.length)
  const digests: string[] = envelope.map((name, n) =>
    fieldDigest(salts[n] ?? '', name, name === 'links' ? String(record.links.length) : texts[name]),
  )
  for (const [n, link] of record.links.entries())
    digests.push(fieldDigest(salts[envelope.length + n] ?? '', `links/${n}`, canonicalOfChecked(link)))
  return rootOf(digests)
}

/** Every field of a record with its salt; leave out what may not travel, and send its digest instead. */
export function disclose(record: MosaicRecord, recordSalt: Uint8Array): readonly Disclosed[] {
  const names = fieldNames(record)
  const salts = fieldSalts(recordSalt, names.length)
  return names.map((name, n) => {
    const value = fieldValue(record, name)
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

function fieldValue(record: MosaicRecord, name: string): unknown {
  if (name === 'links') return record.links.length
  if (name.startsWith('links/')) return record.links[Number(name.slice('links/'.length))]
  return record[name as EnvelopeField]
}

/** The names are ASCII without quotes, so they need no escaping. */
const fieldDigest = (salt: string, name: string, text: string | undefined): Digest =>
  hash(
    'sha256',
    `mosaic-field-1\n${salt}\n["${name}"${text === undefined ? '' : `,${text}`}]`,
    'hex',
  ) as Digest

const rootOf = (digests: readonly string[]): Digest =>
  hash('sha256', `mosaic-leaf-1\n${digests.toSorted().join('\n')}\n`, 'hex') as Digest

function objectText(texts: RecordTexts, names: readonly EnvelopeField[]): string {
  let text = ''
  for (const name of names) {
    const value = texts[name]
    if (value !== undefined) text += `${text === '' ? '' : ','}"${name}":${value}`
  }
  return `{${text}}`
}
