import { spawn } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant } from '../record/index.ts'
import { logVerifier, openCheckpoint } from './checkpoint.ts'
import type { Hash, SignedCheckpoint } from './contract.ts'
import { cosignatureLine, verifyCosignatures, witnessVerifier } from './cosignature.ts'
import { signingKey } from './ed25519.ts'
import { openLog } from './log.ts'
import { leafHash, nodeHash, verifyConsistency, verifyInclusion } from './merkle.ts'
import { parseNote } from './note.ts'
import { consistencyProof, type HashReader, rootOf } from './proofs.ts'
import { parseBundle, tilePath, tilesAt } from './tiles.ts'
import { aLog, leafAt, type TestLog } from './tlog.test-support.ts'

/** The tree of so many leaves, hashed without tiles. */
function plainReader(): HashReader {
  const known = new Map<string, Hash>()
  const of = (level: number, index: number): Hash => {
    if (level === 0) return leafHash(leafAt(index))
    const key = `${level}/${index}`
    const found = known.get(key) ?? nodeHash(of(level - 1, 2 * index), of(level - 1, 2 * index + 1))
    known.set(key, found)
    return found
  }
  return async (nodes) => nodes.map(({ level, index }) => of(level, index))
}

const verified = async ({ keys }: TestLog, checkpoint: SignedCheckpoint | undefined) =>
  openCheckpoint(checkpoint?.note ?? '', (await keys.all()).map(logVerifier))

describe('integrating', () => {
  test('an empty log has a signed checkpoint of nothing', async () => {
    await using node = await aLog()

    const checkpoint = await node.log.integrate()

    expect(checkpoint).toMatchObject({ origin: 'durres.example/log', size: 0 })
    expect((await verified(node, checkpoint)).kind).toBe('verified')
  })

  test.each([1, 255, 256, 257, 1000])('%i leaves give the root of the plain tree', async (size) => {
    await using node = await aLog()
    await node.fill(size)

    const checkpoint = await node.log.integrate()

    expect(checkpoint.size).toBe(size)
    expect(checkpoint.root).toEqual(await rootOf(size, plainReader()))
    expect(await verified(node, checkpoint)).toMatchObject({ kind: 'verified', checkpoint: { size } })
  })

  test('step by step it is the same tree, and every step extends the one before', async () => {
    await using node = await aLog({ batch: 300 })
    const seen: SignedCheckpoint[] = [await node.log.integrate()]
    for (const count of [1, 254, 1, 1, 700, 0, 3]) {
      await node.fill(count)
      seen.push(await node.log.integrate())
    }

    for (const [at, to] of seen.entries()) {
      expect(to.root).toEqual(await rootOf(to.size, plainReader()))
      const from = seen[at - 1] ?? to
      const proof = await node.log.consistency(from.size, to.size)
      const ends = { from: from.size, to: to.size, rootFrom: from.root, rootTo: to.root }
      expect(verifyConsistency({ ...ends, proof })).toBe(true)
      expect(proof).toEqual(await consistencyProof(from.size, to.size, plainReader()))
    }
    expect(seen.at(-1)?.size).toBe(960)
  })

  test('nothing new is nothing to sign', async () => {
    await using node = await aLog()
    await node.fill(5)

    const first = await node.log.integrate()
    node.clock.set(instant('2019-11-26T03:00:00Z'))
    const second = await node.log.integrate()

    expect(second).toEqual(first)
    expect(await node.log.checkpoint()).toEqual(first)
  })

  test('processes that integrate at once take turns and make one tree', async () => {
    await using node = await aLog({ batch: 100 })
    await node.fill(950)
    const others = [1, 2, 3].map(() => openLog({ ...node, database: node.sql, batch: 70 }))

    const checkpoints = await Promise.all([node.log, ...others].map((log) => log.integrate()))

    for (const { size, root } of checkpoints) expect(root).toEqual(await rootOf(size, plainReader()))
    expect((await node.log.integrate()).size).toBe(950)
  })

  test('100,000 leaves are taken up in seconds, and hundreds of proofs made at once', async () => {
    await using node = await aLog()
    await node.fill(100_000)

    const begun = performance.now()
    const { root, size } = await node.log.integrate()
    const integrated = performance.now()
    const indexes = Array.from({ length: 500 }, (_, n) => (n * 7919) % size)
    const proofs = await node.log.inclusion(indexes, size)
    const proven = performance.now()

    for (const [at, index] of indexes.entries())
      expect(
        verifyInclusion({ index, size, root, leafHash: leafHash(leafAt(index)), proof: proofs[at] ?? [] }),
      ).toBe(true)
    process.stderr.write(
      `100,000 leaves integrated in ${Math.round(integrated - begun)} ms, 500 proofs in ${Math.round(proven - integrated)} ms\n`,
    )
    expect(integrated - begun).toBeLessThan(20_000)
  })
})

