import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBase64 } from './bytes.ts'
import type { Hash } from './contract.ts'
import { type AskedInclusion, inclusionUnder } from './inclusion-under.ts'
import { leafHash, nodeHash, verifyInclusion } from './merkle.ts'
import { type HashReader, inclusionProof, rootOf } from './proofs.ts'

const entries = Array.from({ length: 140 }, (_, n) => Uint8Array.of(n, n * 7))
const leaves = entries.map(leafHash)

/** Of complete subtrees, as `HashReader` asks for them. */
const subtree = (level: number, index: number): Hash =>
  level === 0
    ? (leaves[index] as Hash)
    : nodeHash(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1))
const reader: HashReader = async (nodes) => nodes.map(({ level, index }) => subtree(level, index))

const askedOf = async (index: number, size: number): Promise<AskedInclusion> => ({
  index,
  entry: entries[index] as Uint8Array,
  proof: (await inclusionProof(index, size, reader)).map(toBase64),
})

/** One by one, each for itself. */
const alone = (size: number, root: Hash, { index, entry, proof }: AskedInclusion): boolean =>
  verifyInclusion({
    index,
    size,
    root,
    leafHash: leafHash(entry),
    proof: proof.map((one) => new Uint8Array(Buffer.from(one, 'base64'))),
  })

const flaw = fc.constantFrom('none', 'entry', 'index', 'hash', 'short', 'long', 'swapped', 'not base64')

function changed(asked: AskedInclusion, kind: string, at: number): AskedInclusion {
  const { index, proof } = asked
  const place = proof.length === 0 ? 0 : at % proof.length
  const other = toBase64(leafHash(Uint8Array.of(at)))
  switch (kind) {
    case 'entry':
      return { ...asked, entry: Uint8Array.of(at, 255) }
    case 'index':
      return { ...asked, index: index ^ (1 << (at % 4)) }
    case 'hash':
      return { ...asked, proof: proof.map((one, n) => (n === place ? other : one)) }
    case 'short':
      return { ...asked, proof: proof.toSpliced(place, 1) }
    case 'long':
      return { ...asked, proof: proof.toSpliced(place, 0, other) }
    case 'swapped':
      return { ...asked, proof: proof.toReversed() }
    case 'not base64':
      return { ...asked, proof: proof.map(() => '*') }
    default:
      return asked
  }
}

describe('many leaves under one root', () => {
  test('all stand there, in whatever tree and order they are asked', async () => {
    for (let size = 1; size <= 130; size += size < 40 ? 1 : 9) {
      const isIncluded = inclusionUnder({ size, root: await rootOf(size, reader) })
      for (let n = 0; n < size; n++) expect(isIncluded(await askedOf((n * 131) % size, size))).toBe(true)
    }
  })

  test('each is judged as it would be alone, whatever came before it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 130 }),
        fc.array(fc.record({ index: fc.nat(129), kind: flaw, at: fc.nat(130) }), { maxLength: 40 }),
        async (size, all) => {
          const root = await rootOf(size, reader)
          const isIncluded = inclusionUnder({ size, root })
          for (const { index, kind, at } of all) {
            const asked = changed(await askedOf(index % size, size), kind, at)
            expect(isIncluded(asked)).toBe(alone(size, root, asked))
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  test('two spellings of one hash are the same hash', async () => {
    const isIncluded = inclusionUnder({ size: 7, root: await rootOf(7, reader) })
    const asked = await askedOf(3, 7)

    expect(isIncluded(asked)).toBe(true)
    expect(isIncluded({ ...asked, proof: asked.proof.map((one) => one.replace('=', '')) })).toBe(true)
  })
})
