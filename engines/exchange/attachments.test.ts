/** Files over a line that is slow, stalls and is cut. */
import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { faultyLink } from '../../test/support/faulty-link.ts'
import type { NodeId } from '../record/index.ts'
import { addPeer, aNode, pair, type TestNode, until } from './exchange.test-support.ts'

const megabyte = 1024 * 1024

async function attach(node: TestNode, bytes: Buffer, handling = { tlp: 'TLP:CLEAR' as const }) {
  async function* all() {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
  }
  const { sha256, size } = await node.store.attachments.put('application/pdf', all())
  const attachments = [{ sha256, size, mediaType: 'application/pdf', name: 'map.pdf' }]
  await node.append({ key: 'with a map', handling, body: { text: 'Flood', attachments } })
  return sha256
}

async function contentOf(node: TestNode, sha256: string): Promise<string> {
  const digest = createHash('sha256')
  const state = await node.store.attachments.get(sha256)
  for await (const chunk of node.store.attachments.read(sha256, 0, state?.size ?? 0)) digest.update(chunk)
  return digest.digest('hex')
}

describe('a file that a record names', () => {
  test('20 MB over a line with 600 ms delay, a stall and cuts comes whole, and nothing that was held comes twice', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await using link = await faultyLink(durres.url, {
      delayMs: 600,
      cutAfterBytes: 2.3 * megabyte,
      cutShare: 0.5,
      stallAfterBytes: megabyte,
      stallMs: 1500,
    })
    await addPeer(durres, tirana)
    await addPeer(tirana, link)
    const sha256 = await attach(durres, randomBytes(20 * megabyte))
    tirana.live()

    await until(async () => (await tirana.store.attachments.get(sha256))?.isComplete === true, 90_000)

    expect(await contentOf(tirana, sha256)).toBe(sha256)
    expect(link.cuts()).toBeGreaterThan(0)
    // Of each cut no more than the parts under way come again: half a megabyte on each of four lines.
    expect(link.bytesBack()).toBeLessThan(20 * megabyte + link.cuts() * megabyte + 2 * megabyte)
  }, 120_000)

  test('goes on after the taker was away, from where it stood', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await using link = await faultyLink(durres.url, { bytesPerSecond: 4 * megabyte })
    await addPeer(durres, tirana)
    await addPeer(tirana, link)
    const sha256 = await attach(durres, randomBytes(8 * megabyte))
    tirana.live()
    await until(
      async () => ((await tirana.store.attachments.get(sha256))?.heldBytes ?? 0) >= megabyte,
      30_000,
    )

    link.set({ isDown: true })
    const held = (await tirana.store.attachments.get(sha256))?.heldBytes ?? 0
    const before = link.bytesBack()
    link.set({})
    await until(async () => (await tirana.store.attachments.get(sha256))?.isComplete === true, 30_000)

    expect(held).toBeLessThan(8 * megabyte)
    expect(link.bytesBack() - before).toBeLessThan(8 * megabyte - held + 4 * megabyte)
    expect(await contentOf(tirana, sha256)).toBe(sha256)
  }, 90_000)

  test('is given only to who may have a record that names it', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await using skopje = await aNode('skopje.example')
    await pair(durres, tirana)
    await pair(durres, skopje)
    const sha256 = await attach(durres, randomBytes(1000), {
      tlp: 'TLP:AMBER',
      audience: ['tirana.example'],
    } as never)
    await skopje.store.attachments.expect({ sha256, size: 1000, mediaType: 'application/pdf' })
    tirana.live()
    skopje.live()

    await until(async () => (await tirana.store.attachments.get(sha256))?.isComplete === true)
    await until(async () =>
      (await skopje.exchange.status()).some(({ lastContactAt }) => lastContactAt !== undefined),
    )

    expect(await skopje.store.attachments.get(sha256)).toMatchObject({ heldBytes: 0, isComplete: false })
    expect((await durres.exchange.peers.get('skopje.example' as NodeId))?.state).toBe('active')
  })
})
