import { describe, expect, test } from 'vitest'
import { actual, type MosaicRecord } from '../../record/index.ts'
import type { Recalled } from './contract.ts'
import { openRecalls } from './open.ts'
import {
  besa,
  contentOf,
  derive,
  hand,
  type Neighbour,
  owedTo,
  pass,
  passTime,
  receiptsAt,
  regionOfEachTest,
  write,
} from './recall.test-support.ts'
import { exchangeRecall } from './records.ts'

const region = regionOfEachTest()

const withdraw = async (at: Neighbour, record: MosaicRecord) =>
  recallOf(await at.recalls.withdraw({ target: record.id, by: besa, reason: 'It names a person.' }))

function recallOf(outcome: Recalled): MosaicRecord {
  if (outcome.kind !== 'recalled') throw new Error(JSON.stringify(outcome))
  return outcome.recall
}

describe('a withdrawn record', () => {
  test('goes from its origin at once, and from every holder that gets the recall, with what was derived from it', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1')
    await pass(durres, tirana)
    const event = await derive(tirana, report)

    await withdraw(durres, report)
    expect(await contentOf(durres, report.id)).toEqual([])
    expect(await contentOf(tirana, report.id)).toHaveLength(1)
    await pass(durres, tirana)

    expect(await contentOf(tirana, report.id)).toEqual([])
    expect(await contentOf(tirana, event.id)).toEqual([])
  })

  test('is answered by its holders, through the relay that passed it on, and the origin sees who is still silent', async () => {
    const [durres, tirana, skopje] = await region('durres', 'tirana', 'skopje')
    const report = await write(durres, 'r1')
    await pass(durres, tirana)
    await pass(tirana, skopje)

    const recall = await withdraw(durres, report)
    await pass(durres, tirana)
    await pass(tirana, durres)
    const between = await durres.recalls.state(recall.id)
    await pass(tirana, skopje)
    await pass(skopje, tirana)
    await pass(tirana, durres)

    expect(between).toMatchObject({
      target: report.id,
      action: 'withdraw',
      waitingFor: ['skopje.example'],
      isComplete: false,
      holders: [
        { node: 'skopje.example', through: 'tirana.example' },
        { node: 'tirana.example', confirmed: { done: 'removed' } },
      ],
    })
    expect(await contentOf(skopje, report.id)).toEqual([])
    expect(await durres.recalls.state(recall.id)).toMatchObject({ waitingFor: [], isComplete: true })
    expect(await receiptsAt(durres, recall.id)).toEqual([
      ['skopje.example', 'removed'],
      ['tirana.example', 'removed'],
    ])
  })

  test('reaches a node that was away when it returns', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1')
    await pass(durres, tirana)

    const recall = await withdraw(durres, report)
    for (let day = 0; day < 3; day += 1) await write(durres, `later ${day}`)
    const before = await durres.recalls.state(recall.id)
    passTime(tirana, 86_400_000)
    await pass(durres, tirana)
    await pass(tirana, durres)

    expect(before?.waitingFor).toEqual(['tirana.example'])
    expect(await contentOf(tirana, report.id)).toEqual([])
    expect((await durres.recalls.state(recall.id))?.isComplete).toBe(true)
  })

  test('is not taken when it comes after its recall, in any version', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1')
    const second = await write(durres, 'r1', { body: { magnitude: 6.5 } })
    const late = await owedTo(durres, tirana)
    await hand(durres, tirana, late.slice(0, 0))
    const proven = await durres.store.provenance([report, second])
    await durres.recalls.noteSent(tirana.node, [report, second])
    await withdraw(durres, report)
    await pass(durres, tirana)
    const proof = { index: 0, treeSize: 1, hashes: [], checkpoint: 'durres.example/log' }
    await tirana.store.receive(
      proven.flatMap((one) => (one ? [{ parcel: one.parcel, via: durres.node, proof }] : [])),
    )
    await tirana.recalls.catchUp()

    expect(await contentOf(tirana, report.id)).toEqual([])
    expect(await receiptsAt(tirana, (await durres.recalls.ordered())[0]?.id ?? report.id)).toEqual([
      ['tirana.example', 'removed'],
    ])
  })

  test('takes with it what a holder derived and handed on, although those who got that never saw the record', async () => {
    const [durres, tirana, skopje] = await region('durres', 'tirana', 'skopje')
    const report = await write(durres, 'r1')
    await pass(durres, tirana)
    const event = await derive(tirana, report)
    await hand(
      tirana,
      skopje,
      (await owedTo(tirana, skopje)).filter(({ record }) => record.id === event.id),
    )
    const assessment = await derive(skopje, event, 'assessed')

    await withdraw(durres, report)
    await pass(durres, tirana)
    await pass(tirana, skopje)

    expect(await contentOf(skopje, event.id)).toEqual([])
    expect(await contentOf(skopje, assessment.id)).toEqual([])
    const [follows] = await tirana.recalls.ordered()
    expect(follows).toMatchObject({ target: event.id, action: 'withdraw' })
  })

  test('takes along what else the node keeps of it, which is named before its content goes', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1')
    await pass(durres, tirana)
    await derive(tirana, report, 'event')
    const named: string[] = []
    const thorough = openRecalls({
      ...{ store: tirana.store, node: tirana.node, clock: tirana.opened.clock },
      dropLeftBehind: async (held) => named.push(...held.map(({ record }) => record.key)),
    })
    await withdraw(durres, report)
    await hand(durres, tirana, await owedTo(durres, tirana))

    await thorough.catchUp()

    expect(named.sort()).toEqual(['event', 'r1'])
  })

  test('never leaves again, not even in an answer that was being made', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1')
    await withdraw(durres, report)

    await expect(durres.recalls.noteSent(tirana.node, [report])).rejects.toMatchObject({
      code: 'exchange/withdrawn-meanwhile',
    })
    expect(await durres.recalls.followUpsFor(tirana.node)).toEqual([])
  })
})

