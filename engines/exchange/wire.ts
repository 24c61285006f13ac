/** What travels between nodes, as schemas: parsed once, at the edge, with every size bounded. */
import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Purpose, purposes } from '../access/index.ts'
import { type TlpLabel, tlpLabels } from '../record/index.ts'
import type { Batch, BatchItem, KeyStatements, NodeCard, PeerKey } from './contract.ts'
import { PeerFailed } from './errors.ts'

export const maxBatchItems = 1000
/** In one answer: 63 for each item, if no two were the same. */
const maxProofHashes = 63 * maxBatchItems
export const maxBatchBytes = 8 * 1024 * 1024
/** So many newest checkpoints are told at once. */
export const maxRelayedLogs = 100
/** A batch may end with one record of the largest size, and its proof, over the measure. */
export const maxAnswerBytes = 2 * maxBatchBytes

const hash = Type.String({ maxLength: 44 })
const instantSchema = Type.String({ maxLength: 24 })
const note = Type.String({ maxLength: 131_072 })

const itemSchema = Type.Object({
  parcel: Type.Object({
    disclosed: Type.Array(Type.Unknown(), { maxItems: 20_000 }),
    withheld: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 20_000 }),
  }),
  under: Type.Integer({ minimum: 0, maximum: maxBatchItems }),
  proof: Type.Object({
    index: Type.Integer({ minimum: 0 }),
    treeSize: Type.Integer({ minimum: 1 }),
    /** Positions in `hashes` of the answer. */
    hashes: Type.Array(Type.Integer({ minimum: 0, maximum: maxProofHashes }), { maxItems: 63 }),
  }),
})
const proven = {
  checkpoints: Type.Array(note, { maxItems: maxBatchItems + 1 }),
  /** Of all proofs together, each once: those of neighbours are mostly the same. */
  hashes: Type.Array(hash, { maxItems: maxProofHashes }),
  items: Type.Array(itemSchema, { maxItems: maxBatchItems }),
}

const batchSchema = Type.Object({
  cursor: Type.String({ minLength: 1, maxLength: 512 }),
  isLast: Type.Boolean(),
  head: Type.Optional(
    Type.Object({
      under: Type.Integer({ minimum: 0, maximum: maxBatchItems }),
      consistency: Type.Array(hash, { maxItems: 128 }),
    }),
  ),
  ...proven,
})

const answersSchema = Type.Object({
  isAll: Type.Boolean(),
  ...proven,
  items: Type.Array(itemSchema, { maxItems: 200 }),
})

const keySchema = Type.Object({
  keyId: Type.String({ pattern: '^[0-9a-f]{8}$' }),
  key: Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' }),
  validFrom: instantSchema,
  validUntil: Type.Optional(instantSchema),
  revokedAt: Type.Optional(instantSchema),
})
const textSchema = Type.Record(Type.String({ maxLength: 35 }), Type.String({ maxLength: 300 }))

const cardSchema = Type.Object({
  node: Type.String({ minLength: 1, maxLength: 253 }),
  title: textSchema,
  organisation: Type.Optional(Type.String({ maxLength: 200 })),
  keys: Type.Array(keySchema, { minItems: 1, maxItems: 100 }),
  current: Type.String({ maxLength: 8 }),
  logOrigin: Type.String({ maxLength: 260 }),
  versions: Type.Array(Type.Integer(), { maxItems: 20 }),
  now: instantSchema,
})

const statementSchema = Type.Object({
  ...itemSchema.properties,
  proof: Type.Object({
    ...itemSchema.properties.proof.properties,
    hashes: Type.Array(hash, { maxItems: 63 }),
  }),
})
const keysSchema = Type.Object({
  keys: Type.Array(keySchema, { maxItems: 100 }),
  /** What the origin said of its keys, each as its own log proves it. */
  checkpoints: Type.Optional(Type.Array(note, { maxItems: 200 })),
  items: Type.Optional(Type.Array(statementSchema, { maxItems: 200 })),
})

const statementsSchema = Type.Object({
  statements: Type.Array(Type.Object({ type: Type.String({ maxLength: 40 }), body: Type.Unknown() }), {
    maxItems: 1000,
  }),
})

