/** What an origin may still say about its records after it handed them over: recall, consent, embargo; and who may not. */
import { describe, expect, test } from 'vitest'
import type { MosaicRecord, NodeId } from '../../engines/record/index.ts'
import { plusMs } from '../../engines/record/index.ts'
import { aRegion, noon, type Region, type RegionNode } from './region.test-support.ts'

const besa = { kind: 'person', name: 'Besa Hoxha', role: 'liaison' } as const
const minuteMs = 60_000
const reports = { gives: [{ types: ['region.*'], upTo: 'TLP:AMBER' }] } as const

type Row = { readonly durres: RegionNode; readonly tirana: RegionNode; readonly skopje: RegionNode }

/** Durrës and Skopje know each other through Tirana alone; only reports are shared by rule. */
async function inARow(act: (nodes: Row, region: Region) => Promise<void>): Promise<void> {
  await using region = await aRegion(['durres.example', 'tirana.example', 'skopje.example'])
  const [durres, tirana, skopje] = region.nodes as [RegionNode, RegionNode, RegionNode]
  await region.join(durres, tirana, reports)
  await region.join(tirana, skopje, reports)
  for (const node of region.nodes) node.live()
  await act({ durres, tirana, skopje }, region)
}

async function derive(at: RegionNode, of: MosaicRecord): Promise<MosaicRecord> {
  const links = [{ type: 'derivedFrom' as const, id: of.id, version: of.version }]
  return at.write({ key: `summary of ${of.key}`, type: 'region.summary', links })
}

describe('a recall', () => {
  test('is obeyed by a node that was away when it returns, and the receipt comes back through the relay', () =>
    inARow(async ({ durres, tirana, skopje }, region) => {
      const report = await durres.write({ key: 'bridge closed' })
      await region.until('the relay has it', () => tirana.holds(report.id))
      const summary = await derive(tirana, report)
      await region.until('the last has both', async () => (await skopje.held()).length === 2)
      await skopje.away()

      const outcome = await durres
        .trust()
        .recalls.withdraw({ target: report.id, by: besa, reason: 'A false report.' })
      const recall = outcome.kind === 'recalled' ? outcome.recall.id : report.id
      const state = () => durres.trust().recalls.state(recall)
      await region.until('the relay has confirmed', async () => {
        const { holders = [] } = (await state()) ?? {}
        return holders.some(({ node, confirmed }) => node === tirana.name && confirmed !== undefined)
      })
      const meanwhile = await state()
      await skopje.back()
      await region.until('all have confirmed', async () => (await state())?.isComplete === true)

      expect(meanwhile?.waitingFor).toEqual(['skopje.example'])
      for (const node of [durres, tirana, skopje])
        expect([await node.holds(report.id), await node.holds(summary.id)]).toEqual([false, false])
      expect((await state())?.holders.map(({ node, through }) => [node, through])).toEqual([
        ['skopje.example', 'tirana.example'],
        ['tirana.example', undefined],
      ])
      for (const node of [durres, tirana, skopje]) expect(await node.quarantined()).toEqual([])
    }))

  test('cannot be missed unseen: of whom nothing was heard is marked not confirmed, and nobody else', () =>
    inARow(async ({ durres, tirana, skopje }, region) => {
      await skopje.write({ key: 'from afar' })
      await tirana.write({ key: 'from near' })
      await region.until('both came', async () => (await durres.held()).length === 2)
      const { freshnessOf } = durres.trust()
      await region.until(
        'the farther was heard of',
        async () => (await freshnessOf(skopje.name)).kind === 'confirmed',
      )
      await skopje.away()
      region.pass(3 * minuteMs)
      await tirana.write({ key: 'a sign of life' })
      await region.until('a sign of life came', async () =>
        (await durres.held()).includes('a sign of life@1'),
      )

      expect(await freshnessOf(skopje.name)).toEqual({ kind: 'not-confirmed', since: noon })
      expect(await freshnessOf(tirana.name)).toEqual({ kind: 'confirmed', at: plusMs(noon, 3 * minuteMs) })
      expect(await freshnessOf(durres.name)).toEqual({ kind: 'own' })
    }))
})

describe('a relay', () => {
  test('cannot alter what it passes on: the altered record is refused, and its origin stands above doubt', async () => {
    await using region = await aRegion(['durres.example', 'tirana.example', 'skopje.example'])
    const [durres, tirana, skopje] = region.nodes as [RegionNode, RegionNode, RegionNode]
    await region.join(durres, tirana)
    const altered = await durres.write({ key: 'bridge closed', body: { text: 'Closed.' } })
    const sound = await durres.write({ key: 'shelter full' })
    for (const node of [durres, tirana]) node.live()
    await region.until('the relay has both', async () => (await tirana.held()).length === 2)
    await tirana.store().database`
      update record set record = jsonb_set(record::jsonb, '{body,text}', '"Open."')::json where id = ${altered.id}`

    await region.join(tirana, skopje)
    skopje.live()
    await region.until('the sound one came', () => skopje.holds(sound.id))
    await region.until('the other is held', async () => (await skopje.quarantined()).length > 0)

    expect(await skopje.holds(altered.id)).toBe(false)
    expect(await skopje.quarantined()).toEqual(['tirana.example: exchange/not-in-log /proof'])
  })

  test('passes on what its originator controls only with his consent, also with one that was given before', () =>
    inARow(async ({ durres, skopje }, region) => {
      const handling = { tlp: 'TLP:GREEN', originatorControl: true } as const
      const kept = await durres.write({ key: 'controlled', type: 'region.secret', handling })
      const open = await durres.write({ key: 'open' })
      await region.until('the open one is there', () => skopje.holds(open.id))
      const { consent } = durres.trust().recalls
      await consent({ to: ['skopje.example' as NodeId], types: ['region.forecast'], by: besa })

      const released = await durres.write({ key: 'let go', type: 'region.forecast', handling })

      await region.until('what is consented to is there', () => skopje.holds(released.id))
      expect(await skopje.holds(kept.id)).toBe(false)
    }))
})

describe('an embargo', () => {
  test('holds although the clock of its origin, or of a relay, is wrong by a day', () =>
    inARow(async ({ durres, tirana, skopje }, region) => {
      await durres.write({ key: 'first' })
      await region.until('all heard each other', async () => (await skopje.held()).length === 1)
      const embargoUntil = plusMs(noon, 60 * minuteMs)
      durres.clock.set(plusMs(noon, 24 * 60 * minuteMs))
      const secret = await durres.write({
        key: 'under embargo',
        handling: { tlp: 'TLP:GREEN', embargoUntil },
      })
      await durres.write({ key: 'open' })
      await region.until('what is open came', async () => (await skopje.held()).includes('open@1'))
      const early = [await tirana.holds(secret.id), await skopje.holds(secret.id)]
      const judgedBy = (await durres.trust().exchange.agreedTime()).at
      for (const node of region.nodes) node.clock.set(plusMs(embargoUntil, minuteMs))
      for (const node of region.nodes) await node.write({ key: `the hour has come in ${node.name}` })
      await region.until('it is everywhere', () => skopje.holds(secret.id))

      expect(early).toEqual([false, false])
      expect(judgedBy).toBe(noon)
    }))
})
