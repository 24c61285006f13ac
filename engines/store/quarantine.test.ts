/** One sender can fill its own measure, and nothing else. */
import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { actual, plusMs } from '../record/index.ts'
import { aStore, atMainShock } from './store.test-support.ts'

const limits = { items: 3, bytes: 1000 }
const anItem = (text: string, parts: object = {}) => ({
  kind: 'refused' as const,
  from: 'liar.example',
  realm: actual,
  receivedAt: atMainShock,
  mediaType: 'application/json',
  bytes: Buffer.from(text),
  issues: [{ rule: 'exchange/not-in-log', place: '', message: 'It was altered.' }],
  ...parts,
})

describe('a sender whose measure is full', () => {
  test('has the newest counted by rule and not kept, with a digest that whoever has them can repeat', async () => {
    await using opened = await aStore({ quarantine: limits })
    const { quarantine } = opened.store
    for (const text of ['a', 'b', 'c']) expect((await quarantine.hold(anItem(text))).isKept).toBe(true)

    const over = [
      await quarantine.hold(anItem('d')),
      await quarantine.hold(anItem('e', { receivedAt: plusMs(atMainShock, 5000) })),
    ]

    expect(over.map(({ isKept }) => isKept)).toEqual([false, false])
    const digest = over.reduce(
      (before, { id }) => hash('sha256', Buffer.concat([before, Buffer.from(id, 'hex')]), 'buffer'),
      Buffer.alloc(32),
    )
    expect(await quarantine.senders()).toMatchObject([
      {
        from: 'liar.example',
        held: 3,
        dropped: [
          {
            kind: 'refused',
            rule: 'exchange/not-in-log',
            times: 2,
            firstAt: atMainShock,
            lastAt: plusMs(atMainShock, 5000),
            newest: over.map(({ id }) => id).reverse(),
            digest: digest.toString('hex'),
          },
        ],
      },
    ])
    expect((await quarantine.list()).map(({ bytes }) => String.fromCharCode(...bytes))).toEqual([
      'c',
      'b',
      'a',
    ])
  })

  test('is so by bytes too, a single large thing included, and what is kept already counts on', async () => {
    await using opened = await aStore({ quarantine: limits })
    const { quarantine } = opened.store

    const large = await quarantine.hold(anItem('x'.repeat(1000)))
    const first = await quarantine.hold(anItem('y'.repeat(600)))
    const second = await quarantine.hold(anItem('z'.repeat(600)))
    const again = await quarantine.hold(anItem('y'.repeat(600)))

    expect([large, first, second, again].map(({ isKept }) => isKept)).toEqual([false, true, false, true])
    expect(await quarantine.get(first.id)).toMatchObject({ times: 2 })
  })

  test('leaves every other sender its own', async () => {
    await using opened = await aStore({ quarantine: limits })
    const { quarantine } = opened.store
    for (const text of ['a', 'b', 'c', 'd']) await quarantine.hold(anItem(text))

    expect((await quarantine.hold(anItem('a', { from: 'usgs-earthquakes' }))).isKept).toBe(true)
  })

  test('has room again once its items are discarded, which come to nothing when they come again', async () => {
    await using opened = await aStore({ quarantine: limits })
    const { quarantine } = opened.store
    for (const text of ['a', 'b', 'c', 'd']) await quarantine.hold(anItem(text))
    await quarantine.hold(anItem('a', { from: 'emsc' }))

    expect(await quarantine.discardFrom('liar.example', { kind: 'equivocation' })).toBe(0)
    expect(await quarantine.discardFrom('liar.example', { upTo: plusMs(atMainShock, -1) })).toBe(0)
    expect(await quarantine.discardFrom('liar.example')).toBe(3)

    expect(await quarantine.count()).toBe(1)
    expect((await quarantine.hold(anItem('a'))).isKept).toBe(true)
    expect(await quarantine.count()).toBe(1)
    expect((await quarantine.hold(anItem('d'))).isKept).toBe(true)
    expect(await quarantine.count()).toBe(2)
    expect(await quarantine.list({ state: 'discarded' })).toMatchObject(
      ['c', 'b', 'a'].map(() => ({ bytes: new Uint8Array(), issues: [{ rule: 'exchange/not-in-log' }] })),
    )
  })

  test('cannot fill the tally either: very many rules end in one row', async () => {
    await using opened = await aStore({ quarantine: { items: 0, bytes: 0 } })
    const { quarantine } = opened.store
    for (let at = 0; at < 60; at++)
      await quarantine.hold(anItem('a', { issues: [{ rule: `usgs/rule-${at}`, place: '', message: '' }] }))

    const [sender] = await quarantine.senders()

    expect(sender?.dropped).toHaveLength(51)
    expect(sender?.dropped[0]).toMatchObject({ rule: 'other', times: 10 })
  })
})