export const schemaSchema = Type.Object({
  type: Type.String({ maxLength: 200 }),
  schemaVersion: Type.Integer({ minimum: 1 }),
  title: textSchema,
  schema: Type.Record(Type.String(), Type.Unknown()),
})

const purpose = Type.Unsafe<Purpose>(Type.Union(purposes.map((one) => Type.Literal(one))))
export const questionSchema = Type.Object(
  {
    types: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 })),
    areas: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 50 })),
    key: Type.Optional(Type.String({ maxLength: 200 })),
    validFrom: Type.Optional(instantSchema),
    validUntil: Type.Optional(instantSchema),
    realm: Type.Optional(Type.String({ maxLength: 80 })),
    purpose,
    caseNumber: Type.Optional(Type.String({ maxLength: 100 })),
    /** For whom: the roles and clearances that the asking node vouches for; never more than the node itself may have. */
    upTo: Type.Optional(Type.Unsafe<TlpLabel>(Type.Union(tlpLabels.map((label) => Type.Literal(label))))),
    person: Type.Optional(Type.String({ maxLength: 200 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)
export type Question = Static<typeof questionSchema>

export const parseBatch = provenParserOf<Batch>(batchSchema, 'a batch')
export type Answers = Pick<Batch, 'checkpoints' | 'items'> & { readonly isAll: boolean }
export const parseAnswers = provenParserOf<Answers>(answersSchema, 'an answer')
export const parseCard = parserOf<NodeCard>(cardSchema, 'the card of a node')
export type KeysSaid = Partial<Pick<Batch, 'checkpoints' | 'items'>> & { readonly keys: readonly PeerKey[] }
export const parseKeys = parserOf<KeysSaid>(keysSchema, 'a list of keys')
export const parseRelayedLogs = parserOf<{ readonly checkpoints: readonly string[] }>(
  Type.Object({ checkpoints: Type.Array(note, { maxItems: maxRelayedLogs }) }),
  'a list of checkpoints',
)
export const parseStatements = parserOf<KeyStatements>(statementsSchema, 'a list of statements about keys')
export const parseSchema = parserOf<Static<typeof schemaSchema>>(schemaSchema, 'a schema')

function parserOf<Value>(schema: TSchema, what: string): (body: Buffer) => Value {
  const validator = Compile(schema)
  return (body) => {
    const value = jsonOf(body, what)
    if (validator.Check(value)) return value as Value
    const [first] = validator.Errors(value)
    throw new PeerFailed(
      'exchange/not-an-answer',
      `What came is not ${what}: ${first?.instancePath || '/'} ${first?.message ?? 'does not fit'}.`,
    )
  }
}

/** An item as it travels: its proof names the hashes of the answer by position. */
export type WireItem = Omit<BatchItem, 'proof'> & {
  readonly proof: Omit<BatchItem['proof'], 'hashes'> & { readonly hashes: readonly number[] }
}

/** Items with their proofs put together again. */
function provenParserOf<Value extends Pick<Batch, 'items'>>(
  schema: TSchema,
  what: string,
): (body: Buffer) => Value {
  type Wire = Omit<Value, 'items'> & {
    readonly items: readonly WireItem[]
    readonly hashes: readonly string[]
  }
  const parse = parserOf<Wire>(schema, what)
  return (body) => {
    const { hashes: all, items, ...rest } = parse(body)
    const named = (at: number): string => {
      const found = all[at]
      if (found !== undefined) return found
      throw new PeerFailed(
        'exchange/not-an-answer',
        `What came is not ${what}: a proof names a hash that is not there.`,
      )
    }
    const whole = items.map(({ proof: { hashes, ...proof }, ...item }) => ({
      ...item,
      proof: { ...proof, hashes: hashes.map(named) },
    }))
    return { ...rest, items: whole } as unknown as Value
  }
}

function jsonOf(body: Buffer, what: string): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    throw new PeerFailed('exchange/not-an-answer', `What came is not ${what}: it is no JSON.`, cause)
  }
}
