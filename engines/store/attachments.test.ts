import { hash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { plusMs } from '../record/index.ts'
import { maxAttachmentBytes } from './attachment-refs.ts'
import type { Attachments } from './contract.ts'
import { aReport, aStore, atMainShock } from './store.test-support.ts'

const megabyte = 1 << 20
const mediaType = 'application/pdf'

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function readAll(
  attachments: Attachments,
  sha256: string,
  start: number,
  end: number,
): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of attachments.read(sha256, start, end)) pieces.push(piece)
  return Buffer.concat(pieces)
}

describe('a file of this node', () => {
  test('of 20 MB goes in as it comes and comes out in any part', async () => {
    await using opened = await aStore()
    const { attachments } = opened.store
    const bytes = randomBytes(20 * megabyte + 7)

    const put = await attachments.put(mediaType, inPieces(bytes, 100_003))

    expect(put).toEqual({ sha256: hash('sha256', bytes), size: bytes.length })
    const state = { ...put, mediaType, heldBytes: bytes.length, isComplete: true }
    expect(await attachments.get(put.sha256)).toEqual(state)
    expect((await readAll(attachments, put.sha256, 0, bytes.length)).equals(bytes)).toBe(true)
    for (const [start, end] of [
      [0, 1],
      [262_143, 262_145],
      [262_144, 524_288],
      [5_000_001, 9_999_999],
      [bytes.length - 3, bytes.length + 100],
      [bytes.length, bytes.length + 1],
      [7, 7],
      [9, 3],
    ] as const) {
      const part = await readAll(attachments, put.sha256, start, end)
      expect([start, end, part.equals(bytes.subarray(start, Math.max(start, end)))]).toEqual([
        start,
        end,
        true,
      ])
    }
  })

  test('is kept once, however often it comes', async () => {
    await using opened = await aStore()
    const { attachments } = opened.store
    const bytes = randomBytes(300_000)

    const puts = await Promise.all([1, 2, 3].map(() => attachments.put(mediaType, inPieces(bytes, 50_000))))

    expect(new Set(puts.map(({ sha256 }) => sha256)).size).toBe(1)
    expect(await opened.store.database`select from attachment`).toHaveLength(1)
    expect(await opened.store.database`select from attachment_chunk`).toHaveLength(2)
  })

  test('may be empty', async () => {
    await using opened = await aStore()
    const { attachments } = opened.store

    const { sha256 } = await attachments.put('text/plain', inPieces(Buffer.alloc(0), 1))

    expect(await attachments.get(sha256)).toMatchObject({ size: 0, isComplete: true })
    expect(await readAll(attachments, sha256, 0, 10)).toHaveLength(0)
  })

  test('whose upload breaks off leaves nothing; what a crash left of one goes with a later upload', async () => {
    await using opened = await aStore()
    const { store, clock } = opened
    async function* broken() {
      yield randomBytes(megabyte)
      throw new Error('the sender went away')
    }

    await expect(store.attachments.put(mediaType, broken())).rejects.toThrow('went away')
    expect(await store.database`select from attachment_chunk`).toHaveLength(0)

    await store.database`insert into attachment (media_type, begun_at) values ('text/plain', ${clock.now()})`
    await store.database`
      insert into attachment_chunk (bucket, content, position, bytes)
      select content % 64, content, 0, 'left' from attachment`
    await store.attachments.put(mediaType, inPieces(Buffer.from('meanwhile'), 9))
    expect(await store.database`select from attachment`).toHaveLength(2)
    clock.set(plusMs(atMainShock, 25 * 3_600_000))
    await store.attachments.put(mediaType, inPieces(Buffer.from('next day'), 9))
    expect(await store.database`select from attachment where sha256 is null`).toHaveLength(0)
    expect(await store.database`select from attachment_chunk`).toHaveLength(2)
    expect(await store.attachments.missing(10)).toEqual([])
  })
})

