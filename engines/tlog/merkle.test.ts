import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import vectors from '../../fixtures/tlog/merkle.json' with { type: 'json' }
import { toHex } from './bytes.ts'
import type { Hash } from './contract.ts'
import { emptyRoot, leafHash, nodeHash, verifyConsistency, verifyInclusion } from './merkle.ts'
import { consistencyProof, type HashReader, inclusionProof, rootOf } from './proofs.ts'

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const leaves = vectors.leaves.map((leaf) => leafHash(bytes(leaf)))
const many = Array.from({ length: 140 }, (_, n) => leafHash(Uint8Array.of(n, n * 7)))

/** RFC 6962 §2.1 as it stands there, by recursion over the list. */
function naiveRoot(list: readonly Hash[]): Hash {
  const [only] = list
  if (only === undefined) return emptyRoot
  if (list.length === 1) return only
  let split = 1
  while (2 * split < list.length) split *= 2
  return nodeHash(naiveRoot(list.slice(0, split)), naiveRoot(list.slice(split)))
}

/** RFC 6962 §2.1.1, PATH. */
function naivePath(at: number, list: readonly Hash[]): readonly Hash[] {
  if (list.length === 1) return []
  let split = 1
  while (2 * split < list.length) split *= 2
  return at < split
    ? [...naivePath(at, list.slice(0, split)), naiveRoot(list.slice(split))]
    : [...naivePath(at - split, list.slice(split)), naiveRoot(list.slice(0, split))]
}

/** RFC 6962 §2.1.2, SUBPROOF. */
function naiveSubproof(from: number, list: readonly Hash[], isWhole: boolean): readonly Hash[] {
  if (from === list.length) return isWhole ? [] : [naiveRoot(list)]
  let split = 1
  while (2 * split < list.length) split *= 2
  return from <= split
    ? [...naiveSubproof(from, list.slice(0, split), isWhole), naiveRoot(list.slice(split))]
    : [...naiveSubproof(from - split, list.slice(split), false), naiveRoot(list.slice(0, split))]
}

const reader =
  (list: readonly Hash[]): HashReader =>
  async (nodes) =>
    nodes.map(({ level, index }) => naiveRoot(list.slice(index * 2 ** level, (index + 1) * 2 ** level)))

const roots = many.map((_, n) => naiveRoot(many.slice(0, n)))
const hexes = (hashes: readonly Hash[]) => hashes.map(toHex)

describe('the reference tree of Certificate Transparency', () => {
  test.each(
    vectors.roots.map((root, size) => ({ root, size })),
  )('has its root at size $size', async (one) => {
    expect(toHex(await rootOf(one.size, reader(leaves)))).toBe(one.root)
  })

  test.each(vectors.inclusion)('proves leaf $index of $size', async ({ index, size, proof }) => {
    const made = await inclusionProof(index, size, reader(leaves))

    expect(hexes(made)).toEqual(proof)
    const root = bytes(vectors.roots[size] ?? '')
    expect(verifyInclusion({ index, size, proof: made, root, leafHash: leaves[index] as Hash })).toBe(true)
  })

  test.each(vectors.consistency)('proves that $to extends $from', async ({ from, to, proof }) => {
    const made = await consistencyProof(from, to, reader(leaves))

    expect(hexes(made)).toEqual(proof)
    const ends = { rootFrom: bytes(vectors.roots[from] ?? ''), rootTo: bytes(vectors.roots[to] ?? '') }
    expect(verifyConsistency({ from, to, ...ends, proof: made })).toBe(true)
  })
})

describe('every tree of up to 130 leaves', () => {
  test('gives the proofs of RFC 6962 for every leaf, and they verify', async () => {
    for (let size = 1; size <= 130; size++) {
      const root = roots[size] as Hash
      for (let index = 0; index < size; index += size < 70 ? 1 : 7) {
        const proof = await inclusionProof(index, size, reader(many))
        expect(hexes(proof)).toEqual(hexes(naivePath(index, many.slice(0, size))))
        expect(verifyInclusion({ index, size, proof, root, leafHash: many[index] as Hash })).toBe(true)
      }
    }
  })

  test('gives the proofs of RFC 6962 for every smaller tree, and they verify', async () => {
    for (let to = 1; to <= 130; to++)
      for (let from = 0; from <= to; from += to < 70 ? 1 : 7) {
        const proof = await consistencyProof(from, to, reader(many))
        if (from > 0) expect(hexes(proof)).toEqual(hexes(naiveSubproof(from, many.slice(0, to), true)))
        const ends = { rootFrom: roots[from] as Hash, rootTo: roots[to] as Hash }
        expect(verifyConsistency({ from, to, ...ends, proof })).toBe(true)
      }
  })
})

