/** Two nodes over a line that is cut, stalls, and plays back what went over it. */
import { describe, expect, test } from 'vitest'
import { faultyLink } from '../../test/support/faulty-link.ts'
import { addPeer, aNode, heldBy, until } from './exchange.test-support.ts'

describe('over a bad line', () => {
  test('a request that somebody sends again is refused', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await using link = await faultyLink(durres.url)
    await addPeer(durres, tirana)
    await addPeer(tirana, link)
    tirana.live()
    await until(() => link.recorded().some((bytes) => bytes.includes('/exchange/v1/records')))
    await until(async () => (await tirana.exchange.status())[0]?.isCaughtUp === true)

    const request = link.recorded().find((bytes) => bytes.includes('/exchange/v1/records'))
    const answer = await link.replay(request ?? Buffer.alloc(0))

    expect(answer.toString()).toMatch(/^HTTP\/1\.1 401 /)
    expect(answer.toString()).toContain('exchange/replayed')
  })

  test('whatever is cut, the taker ends with every record once, in the order of its origin', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await using link = await faultyLink(durres.url, { cutAfterBytes: 30_000, cutShare: 0.4, delayMs: 5 }, 7)
    await addPeer(durres, tirana)
    await addPeer(tirana, link)
    tirana.live()
    const keys = Array.from({ length: 150 }, (_, n) => `record ${n}`)
    for (let at = 0; at < keys.length; at += 30) {
      await durres.append(...keys.slice(at, at + 30).map((key) => ({ key, body: { text: key.repeat(20) } })))
      if (at === 60) link.set({ isDown: true })
      if (at === 90) link.set({ cutAfterBytes: 30_000, cutShare: 0.4 })
    }
    await until(async () => (await heldBy(tirana)).length >= keys.length, 90_000) // it waits longer after each cut in a row

    expect(await heldBy(tirana)).toEqual(keys.map((key) => `${key}@1`))
    expect(await tirana.store.quarantine.count()).toBe(0)
  }, 120_000)

  test('a node that was away takes up where it stood: warnings still in force, and what is over as over', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await using link = await faultyLink(durres.url)
    await addPeer(durres, tirana)
    await addPeer(tirana, link)
    tirana.live()
    await until(async () => (await tirana.exchange.status())[0]?.isCaughtUp === true)

    link.set({ isDown: true })
    await durres.append({ key: 'while it was away', valid: { from: durres.clock.now() } })
    await until(async () => (await tirana.exchange.status())[0]?.lastError?.code === 'exchange/unreachable')
    link.set({})
    await until(async () => (await heldBy(tirana)).includes('while it was away@1'))

    await until(async () => (await tirana.exchange.status())[0]?.lastError === undefined)
  })
})