describe('serving', () => {
  test('every tile of every checkpoint is served, at its width then, and nothing beyond', async () => {
    await using node = await aLog()
    await node.fill(300)
    await node.log.integrate()
    await node.fill(400)
    await node.log.integrate()

    for (const size of [300, 700])
      for (const level of [0, 1] as const)
        for (const name of tilesAt(level, size)) {
          const bytes = await node.log.file(tilePath(name))
          const nodes = Array.from({ length: name.width }, (_, n) => ({
            level: 8 * level,
            index: name.n * 256 + n,
          }))
          const hashes = await plainReader()(nodes)
          expect(Buffer.from(bytes ?? [])).toEqual(Buffer.concat(hashes))
        }
    expect(await node.log.file('tile/0/002')).toBeUndefined()
    expect(await node.log.file('tile/0/002.p/189')).toBeUndefined()
    expect(await node.log.file('tile/1/000')).toBeUndefined()
    expect(await node.log.file('tile/2/000.p/1')).toBeUndefined()
    expect(await node.log.file('tile/0/../../etc/passwd')).toBeUndefined()
  })

  test('the bundles hold the leaves, and hash to the tiles of level 0', async () => {
    await using node = await aLog()
    await node.fill(260)
    await node.log.integrate()

    const full = parseBundle((await node.log.file('tile/entries/000')) ?? new Uint8Array(0))
    const rest = parseBundle((await node.log.file('tile/entries/001.p/4')) ?? new Uint8Array(0))

    if (full.kind === 'broken' || rest.kind === 'broken') throw new Error('broken')
    const entries = [...full.entries, ...rest.entries].map(({ bytes }) => Buffer.from(bytes))
    expect(entries).toEqual(Array.from({ length: 260 }, (_, n) => leafAt(n)))
    expect(await node.log.file('tile/entries/001.p/5')).toBeUndefined()
  })

  test('leaves that are not integrated yet are not served', async () => {
    await using node = await aLog()
    await node.fill(3)

    expect(await node.log.file('tile/entries/000.p/3')).toBeUndefined()
  })

  test('proofs are made under any older size, and refused beyond the tree', async () => {
    await using node = await aLog()
    await node.fill(700)
    await node.log.integrate()
    const sizes = fc.integer({ min: 1, max: 700 })

    await fc.assert(
      fc.asyncProperty(sizes, fc.array(fc.nat(699), { maxLength: 5 }), async (size, wanted) => {
        const indexes = wanted.map((index) => index % size)
        const root = await rootOf(size, plainReader())
        const proofs = await node.log.inclusion(indexes, size)
        for (const [at, index] of indexes.entries())
          expect(
            verifyInclusion({
              index,
              size,
              root,
              leafHash: leafHash(leafAt(index)),
              proof: proofs[at] ?? [],
            }),
          ).toBe(true)
      }),
      { numRuns: 40 },
    )
    await expect(node.log.inclusion([700], 700)).rejects.toMatchObject({ code: 'tlog/not-in-tree' })
    await expect(node.log.inclusion([0], 701)).rejects.toMatchObject({ code: 'tlog/not-in-tree' })
    await expect(node.log.consistency(5, 701)).rejects.toMatchObject({ code: 'tlog/not-in-tree' })
    await expect(node.log.consistency(9, 5)).rejects.toMatchObject({ code: 'tlog/not-in-tree' })
  })
})

