import { describe, expect, test } from 'vitest'
import { type NodeId, nodeId, plusMs } from '../../record/index.ts'
import {
  besa,
  derive,
  hand,
  type Neighbour,
  owedTo,
  pass,
  passTime,
  regionOfEachTest,
  write,
} from './recall.test-support.ts'

const region = regionOfEachTest()

const skopje = nodeId('skopje.example')
const controlled = { handling: { tlp: 'TLP:GREEN', originatorControl: true } } as const
const toSkopje = { to: [skopje as string], by: besa }
const consentsAt = async ({ recalls }: Neighbour, peer: NodeId) => (await recalls.consentsFor(peer)).consents

describe('a consent', () => {
  test('reaches the relay that was given the record, and holds there for whom it names', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1', controlled)
    await pass(durres, tirana)

    await durres.recalls.consent({ ...toSkopje, ids: [report.id] })
    await pass(durres, tirana)

    expect(await consentsAt(tirana, skopje)).toEqual([{ origin: 'durres.example', ids: [report.id] }])
    expect(await consentsAt(tirana, nodeId('nis.example'))).toEqual([])
  })

  test('by type reaches whoever was given anything of that type', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    await write(durres, 'r1', controlled)
    await pass(durres, tirana)

    await durres.recalls.consent({ ...toSkopje, types: ['hazards.*'] })
    await pass(durres, tirana)

    expect(await consentsAt(tirana, skopje)).toEqual([{ origin: 'durres.example', types: ['hazards.*'] }])
  })

  test('ends at its instant, and when it is withdrawn', async () => {
    const [durres] = await region('durres')
    const report = await write(durres, 'r1', controlled)
    const until = plusMs(durres.opened.clock.now(), 3_600_000)
    await durres.recalls.consent({ ...toSkopje, types: ['hazards.*'], until })
    const given = await durres.recalls.consent({ ...toSkopje, ids: [report.id] })

    expect(await consentsAt(durres, skopje)).toHaveLength(2)
    passTime(durres, 3_600_000)
    expect(await consentsAt(durres, skopje)).toHaveLength(1)
    if (given.kind === 'consented')
      await durres.recalls.withdraw({ target: given.consent.id, by: besa, reason: 'changed our mind' })
    expect(await consentsAt(durres, skopje)).toEqual([])
  })

  test('to what another node owns, or to nothing, is refused', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1', controlled)
    await pass(durres, tirana)

    expect(await tirana.recalls.consent({ ...toSkopje, ids: [report.id] })).toEqual({
      kind: 'refused',
      reason: { code: 'exchange/consent-not-ours', ids: [report.id] },
    })
    expect(await tirana.recalls.consent(toSkopje)).toMatchObject({
      kind: 'refused',
      reason: { code: 'exchange/consent-to-nothing' },
    })
  })

  test('of every origin concerned lets a relay pass on what it derived itself', async () => {
    const [durres, nis, tirana] = await region('durres', 'nis', 'tirana')
    const [ours, theirs] = [await write(durres, 'a', controlled), await write(nis, 'b', controlled)]
    await pass(durres, tirana)
    await hand(nis, tirana, await owedTo(nis, tirana))
    const both = await write(tirana, 'both', {
      type: 'hazards.event',
      links: [ours, theirs].map(({ id, version }) => ({ type: 'derivedFrom' as const, id, version })),
    })
    const one = await derive(tirana, ours, 'one')

    await durres.recalls.consent({ ...toSkopje, ids: [ours.id] })
    await pass(durres, tirana)

    const { released } = await tirana.recalls.consentsFor(skopje)
    expect(released).toContain(one.id)
    expect(released).not.toContain(both.id)
  })
})
