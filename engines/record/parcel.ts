/**
 * A parcel: a record as it travels. Each field comes with its salt, or, where its mark says that the reader may not have
 * it, as its digest alone; either way the leaf follows, and the leaf stands in the origin's log. Who relays a parcel can
 * withhold more, and can alter nothing.
 *
 * Only marked fields can be withheld (`marks.ts`). The handling is always there and says which those are, so whoever
 * opens a parcel knows what is missing, and by how many digests: one for each marked field that is not disclosed.
 *
 * A parcel comes from outside and is not believed. `openParcel` puts the record together again, asks of it all that a
 * record's envelope must keep, and computes the leaf; that this leaf stands in the origin's log is for others to verify.
 *
 * An origin that wants to could put two fields of one name into a leaf and disclose the one here, the other there. So
 * parcels of one leaf are put together (`mergeParcels`) only where they disclose the same.
 */
import { Type } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { canonicalOfChecked } from './canonical.ts'
import { checkRecord, maxRecordBytes, schemaIssues } from './check.ts'
import {
  type Digest,
  type Disclosed,
  digestOf,
  disclose,
  envelopeFields,
  fieldDigest,
  fieldOfPointer,
  type RecordTexts,
  recordText,
  rootOf,
} from './digest.ts'
import { handlingSchema, maxLinks } from './envelope-schema.ts'
import { InvalidRecord, type Issue } from './errors.ts'
import type { Handling } from './handling.ts'
import { jsonIssues, shown } from './json.ts'
import { bodyMarks, isInBody, maxFieldMarks, maxPointerLength, unmarkedOf } from './marks.ts'
import { withMembers } from './members.ts'
import type { MosaicRecord } from './record.ts'

export type Parcel = {
  readonly disclosed: readonly Disclosed[]
  /** Digests of the fields that are not disclosed, sorted. */
  readonly withheld: readonly Digest[]
}

export type OpenedParcel = {
  readonly kind: 'opened'
  readonly record: MosaicRecord
  readonly leaf: Digest
  /** JSON pointers of the marked fields that are not in the record, sorted. */
  readonly withheld: readonly string[]
  /** The canonical form of the record and of its members, made on the way. */
  readonly text: string
  readonly texts: RecordTexts
}

export type ParcelOpening = OpenedParcel | { readonly kind: 'refused'; readonly issues: readonly Issue[] }

const strict = { additionalProperties: false }
const digestSchema = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** What peers may send; `openParcel` asks the rest. */
export const parcelSchema = Type.Object(
  {
    disclosed: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: maxPointerLength }),
          value: Type.Optional(Type.Unknown()),
          salt: Type.String({ pattern: '^[0-9a-f]{32}$' }),
        },
        strict,
      ),
      { maxItems: envelopeFields.length + maxLinks + maxFieldMarks },
    ),
    withheld: Type.Array(digestSchema, { maxItems: maxFieldMarks, uniqueItems: true }),
  },
  strict,
)

type Checks = Pick<Validator, 'Check' | 'Errors'>
const parcelValidator = Compile(parcelSchema) as Checks
const handlingValidator = Compile(handlingSchema) as Checks

/** A record of this node, which has all its fields and their salts, without the fields at these pointers. */
export function parcelOf(
  record: MosaicRecord,
  recordSalt: Uint8Array,
  withheld: readonly string[] = [],
): Parcel {
  return narrow({ disclosed: disclose(record, recordSalt), withheld: [] }, withheld)
}

/**
 * The parcel without the fields at these pointers; what is withheld already stays so. The parcel must have been opened,
 * or be this node's own. Throws for a pointer that the version does not mark: it cannot travel without that field, so
 * ask `unmarkedOf` first and send nothing.
 */
export function narrow(parcel: Parcel, pointers: readonly string[]): Parcel {
  if (pointers.length === 0) return parcel
  const handling = parcel.disclosed.find(({ name }) => name === 'handling')?.value as Handling
  const [unmarked] = unmarkedOf({ handling }, pointers)
  if (unmarked !== undefined)
    throw new InvalidRecord(
      `This version does not mark "${unmarked}", so it cannot travel without it; send nothing.`,
    )
  const names = new Set(pointers.map(fieldOfPointer))
  const taken = parcel.disclosed.filter(({ name }) => names.has(name))
  return {
    disclosed: parcel.disclosed.filter(({ name }) => !names.has(name)),
    withheld: [...parcel.withheld, ...taken.map(digestOf)].sort(),
  }
}

/** What two parcels of one leaf disclose together; undefined where they disclose two things under one name. */
export function mergeParcels(a: Parcel, b: Parcel): Parcel | undefined {
  const known = new Map(a.disclosed.map((field) => [field.name, digestOf(field)]))
  const added = b.disclosed.filter(({ name }) => !known.has(name))
  const isOne = b.disclosed.every((field) => (known.get(field.name) ?? digestOf(field)) === digestOf(field))
  const shown = new Set(added.map(digestOf))
  const withheld = a.withheld.filter((digest) => !shown.has(digest))
  if (!isOne || withheld.length + added.length !== a.withheld.length) return undefined
  return { disclosed: [...a.disclosed, ...added], withheld }
}

/**
 * Puts the record together that a parcel discloses, with its leaf; or says why it is none. Who takes a parcel asks this to
 * verify its proof, and the store asks it again; the answer is kept with the parcel, which nobody changes after it came.
 */
export function openParcel(parcel: unknown): ParcelOpening {
  if (typeof parcel !== 'object' || parcel === null) return open(parcel)
  const known = openings.get(parcel)
  if (known !== undefined) return known
  const opening = open(parcel)
  openings.set(parcel, opening)
  return opening
}

