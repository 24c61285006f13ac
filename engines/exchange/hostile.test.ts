/** What a peer can do wrong, one thing after another, against a node that takes from it. */
import { describe, expect, test } from 'vitest'
import type { NodeId } from '../record/index.ts'
import { checkpointText, formatNote, originOf, signingKey } from '../tlog/index.ts'
import { addPeer, aNode, heldBy, type TestNode, until } from './exchange.test-support.ts'
import { aLiar, type Change, changed } from './liar.test-support.ts'

/** `tirana` takes from a liar who answers for `durres`, and from an honest `skopje`. */
async function against(
  change: Change,
  act: (nodes: { tirana: TestNode; durres: TestNode }) => Promise<void>,
): Promise<void> {
  await using tirana = await aNode('tirana.example')
  await using durres = await aNode('durres.example')
  await using skopje = await aNode('skopje.example')
  await using liar = await aLiar(durres, change)
  await addPeer(tirana, liar)
  await addPeer(tirana, skopje)
  await addPeer(durres, tirana)
  await addPeer(skopje, tirana)
  await durres.append({ key: 'first' }, { key: 'second' }, { key: 'third' })
  await skopje.append({ key: 'honest' })
  tirana.live()
  await act({ tirana, durres })
  await until(async () => (await heldBy(tirana)).includes('honest@1'))
}

const statusOf = async (node: TestNode, peer = 'durres.example') =>
  (await node.exchange.status()).find(({ node: name }) => name === (peer as NodeId))

const failsWith = (tirana: TestNode, code: string) =>
  until(async () => (await statusOf(tirana))?.lastError?.code === code)