describe('a log whose database was changed', () => {
  const damages: readonly [string, (node: TestLog) => Promise<unknown>][] = [
    [
      'a leaf in the growing tile',
      ({ sql }) => sql`update log set leaf = decode(repeat('ab', 32), 'hex') where index = 600`,
    ],
    [
      'a leaf in a full tile',
      ({ sql }) => sql`update log set leaf = decode(repeat('ab', 32), 'hex') where index = 17`,
    ],
    [
      'a full tile',
      ({ sql }) =>
        sql`update tlog_tile set bytes = set_byte(bytes, 77, get_byte(bytes, 77) # 1) where level = 0 and n = 1`,
    ],
    [
      'the growing tile',
      ({ sql }) =>
        sql`update tlog_tile set bytes = set_byte(bytes, 77, get_byte(bytes, 77) # 1) where level = 0 and n = 2`,
    ],
    [
      'a tile above',
      ({ sql }) =>
        sql`update tlog_tile set bytes = set_byte(bytes, 40, get_byte(bytes, 40) # 1) where level = 1`,
    ],
    ['a tile that is gone', ({ sql }) => sql`delete from tlog_tile where level = 0 and n = 2`],
    ['the root', ({ sql }) => sql`update tlog_tree set root = set_byte(root, 0, get_byte(root, 0) # 1)`],
    ['a leaf that is gone', ({ sql }) => sql`delete from log where index = 601`],
    ['a next leaf that is missing', ({ sql }) => sql`delete from log where index = 700`],
    ['a log that lost its end', ({ sql }) => sql`update log_head set next_index = 650`],
    ['a tree that was set back', ({ sql }) => sql`update tlog_tree set size = 0, root = sha256('')`],
  ]

  test.each(damages)('is not signed any more: %s', async (_, damage) => {
    await using node = await aLog()
    await node.fill(690)
    const before = await node.log.integrate()
    await node.fill(20)

    await damage(node)

    await expect(node.log.integrate()).rejects.toMatchObject({
      code: expect.stringMatching(/^tlog\/(log-damaged|second-root)$/),
    })
    expect(await node.log.checkpoint()).toEqual(before)
  })

  test('no size is ever signed with a second root, whoever asks', async () => {
    await using node = await aLog()
    await node.fill(10)
    await node.log.integrate()

    const second = node.sql`update tlog_checkpoint set root = sha256('x') where size = 10`

    await expect(second).rejects.toThrow('its root stays')
  })

  test('all full tiles are looked at again in turn', async () => {
    await using node = await aLog()
    await node.fill(256 * 30)
    await node.log.integrate()
    await node.sql`update log set leaf = decode(repeat('ab', 32), 'hex') where index = ${256 * 29}`

    const turns = async () => {
      for (let turn = 1; turn <= 10; turn++) await node.log.integrate()
    }

    await expect(turns()).rejects.toMatchObject({ code: 'tlog/log-damaged', place: `log index ${256 * 29}` })
  })
})