describe('a file of a peer', () => {
  const bytes = randomBytes(megabyte + 5)
  const expected = { sha256: hash('sha256', bytes), size: bytes.length, mediaType }

  test('goes on where it stopped, in pieces of any size, and is complete when it hashes to its name', async () => {
    await using opened = await aStore()
    const { attachments } = opened.store
    await attachments.expect(expected)
    expect(await attachments.missing(10)).toEqual([{ ...expected, heldBytes: 0, isComplete: false }])

    let held = 0
    for (const size of [1, 262_142, 2, 300_000, 1000]) {
      const state = await attachments.add(expected.sha256, held, bytes.subarray(held, held + size))
      held += size
      expect(state).toMatchObject({ heldBytes: held, isComplete: false })
    }
    await attachments.expect(expected)
    expect(
      (await readAll(attachments, expected.sha256, 0, bytes.length)).equals(bytes.subarray(0, held)),
    ).toBe(true)

    expect(await attachments.add(expected.sha256, held, bytes.subarray(held))).toMatchObject({
      isComplete: true,
    })
    expect(await attachments.missing(10)).toEqual([])
    expect((await readAll(attachments, expected.sha256, 0, bytes.length)).equals(bytes)).toBe(true)
  })

  test('is taken only where the bytes held end, no further than its size, and when a record named it', async () => {
    await using opened = await aStore()
    const { attachments } = opened.store
    await expect(attachments.add(expected.sha256, 0, bytes)).rejects.toThrow(/no record here names/)
    await attachments.expect(expected)
    await attachments.add(expected.sha256, 0, bytes.subarray(0, 100))

    await expect(attachments.add(expected.sha256, 0, bytes)).rejects.toThrow(/100 bytes .* are held/)
    await expect(attachments.add(expected.sha256, 200, bytes)).rejects.toMatchObject({
      code: 'store/attachment-refused',
    })
    await expect(attachments.add(expected.sha256, 100, bytes)).rejects.toThrow(/would make/)
    expect(await attachments.get(expected.sha256)).toMatchObject({ heldBytes: 100 })
  })

  test('that hashes to another name is dropped whole and expected anew', async () => {
    await using opened = await aStore()
    const { attachments } = opened.store
    await attachments.expect(expected)
    const altered = Buffer.from(bytes)
    altered[500_000] = (altered[500_000] ?? 0) ^ 1

    await attachments.add(expected.sha256, 0, altered.subarray(0, megabyte))
    const last = attachments.add(expected.sha256, megabyte, altered.subarray(megabyte))

    await expect(last).rejects.toMatchObject({ code: 'store/attachment-altered' })
    expect(await attachments.get(expected.sha256)).toMatchObject({ heldBytes: 0, isComplete: false })
    expect(await opened.store.database`select from attachment_chunk`).toHaveLength(0)
    expect(await attachments.add(expected.sha256, 0, bytes)).toMatchObject({ isComplete: true })
    await expect(attachments.add(expected.sha256, bytes.length, new Uint8Array(1))).rejects.toThrow()
  })

  test('announced with another size begins anew; what this node has itself needs none', async () => {
    await using opened = await aStore()
    const { attachments } = opened.store
    await attachments.expect({ ...expected, size: 100 })
    await attachments.add(expected.sha256, 0, bytes.subarray(0, 50))
    await attachments.expect(expected)
    expect(await attachments.get(expected.sha256)).toMatchObject({ size: bytes.length, heldBytes: 0 })

    await attachments.put(mediaType, inPieces(bytes, 1000))
    expect(await attachments.get(expected.sha256)).toMatchObject({ isComplete: true })
    await attachments.expect({ ...expected, size: 1 })
    expect(await attachments.get(expected.sha256)).toMatchObject({ isComplete: true, size: bytes.length })
    expect(await opened.store.database`select from attachment_chunk`).toHaveLength(5)
  })

  test.each([
    [{ sha256: 'x', size: 1, mediaType }],
    [{ sha256: expected.sha256, size: -1, mediaType }],
    [{ sha256: expected.sha256, size: 0.5, mediaType }],
    [{ sha256: expected.sha256, size: 0, mediaType }],
    [{ sha256: expected.sha256, size: maxAttachmentBytes + 1, mediaType }],
  ])('is refused when what is said of it cannot be: %o', async (announced) => {
    await using opened = await aStore()

    await expect(opened.store.attachments.expect(announced)).rejects.toMatchObject({
      code: 'store/attachment-refused',
    })
  })
})

describe('a record', () => {
  test('refers to the files that its body lists, each once and a hundred at most; another shape is no reference', async () => {
    await using opened = await aStore()
    const { store } = opened
    const named = (at: number) => ({ sha256: hash('sha256', String(at)), size: 1, mediaType: 'text/plain' })
    const many = Array.from({ length: 150 }, (_, at) => named(at))
    await store.append([
      aReport({ key: 'twice', body: { attachments: [{ ...named(1), name: 'map.txt' }, named(1)] } }),
      aReport({ key: 'many', body: { attachments: many } }),
      ...[null, 'x', { attachments: 'x' }, { attachments: [null, 1, {}, { ...named(2), sha256: 'A' }] }].map(
        (body, at) => aReport({ key: `none ${at}`, body }),
      ),
    ])

    expect(await store.attachments.records(named(1).sha256)).toHaveLength(2)
    expect(await store.attachments.records(named(99).sha256)).toHaveLength(1)
    expect(await store.attachments.records(named(100).sha256)).toHaveLength(0)
    expect(await store.database`select from record_attachment`).toHaveLength(101)
  })
})
