import { describe, expect, test } from 'vitest'
import { addPeer, aNode, heldBy, pair, until } from './exchange.test-support.ts'

describe('two nodes that compared fingerprints', () => {
  test('what one writes, the other holds a moment later, proven by the log of its origin', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await pair(durres, tirana)
    await durres.append({ key: 'before' })
    tirana.live()
    durres.live()

    await until(async () => (await heldBy(tirana)).includes('before@1'))
    await durres.append({ key: 'after' })
    await until(async () => (await heldBy(tirana)).includes('after@1'))

    await until(async () => (await tirana.exchange.status())[0]?.isCaughtUp === true)
    const [held] = await tirana.store.read({ types: ['warn.warning'] })
    const [source] = held ? await tirana.store.provenance([held.record]) : []
    expect(held?.record.origin).toBe('durres.example')
    expect(source?.proof?.checkpoint).toContain('durres.example/log')
    expect(source?.via).toBe('durres.example')
    const [status] = await tirana.exchange.status()
    expect(status).toMatchObject({
      node: 'durres.example',
      state: 'active',
      errorsInARow: 0,
      isCaughtUp: true,
      refused: 0,
    })
    expect(await tirana.store.quarantine.count()).toBe(0)
  })

  test('what is more restricted than its rules allow stays at home', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await addPeer(tirana, durres)
    await addPeer(durres, tirana, { gives: [{ types: ['warn.*'], upTo: 'TLP:GREEN' }] })
    await durres.append(
      { key: 'shared' },
      { key: 'amber', handling: { tlp: 'TLP:AMBER', audience: ['tirana.example'] } },
      { key: 'other type', type: 'hazards.event' },
      { key: 'for another', handling: { tlp: 'TLP:GREEN', audience: ['skopje.example'] } },
      { key: 'for it', handling: { tlp: 'TLP:GREEN', audience: ['tirana.example'] } },
    )
    tirana.live()

    await until(async () => (await tirana.exchange.status())[0]?.isCaughtUp === true)

    expect(await heldBy(tirana)).toEqual(['shared@1', 'for it@1'])
  })
})