describe('a relabelled record', () => {
  const toAmber = { tlp: 'TLP:AMBER', audience: ['durres.example', 'tirana.example'] } as const

  test('is tightened at every holder, with what was derived from it, and answered', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1')
    await pass(durres, tirana)
    const event = await derive(tirana, report)

    const recall = recallOf(
      await durres.recalls.relabel({
        target: report.id,
        by: besa,
        reason: 'An inquiry began.',
        handling: toAmber,
      }),
    )
    await pass(durres, tirana)
    await pass(tirana, durres)

    for (const id of [report.id, event.id]) expect((await tirana.store.get(id))?.effective).toEqual(toAmber)
    expect((await durres.store.get(report.id))?.effective).toEqual(toAmber)
    expect(await receiptsAt(durres, recall.id)).toEqual([['tirana.example', 'relabelled']])
  })

  test('is tightened in versions that come later, too', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1')
    await pass(durres, tirana)
    await durres.recalls.relabel({ target: report.id, by: besa, reason: 'x', handling: toAmber })
    await pass(durres, tirana)

    await write(durres, 'r1', { body: { magnitude: 6.5 } })
    await durres.recalls.catchUp()
    await pass(durres, tirana)

    expect((await tirana.store.get(report.id))?.record.version).toBe(2)
    expect((await tirana.store.get(report.id))?.effective).toEqual(toAmber)
    expect((await durres.store.get(report.id))?.effective).toEqual(toAmber)
  })

  test('reaches with its new label who is given it only afterwards', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1')
    await durres.recalls.relabel({ target: report.id, by: besa, reason: 'x', handling: toAmber })
    expect(await durres.recalls.followUpsFor(tirana.node)).toEqual([])

    await pass(durres, tirana)
    const late = (await durres.recalls.consentsFor(tirana.node)).released
    await pass(durres, tirana)

    expect(late).toEqual(await durres.recalls.followUpsFor(tirana.node))
    expect((await tirana.store.get(report.id))?.effective).toEqual(toAmber)
  })

  test('never lets anybody in: an audience joined to what the bare label keeps at home', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const bare = await write(durres, 'bare', { handling: { tlp: 'TLP:AMBER' } })
    const report = await write(durres, 'r1')
    await pass(durres, tirana)
    const event = await derive(tirana, report, 'with what is ours alone', { tlp: 'TLP:AMBER' })
    const forMallory = { tlp: 'TLP:AMBER', audience: ['org-mallory', 'tirana.example'] } as const

    const atHome = await durres.recalls.relabel({
      target: bare.id,
      by: besa,
      reason: 'x',
      handling: forMallory,
    })
    await durres.recalls.relabel({ target: report.id, by: besa, reason: 'x', handling: forMallory })
    await pass(durres, tirana)

    expect(atHome).toEqual({
      kind: 'refused',
      reason: { code: 'exchange/relabel-admits', names: ['org-mallory', 'tirana.example'] },
    })
    expect((await tirana.store.get(event.id))?.effective?.audience).toEqual(['tirana.example'])
  })

  test('only ever gets stricter: a looser or equal handling is refused with its reason', async () => {
    const [durres] = await region('durres')
    const report = await write(durres, 'r1')
    const order = { target: report.id, by: besa, reason: 'x' }

    const looser = await durres.recalls.relabel({ ...order, handling: { tlp: 'TLP:CLEAR' } })
    const equal = await durres.recalls.relabel({ ...order, handling: { tlp: 'TLP:GREEN' } })

    expect(looser).toMatchObject({ kind: 'refused', reason: { code: 'exchange/relabel-not-stricter' } })
    expect(equal).toMatchObject({ kind: 'refused', reason: { code: 'exchange/relabel-not-stricter' } })
  })
})