const openings = new WeakMap<object, ParcelOpening>()

function open(parcel: unknown): ParcelOpening {
  const shape = schemaIssues(parcelValidator, parcel, 'parcel/shape')
  if (shape.length > 0) return { kind: 'refused', issues: shape }
  const { disclosed, withheld: digests } = parcel as Parcel
  const fields = new Map(disclosed.map((field) => [field.name, field]))
  if (fields.size < disclosed.length) return refused('/disclosed', 'A field is disclosed twice.')

  const put = assemble(fields)
  if ('issues' in put) return { kind: 'refused', issues: put.issues }
  if (put.withheld.length !== digests.length)
    return refused(
      '/withheld',
      `${put.withheld.length} marked fields are not disclosed; send as many digests.`,
    )
  if (digests.some((digest, n) => n > 0 && digest <= (digests[n - 1] ?? '')))
    return refused('/withheld', 'Sort the digests, or they tell which field each stands for.')
  const issues = checkRecord(put.record, put.withheld)
  return issues.length > 0 ? { kind: 'refused', issues } : opened(put, fields, digests)
}

type Fields = ReadonlyMap<string, Disclosed>
type Assembled = { readonly record: MosaicRecord; readonly withheld: readonly string[] }
type Refused = { readonly issues: readonly Issue[] }

/** Every field must be one that the record has, and every field that it has be disclosed, or be marked. */
function assemble(fields: Fields): Assembled | Refused {
  const handling = fields.get('handling')?.value
  const issues = [
    ...jsonIssues(handling, { maxDepth: 4, allowNul: false }, '/handling'),
    ...schemaIssues(handlingValidator, handling, 'record/envelope', '/handling'),
  ]
  if (issues.length > 0) return { issues }
  const count = fields.get('links')?.value
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > maxLinks)
    return refusal('/links', `The field links says how many there are, 0 to ${maxLinks}.`)

  const marks = Object.keys((handling as Handling).fieldMarks ?? {})
  const inBody = bodyMarks(handling as Handling)
  const names = [...envelopeFields, ...Array.from({ length: count }, (_, at) => `links/${at}`), ...inBody]
  const marked = new Set(marks.map(fieldOfPointer))
  const missing = names.find((name) => !fields.has(name) && !marked.has(name))
  if (missing !== undefined) return refusal(`/${missing}`, 'It is missing, and no mark lets it be withheld.')
  const known = new Set(names)
  const unknown = [...fields.keys()].find((name) => !known.has(name))
  if (unknown !== undefined) return refusal(unknown, 'The record has no such field.')

  const body = bodyOf(fields, inBody)
  if (body === undefined)
    return refusal('/body', 'It is missing, has no place for a marked member, or has it already.')
  const withheld = marks.filter((pointer) => !fields.has(fieldOfPointer(pointer))).sort()
  return { record: recordOf(fields, count, body), withheld }
}

function recordOf(fields: Fields, count: number, body: unknown): MosaicRecord {
  const record: { [name: string]: unknown } = {}
  for (const name of envelopeFields) {
    const value = fields.get(name)?.value
    if (value !== undefined) record[name] = value
  }
  record['body'] = body
  const links: unknown[] = []
  for (let at = 0; at < count; at++) {
    const link = fields.get(`links/${at}`)
    if (link) links.push(link.value)
  }
  record['links'] = links
  return record as unknown as MosaicRecord
}

/** The body with the marked members that are disclosed; undefined where it has no place for one, or has it already. */
function bodyOf(fields: Fields, pointers: readonly string[]): unknown {
  const isEmpty = pointers.some((pointer) => fields.has(pointer) && fields.get(pointer)?.value === undefined)
  const members = pointers.map((pointer) => [pointer, fields.get(pointer)?.value] as const)
  return isEmpty ? undefined : withMembers(fields.get('body')?.value, members)
}

/** The texts of the fields make the digests, and, save for a body with marked members, the record's text. */
function opened({ record, withheld }: Assembled, fields: Fields, digests: readonly Digest[]): ParcelOpening {
  const texts: { [name: string]: string | undefined } = {}
  const all: string[] = [...digests]
  const links: [at: number, text: string][] = []
  for (const { name, value, salt } of fields.values()) {
    const text = value === undefined ? undefined : canonicalOfChecked(value)
    all.push(fieldDigest(salt, name, text))
    if (name.startsWith('links/')) links.push([Number(name.slice('links/'.length)), text ?? ''])
    else if (!isInBody(name)) texts[name] = text
  }
  links.sort(([a], [b]) => a - b)
  texts['links'] = `[${links.map(([, text]) => text).join(',')}]`
  if (record.handling.fieldMarks !== undefined) texts['body'] = canonicalOfChecked(record.body)
  const text = recordText(texts as RecordTexts)
  if (Buffer.byteLength(text) > maxRecordBytes) return refused('', tooLarge, 'record/too-large')
  return { kind: 'opened', record, leaf: rootOf(all), withheld, text, texts: texts as RecordTexts }
}

const tooLarge = `A record has at most ${maxRecordBytes} bytes; its origin keeps the rest as a payload.`

const refusal = (place: string, message: string, rule = 'parcel/fields'): Refused => ({
  issues: [{ rule, place: shown(place), message }],
})

const refused = (place: string, message: string, rule = 'parcel/fields'): ParcelOpening => ({
  kind: 'refused',
  ...refusal(place, message, rule),
})