const flipped = (hash: Hash, bit: number): Hash => {
  const copy = hash.slice()
  copy[Math.floor(bit / 8)] = (copy[Math.floor(bit / 8)] ?? 0) ^ (1 << (bit % 8))
  return copy
}

/** Every way to lie about a list of hashes: change, leave out, put in, swap. */
const spoilt = (proof: readonly Hash[]) =>
  fc.tuple(fc.constantFrom('flip', 'drop', 'add', 'swap'), fc.nat(), fc.nat(255)).map(([how, nth, bit]) => {
    const at = proof.length === 0 ? 0 : nth % proof.length
    if (how === 'add' || proof.length === 0) return proof.toSpliced(at, 0, many[bit % many.length] as Hash)
    if (how === 'drop') return proof.toSpliced(at, 1)
    if (how === 'swap' && proof.length > 1) return proof.toReversed()
    return proof.with(at, flipped(proof[at] as Hash, bit))
  })

test('an inclusion proof that was touched anywhere proves nothing', async () => {
  const trees = fc
    .integer({ min: 1, max: 130 })
    .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)))
  await fc.assert(
    fc.asyncProperty(trees, fc.nat(255), fc.nat(200), async ([size, index], bit, other) => {
      const proof = await inclusionProof(index, size, reader(many))
      const sound = { index, size, proof, root: roots[size] as Hash, leafHash: many[index] as Hash }

      expect(verifyInclusion(sound)).toBe(true)
      expect(verifyInclusion({ ...sound, root: flipped(sound.root, bit) })).toBe(false)
      expect(verifyInclusion({ ...sound, leafHash: flipped(sound.leafHash, bit) })).toBe(false)
      if (other !== index) expect(verifyInclusion({ ...sound, index: other })).toBe(false)
      for (const wrong of fc.sample(spoilt(proof), 3)) {
        if (hexes(wrong).join() === hexes(proof).join()) continue
        expect(verifyInclusion({ ...sound, proof: wrong })).toBe(false)
      }
    }),
    { numRuns: 300 },
  )
})

test('an inclusion proof under another size fails wherever the path would differ', async () => {
  const proof = await inclusionProof(5, 8, reader(many))
  const sound = { index: 5, proof, root: roots[8] as Hash, leafHash: many[5] as Hash }

  const verdicts = [4, 5, 9, 16, 2 ** 40, -1, 0.5, Number.NaN].map((size) =>
    verifyInclusion({ ...sound, size }),
  )

  expect(verdicts).toEqual([false, false, false, false, false, false, false, false])
})

test('a consistency proof that was touched anywhere proves nothing', async () => {
  const pairs = fc
    .integer({ min: 2, max: 130 })
    .chain((to) => fc.tuple(fc.integer({ min: 1, max: to - 1 }), fc.constant(to)))
  await fc.assert(
    fc.asyncProperty(pairs, fc.nat(255), async ([from, to], bit) => {
      const proof = await consistencyProof(from, to, reader(many))
      const sound = { from, to, rootFrom: roots[from] as Hash, rootTo: roots[to] as Hash, proof }

      expect(verifyConsistency(sound)).toBe(true)
      expect(verifyConsistency({ ...sound, rootFrom: flipped(sound.rootFrom, bit) })).toBe(false)
      expect(verifyConsistency({ ...sound, rootTo: flipped(sound.rootTo, bit) })).toBe(false)
      for (const wrong of fc.sample(spoilt(proof), 3)) {
        if (hexes(wrong).join() === hexes(proof).join()) continue
        expect(verifyConsistency({ ...sound, proof: wrong })).toBe(false)
      }
    }),
    { numRuns: 300 },
  )
})

test('a tree that rewrote a leaf does not extend the one before', async () => {
  const forged = many.with(3, leafHash(Uint8Array.of(99)))
  const proof = await consistencyProof(20, 50, reader(forged))

  const verdict = verifyConsistency({
    from: 20,
    to: 50,
    rootFrom: roots[20] as Hash,
    rootTo: naiveRoot(forged.slice(0, 50)),
    proof,
  })

  expect(verdict).toBe(false)
})

test('what is larger than any tree is refused before anything is hashed', () => {
  const hash = many[0] as Hash
  const proof = Array.from({ length: 66 }, () => hash)

  expect(verifyInclusion({ index: 0, size: 2 ** 53, proof: [], root: hash, leafHash: hash })).toBe(false)
  expect(verifyInclusion({ index: 0, size: 8, proof, root: hash, leafHash: hash })).toBe(false)
  expect(
    verifyInclusion({ index: 0, size: 1, proof: [], root: hash.slice(1), leafHash: hash.slice(1) }),
  ).toBe(false)
})