/** A process of its own that integrates, and dies in place of its nth statement; answers whether it came to the end. */
function integrateAndDie(url: string, nth: number): Promise<boolean> {
  const program = `
    import { connect } from '${new URL('../store/index.ts', import.meta.url)}'
    import { openKeys, openLog } from '${new URL('./index.ts', import.meta.url)}'
    const sql = connect('${url}', { max: 1 })
    const clock = { now: () => '2019-11-26T03:00:00.000Z' }
    const keys = await openKeys({ database: sql, node: 'durres.example', clock })
    let count = 0
    const dying = (tx) => new Proxy(tx, {
      apply(target, self, args) {
        if (args[0]?.raw && ++count === ${nth}) process.kill(process.pid, 'SIGKILL')
        return Reflect.apply(target, self, args)
      },
    })
    const database = new Proxy(sql, {
      get: (target, name) => name === 'begin' ? (act) => target.begin((tx) => act(dying(tx))) : Reflect.get(target, name),
    })
    await openLog({ database, keys, clock, node: 'durres.example', batch: 150 }).integrate()
    await sql.end()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(code === 0)
      else reject(new Error(`the process failed with ${code}`))
    })
  })
}

test('a log goes on after its process was killed between any two statements', async () => {
  await using node = await aLog({ batch: 150 })
  await node.fill(600)
  await node.log.integrate()
  const outcomes: boolean[] = []
  for (const nth of [1, 3, 6, 9, 12, 15, 16, 17, 18, 19, 20, 21, 22, 36, 100_000]) {
    await node.fill(310)
    outcomes.push(await integrateAndDie(node.url, nth))
  }

  const checkpoint = await node.log.integrate()

  expect(outcomes.filter((isDone) => !isDone).length).toBeGreaterThan(10)
  expect(outcomes.at(-1)).toBe(true)
  expect(checkpoint.size).toBe(600 + outcomes.length * 310)
  const signed = await node.sql<{ size: number; root: Buffer }[]>`select size, root from tlog_checkpoint`
  for (const { size, root } of signed) expect(new Uint8Array(root)).toEqual(await rootOf(size, plainReader()))
}, 60_000)

describe('cosignatures', () => {
  const witness = { node: 'tirana.example' as never, ...signingKey(new Uint8Array(32).fill(9)) }
  const known = [
    witnessVerifier({ node: witness.node, key: Buffer.from(witness.publicKey).toString('base64') }),
  ]
  const noteOf = (text: string | undefined) => {
    const note = parseNote(text ?? '')
    if (note.kind === 'malformed') throw new Error(note.says)
    return note
  }

  test('stand beside the own signature, the newest of each witness', async () => {
    await using node = await aLog()
    await node.fill(3)
    const { note, size } = await node.log.integrate()
    const { text } = noteOf(note)

    await node.log.cosign(size, [cosignatureLine(text, 1_000, witness)])
    await node.log.cosign(size, [cosignatureLine(text, 2_000, witness), 'no line'])

    const published = noteOf((await node.log.checkpoint())?.note)
    expect(published.signatures).toHaveLength(2)
    expect(verifyCosignatures(published, known).kind).toBe('verified')
    expect((await verified(node, await node.log.checkpoint())).kind).toBe('verified')
  })

  test('cannot push the own signature out', async () => {
    await using node = await aLog()
    await node.fill(3)
    const { note, size } = await node.log.integrate()
    const [own] = noteOf(note).signatures
    const false1 = `— durres.example/log ${Buffer.concat([Buffer.from(own?.keyId ?? '', 'hex'), Buffer.alloc(64)]).toString('base64')}`
    const many = Array.from(
      { length: 40 },
      (_, n) => `— w${n}.example ${Buffer.alloc(76, n).toString('base64')}`,
    )

    const other = `— durres.example/log ${Buffer.alloc(68, 1).toString('base64')}`
    await node.log.cosign(size, [false1, other, ...many])
    await node.log.integrate()

    const published = await node.log.checkpoint()
    expect((await verified(node, published)).kind).toBe('verified')
    expect(noteOf(published?.note).signatures).toHaveLength(16)
  })

  test('stay when the keys change under the same tree', async () => {
    await using node = await aLog()
    await node.fill(3)
    const { note, size } = await node.log.integrate()
    await node.log.cosign(size, [cosignatureLine(noteOf(note).text, 1_000, witness)])

    await node.keys.rotate(3_600_000)
    const again = await node.log.integrate()

    expect(noteOf(again.note).signatures.map(({ name }) => name)).toEqual([
      'durres.example/log',
      'durres.example/log',
      'tirana.example/witness',
    ])
    expect(verifyCosignatures(noteOf(again.note), known).kind).toBe('verified')
    const opened = await verified(node, again)
    expect(opened.kind === 'verified' && opened.by).toHaveLength(2)
  })
})