describe('a peer that does wrong is named, and disturbs nobody', () => {
  test('garbage in place of a batch', () =>
    against(
      () => Buffer.from('\u0000 no batch at all'),
      async ({ tirana }) => {
        await failsWith(tirana, 'exchange/not-an-answer')
        expect((await statusOf(tirana))?.errorsInARow).toBeGreaterThan(0)
      },
    ))

  test('a batch of another form', () =>
    against(
      (body) => changed(body, (batch) => delete batch.items),
      ({ tirana }) => failsWith(tirana, 'exchange/not-an-answer'),
    ))

  test('a record that was altered stands in quarantine, and the others are taken', () =>
    against(
      (body) =>
        changed(body, ({ items }) => {
          for (const { parcel } of items)
            for (const field of parcel.disclosed) if (field.value === 'second') field.value = 'forged'
        }),
      async ({ tirana }) => {
        await until(async () => (await statusOf(tirana))?.refused === 1)
        expect(await heldBy(tirana)).toContain('third@1')
        expect(await heldBy(tirana)).not.toContain('second@1')
        expect(await heldBy(tirana)).not.toContain('forged@1')
        const held = await tirana.store.quarantine.list({ from: 'durres.example' })
        expect(held.flatMap(({ issues }) => issues.map(({ rule }) => rule))).toEqual(['exchange/not-in-log'])
        expect(await statusOf(tirana)).toMatchObject({ state: 'active', errorsInARow: 0 })
      },
    ))

  test('a proof of another index proves nothing', () =>
    against(
      (body) =>
        changed(body, ({ items }) => {
          for (const { proof } of items) proof.index += 1
        }),
      async ({ tirana }) => {
        await until(async () => (await tirana.store.quarantine.count()) > 0)
        expect((await heldBy(tirana)).filter((key) => key !== 'honest@1')).toEqual([])
      },
    ))

  test('a checkpoint that another key signed', () => {
    const thief = signingKey(new Uint8Array(32).fill(9))
    return against(
      (body) =>
        changed(body, (batch) => {
          batch.checkpoints = batch.checkpoints.map((note: string) => {
            const [text = ''] = note.split('\n\n')
            const [, , keyed = ''] = (note.split('\n\n')[1] ?? '').split(' ')
            const bytes = Buffer.from(keyed, 'base64')
            const signature = thief.sign(Buffer.from(`${text}\n`))
            return formatNote({
              text: `${text}\n`,
              signatures: [
                {
                  name: originOf('durres.example' as NodeId),
                  keyId: bytes.subarray(0, 4).toString('hex'),
                  signature,
                },
              ],
            })
          })
        }),
      ({ tirana }) => failsWith(tirana, 'exchange/wrong-checkpoint'),
    )
  })

  test('pages that never end and bring nothing', () =>
    against(
      (body) =>
        changed(body, (batch) => {
          batch.isLast = false
          batch.items = []
        }),
      ({ tirana }) => failsWith(tirana, 'exchange/no-progress'),
    ))

  test('the same page again and again', () =>
    against(
      (body) => changed(body, (batch) => Object.assign(batch, { isLast: false })),
      ({ tirana }) => failsWith(tirana, 'exchange/no-progress'),
    ))

  test('an answer that unfolds without end is not read further', () =>
    against(
      () => Buffer.alloc(17 * 1024 * 1024, ' '),
      ({ tirana }) => failsWith(tirana, 'exchange/too-large'),
    ))

  test('an older log than it showed before', () => {
    let first: string | undefined
    return against(
      (body) => {
        first ??= JSON.stringify(JSON.parse(body.toString()).checkpoints)
        const kept = JSON.parse(first)
        return changed(body, (batch) => {
          if (batch.checkpoints.length > 0 && batch.checkpoints[0] !== kept[0])
            Object.assign(batch, { checkpoints: kept, head: { under: 0, consistency: [] }, items: [] })
        })
      },
      async ({ tirana, durres }) => {
        await until(async () => (await heldBy(tirana)).includes('third@1'))
        await durres.append({ key: 'fourth' })
        const before = await tirana.exchange.peers.get('durres.example' as NodeId)
        expect(before?.state).toBe('active')
        // The liar showed the larger log once (it was honest while nothing was appended), then goes back.
        await durres.log.integrate()
        const size = (await durres.log.checkpoint())?.size ?? 0
        const root = (await durres.log.checkpoint())?.root ?? new Uint8Array(32)
        await tirana.store.database`
          update origin_checkpoint set size = ${size}, root = ${Buffer.from(root)} where origin = 'durres.example/log'`
        // A request that was held meanwhile still goes by what was known when it was asked; the next one does not.
        await durres.append({ key: 'fifth' })
        await failsWith(tirana, 'exchange/old-checkpoint')
      },
    )
  })

  test('two histories: the fork is kept as evidence, and nothing more is taken until a person resumes it', () => {
    let isForking = false
    let durresKey: TestNode['keys'] | undefined
    return against(
      (body) =>
        changed(body, (batch) => {
          if (!isForking || !durresKey) return
          const text = checkpointText({
            origin: 'durres.example/log',
            size: 1000,
            root: new Uint8Array(32).fill(5),
          })
          const signature = durresKey.sign(Buffer.from(text))
          batch.checkpoints = [
            formatNote({
              text,
              signatures: [{ name: 'durres.example/log', keyId: durresKey.current().keyId, signature }],
            }),
          ]
          batch.head = { under: 0, consistency: [] }
          batch.items = []
        }),
      async ({ tirana, durres }) => {
        durresKey = durres.keys
        await until(async () => (await heldBy(tirana)).includes('third@1'))
        isForking = true
        await until(async () => (await statusOf(tirana))?.state === 'forked')
        isForking = false
        await durres.append({ key: 'after the fork' })
        const [evidence] = await tirana.store.database`
          select note, forked_note from origin_checkpoint where origin = 'durres.example/log'`
        expect(evidence?.['forked_note']).toContain('\n1000\n')
        expect((await statusOf(tirana))?.stateReason).toMatch(/two histories/)
        expect(await heldBy(tirana)).not.toContain('after the fork@1')

        await tirana.exchange.peers.setState('durres.example' as NodeId, 'active')
        await until(async () => (await heldBy(tirana)).includes('after the fork@1'))
      },
    )
  })

  test('somebody else who answers at its address', async () => {
    await using tirana = await aNode('tirana.example')
    await using durres = await aNode('durres.example')
    await using thief = await aNode('durres.example')
    await addPeer(durres, tirana)
    await addPeer(thief, tirana)
    await addPeer(tirana, durres)
    await tirana.exchange.peers.change('durres.example' as NodeId, { url: thief.url })
    await thief.append({ key: 'stolen name' })
    tirana.live()

    await failsWith(tirana, 'exchange/wrong-signature')
    expect(await heldBy(tirana)).toEqual([])
  })
})