describe('a recall', () => {
  test('of what another node owns is refused at home', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1')
    await pass(durres, tirana)

    const outcome = await tirana.recalls.withdraw({ target: report.id, by: besa, reason: 'x' })

    expect(outcome).toEqual({
      kind: 'refused',
      reason: { code: 'exchange/recall-not-ours', origin: 'durres.example' },
    })
    expect(await contentOf(tirana, report.id)).toHaveLength(1)
  })

  test('by another than the origin is held in quarantine and changes nothing, also when its target comes later', async () => {
    const [durres, tirana, mallory] = await region('durres', 'tirana', 'mallory')
    const early = await write(durres, 'early')
    const later = await write(durres, 'later')
    await hand(durres, tirana, (await owedTo(durres, tirana)).slice(0, 1))
    for (const { id } of [early, later]) await forge(mallory, id)
    await hand(mallory, tirana, await mallory.store.read({}))
    await tirana.recalls.catchUp()

    await pass(durres, tirana)

    expect(await contentOf(tirana, early.id)).toHaveLength(1)
    expect(await contentOf(tirana, later.id)).toHaveLength(1)
    const held = await tirana.store.quarantine.list({ from: mallory.node })
    expect(held.flatMap(({ issues }) => issues.map(({ rule }) => rule))).toEqual([
      'exchange/recall-not-by-origin',
      'exchange/recall-not-by-origin',
    ])
    expect(await tirana.recalls.followUpsFor(durres.node)).not.toContain(early.id)
  })

  test('by another is not passed on to those who hold the record', async () => {
    const [durres, tirana, mallory] = await region('durres', 'tirana', 'mallory')
    const report = await write(durres, 'r1')
    await pass(durres, tirana)
    await forge(mallory, report.id)
    await hand(mallory, durres, await mallory.store.read({}))
    await durres.recalls.catchUp()

    expect(await durres.recalls.followUpsFor(tirana.node)).toEqual([])
  })

  test('is ordered once, however often it is asked for; and neither recalls nor receipts can be recalled', async () => {
    const [durres] = await region('durres')
    const report = await write(durres, 'r1')
    const recall = await withdraw(durres, report)

    const again = await durres.recalls.withdraw({ target: report.id, by: besa, reason: 'again' })
    const ofRecall = await durres.recalls.withdraw({ target: recall.id, by: besa, reason: 'undo' })

    expect(again).toMatchObject({ kind: 'unchanged', recall: { id: recall.id, version: 1 } })
    expect(ofRecall).toMatchObject({ kind: 'refused', reason: { code: 'exchange/not-recallable' } })
  })

  test('obeyed again after a crash leaves one receipt and the same state', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1')
    await pass(durres, tirana)
    const recall = await withdraw(durres, report)
    await pass(durres, tirana)
    const head = await tirana.store.head()

    passTime(tirana, 60_000)
    await tirana.store.checkpoints.set('exchange-recall', -1)
    await tirana.recalls.catchUp()

    expect(await tirana.store.head()).toBe(head)
    expect(await receiptsAt(tirana, recall.id)).toEqual([['tirana.example', 'removed']])
  })

  test('by who took over from a lost origin is obeyed, and told to those who hold the record', async () => {
    const [durres, tirana] = await region('durres', 'tirana')
    const report = await write(durres, 'r1')
    await pass(durres, tirana)
    const speaksFor = async (node: string, origin: string) =>
      node === 'tirana.example' && origin === 'durres.example'
    const heir = openRecalls({
      store: tirana.store,
      node: tirana.node,
      clock: tirana.opened.clock,
      speaksFor,
    })

    const outcome = await heir.withdraw({ target: report.id, by: besa, reason: 'x' })

    expect(outcome.kind).toBe('recalled')
    expect(await contentOf(tirana, report.id)).toEqual([])
  })
})

/** A recall as a node without manners would write it. */
async function forge(at: Neighbour, target: MosaicRecord['id']): Promise<void> {
  const [outcome] = await at.store.append([
    {
      type: exchangeRecall.type,
      key: `${target}:withdraw`,
      realm: actual,
      producer: besa,
      valid: { from: at.opened.clock.now() },
      links: [{ type: 'recalls', id: target }],
      body: { target, action: 'withdraw', reason: 'not mine' },
    },
  ])
  if (outcome?.kind !== 'appended') throw new Error('the forgery was not written')
}
