/**
 * Records as they leave: parcels with their proof, as JSON, until the batch is full. The proofs name their hashes by
 * position: those of neighbours are mostly the same, and each travels once.
 *
 * Marked fields that the peer may not see are withheld; the parcel still proves itself. What came goes with the proof that
 * it came with; our log proves what was written here: our own records, those of a scenario under a name of its own, and next
 * versions in the place of an origin that this node succeeds.
 */
import type { Reader } from '../access/index.ts'
import { type Held, type NodeId, narrow, type Parcel, unmarkedOf } from '../record/index.ts'
import type { Proven, Provenance, Store } from '../store/index.ts'
import type { Hash, SignedCheckpoint, TransparencyLog } from '../tlog/index.ts'
import type { GivenRecord } from './deliveries.ts'
import type { WireItem } from './wire.ts'

export type Rendered = {
  /** Undefined when all were taken; else the index of the last that fitted, -1 when none did. */
  readonly take: (held: readonly Held[] | readonly Proven[]) => Promise<number | undefined>
  readonly items: () => readonly string[]
  readonly checkpoints: () => readonly string[]
  /** What the proofs of the items name, base64. */
  readonly hashes: () => readonly string[]
  readonly refs: () => readonly GivenRecord[]
}

export type RenderParts = {
  readonly store: Pick<Store, 'provenance'>
  readonly log: Pick<TransparencyLog, 'inclusion'>
  readonly node: NodeId
}

export function renderer(
  parts: RenderParts,
  readers: readonly Reader[],
  { head, bytes }: { readonly head: SignedCheckpoint | undefined; readonly bytes: number },
): Rendered {
  const notes = createTable<string>()
  const hashes = createTable<string>()
  const ownHashes = createTable<Hash>((one) => hashes.placeOf(base64(one)))
  const items: string[] = []
  const refs: GivenRecord[] = []
  let left = bytes
  return {
    async take(held) {
      const [sources, own] = await gather(parts, held, head)
      let last = -1
      for (const [at, one] of held.entries()) {
        const known = hashes.size()
        const item = itemOf({ held: one, source: sources[at], hashes: own.get(one.index), head }, readers, {
          under: notes.placeOf,
          named: hashes.placeOf,
          namedOwn: ownHashes.placeOf,
        })
        const text = item && JSON.stringify(item)
        const size = (text?.length ?? 0) + hashLength * (hashes.size() - known)
        if (text !== undefined && items.length > 0 && size > left) return last
        const leaf = sources[at]?.leaf
        if (text !== undefined && leaf !== undefined) {
          left -= size
          items.push(text)
          refs.push({ id: one.record.id, version: one.record.version, leaf })
        }
        last = one.index
      }
      return undefined
    },
    items: () => items,
    checkpoints: notes.all,
    hashes: hashes.all,
    refs: () => refs,
  }
}

/** Of one hash in the list, with quotes and comma. */
const hashLength = 47

type Table<Value> = {
  readonly placeOf: (value: Value) => number
  readonly all: () => readonly Value[]
  readonly size: () => number
}

/** Values by the place at which they first came, or at which `put` puts them. */
function createTable<Value>(put?: (value: Value) => number): Table<Value> {
  const places = new Map<Value, number>()
  return {
    placeOf(value) {
      const known = places.get(value)
      if (known !== undefined) return known
      const place = put?.(value) ?? places.size
      places.set(value, place)
      return place
    },
    all: () => [...places.keys()],
    size: () => places.size,
  }
}

type Sources = readonly (Provenance | undefined)[]
type Hashes = ReadonlyMap<number, readonly Hash[]>

async function gather(
  { store, log }: RenderParts,
  held: readonly Held[] | readonly Proven[],
  head: SignedCheckpoint | undefined,
): Promise<readonly [Sources, Hashes]> {
  const sources = areProven(held)
    ? held.map(({ provenance }) => provenance)
    : await store.provenance(held.map(({ record: { id, version } }) => ({ id, version })))
  // Written here: by this node, in its name or in that of an origin that it succeeds, or by a scenario.
  const own = held.filter(
    ({ index }, at) => sources[at] !== undefined && !sources[at].proof && index < (head?.size ?? 0),
  )
  const indexes = own.map(({ index }) => index)
  const proofs = head === undefined || indexes.length === 0 ? [] : await log.inclusion(indexes, head.size)
  return [sources, new Map(proofs.map((hashes, at) => [indexes[at] ?? -1, hashes]))]
}

const areProven = (held: readonly Held[] | readonly Proven[]): held is readonly Proven[] =>
  held.every((one) => 'provenance' in one)

type Leaving = {
  readonly held: Held
  readonly source: Provenance | undefined
  readonly hashes: readonly Hash[] | undefined
  readonly head: SignedCheckpoint | undefined
}

/** By which position a checkpoint, or a hash of a proof, is named. */
type Naming = {
  readonly under: (note: string) => number
  readonly named: (hash: string) => number
  readonly namedOwn: (hash: Hash) => number
}

function itemOf(
  { held, source, hashes, head }: Leaving,
  readers: readonly Reader[],
  { under, named, namedOwn }: Naming,
): WireItem | undefined {
  if (source === undefined) return undefined
  const parcel = withoutMarked(source.parcel, held, readers)
  if (parcel === undefined) return undefined
  if (source.proof !== undefined) {
    const { checkpoint, ...proof } = source.proof
    return { parcel, under: under(checkpoint), proof: { ...proof, hashes: proof.hashes.map(named) } }
  }
  if (hashes === undefined || head === undefined) return undefined
  const proof = { index: held.index, treeSize: head.size, hashes: hashes.map(namedOwn) }
  return { parcel, under: under(head.note), proof }
}

/** A field is given when one of the purposes sees it. A version that does not mark what must be taken out stays. */
function withoutMarked(parcel: Parcel, held: Held, readers: readonly Reader[]): Parcel | undefined {
  const [first = [], ...others] = readers
    .filter(({ mayHave }) => mayHave(held))
    .map((reader) => reader.withheldFor(held))
  const pointers = first.filter((pointer) => others.every((other) => other.includes(pointer)))
  return unmarkedOf(held.record, pointers).length > 0 ? undefined : narrow(parcel, pointers)
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
