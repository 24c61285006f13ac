/**
 * Records as they leave: parcels with their proof, as JSON, until the batch is full.
 *
 * Marked fields that the peer may not see are withheld; the parcel still proves itself. Our log proves our own records, and
 * those that a scenario wrote here under a name of its own. What else came without its origin's proof stays.
 */
import type { Reader } from '../access/index.ts'
import { exerciseOf, type Held, type NodeId, narrow, type Parcel, unmarkedOf } from '../record/index.ts'
import type { Provenance, Store } from '../store/index.ts'
import type { SignedCheckpoint, TransparencyLog } from '../tlog/index.ts'
import type { BatchItem } from './contract.ts'
import type { GivenRecord } from './deliveries.ts'

export type Rendered = {
  /** Undefined when all were taken; else the index of the last that fitted, -1 when none did. */
  readonly take: (held: readonly Held[]) => Promise<number | undefined>
  readonly items: () => readonly string[]
  readonly checkpoints: () => readonly string[]
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
  const notes = new Map<string, number>()
  const items: string[] = []
  const refs: GivenRecord[] = []
  let left = bytes
  const under = (note: string): number => {
    const found = notes.get(note) ?? notes.size
    notes.set(note, found)
    return found
  }
  return {
    async take(held) {
      const [sources, own] = await gather(parts, held, head)
      let last = -1
      for (const [at, one] of held.entries()) {
        const item = itemOf(
          { held: one, source: sources[at], hashes: own.get(one.index), head },
          readers,
          under,
        )
        const text = item && JSON.stringify(item)
        if (text !== undefined && items.length > 0 && text.length > left) return last
        const leaf = sources[at]?.leaf
        if (text !== undefined && leaf !== undefined) {
          left -= text.length
          items.push(text)
          refs.push({ id: one.record.id, version: one.record.version, leaf })
        }
        last = one.index
      }
      return undefined
    },
    items: () => items,
    checkpoints: () => [...notes.keys()],
    refs: () => refs,
  }
}

type Sources = readonly (Provenance | undefined)[]
type Hashes = ReadonlyMap<number, readonly string[]>

async function gather(
  { store, log, node }: RenderParts,
  held: readonly Held[],
  head: SignedCheckpoint | undefined,
): Promise<readonly [Sources, Hashes]> {
  const isProvenHere = ({ origin, realm }: Held['record']) =>
    origin === node || exerciseOf(realm) !== undefined
  const own = held.filter(({ record, index }) => isProvenHere(record) && index < (head?.size ?? 0))
  const indexes = own.map(({ index }) => index)
  const [sources, proofs] = await Promise.all([
    store.provenance(held.map(({ record: { id, version } }) => ({ id, version }))),
    head === undefined || indexes.length === 0 ? [] : log.inclusion(indexes, head.size),
  ])
  return [sources, new Map(proofs.map((hashes, at) => [indexes[at] ?? -1, hashes.map(base64)]))]
}

type Leaving = {
  readonly held: Held
  readonly source: Provenance | undefined
  readonly hashes: readonly string[] | undefined
  readonly head: SignedCheckpoint | undefined
}

function itemOf(
  { held, source, hashes, head }: Leaving,
  readers: readonly Reader[],
  under: (note: string) => number,
): BatchItem | undefined {
  if (source === undefined) return undefined
  const parcel = withoutMarked(source.parcel, held, readers)
  if (parcel === undefined) return undefined
  if (source.proof !== undefined) {
    const { checkpoint, ...proof } = source.proof
    return { parcel, under: under(checkpoint), proof }
  }
  if (hashes === undefined || head === undefined) return undefined
  return { parcel, under: under(head.note), proof: { index: held.index, treeSize: head.size, hashes } }
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
