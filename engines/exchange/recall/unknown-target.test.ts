/** A recall of a record that is not here: whose it is nobody here can say, so nothing that is here changes by it. */
import { expect, test } from 'vitest'
import type { RecordId } from '../../record/index.ts'
import {
  besa,
  contentOf,
  derive,
  hand,
  type Neighbour,
  owedTo,
  pass,
  regionOfEachTest,
  write,
} from './recall.test-support.ts'
import { exchangeRecall } from './records.ts'

const region = regionOfEachTest()

const recalls = (target: RecordId) => ({
  type: exchangeRecall.type,
  links: [{ type: 'recalls' as const, id: target }],
  body: { target, action: 'withdraw', reason: 'not ours to take back' },
})
const told = async (from: Neighbour, to: Neighbour) => {
  await hand(from, to, await from.store.read({ types: [exchangeRecall.type], order: 'index' }))
  await to.recalls.catchUp()
}

test('takes nothing that another origin derived from it, whichever of the two comes first', async () => {
  const [durres, tirana, skopje] = await region('durres', 'tirana', 'skopje')
  const [nis] = await region('nis')
  const source = await write(durres, 'source')
  await pass(durres, tirana)
  const event = await derive(tirana, source)
  const eventOnly = (await owedTo(tirana, skopje)).filter(({ record }) => record.id === event.id)
  await write(nis, 'forged', recalls(source.id))

  await hand(tirana, skopje, eventOnly)
  await told(nis, skopje)
  expect(await contentOf(skopje, event.id)).toHaveLength(1)

  const [bitola] = await region('bitola')
  await told(nis, bitola)
  await hand(tirana, bitola, eventOnly)
  await bitola.recalls.catchUp()
  expect(await contentOf(bitola, event.id)).toHaveLength(1)
})

test('is obeyed with all that was derived from it once the record comes and shows that it is the origin’s', async () => {
  const [durres, tirana, skopje] = await region('durres', 'tirana', 'skopje')
  const source = await write(durres, 'source')
  const records = await durres.store.read({ ids: [source.id] })
  await pass(durres, tirana)
  const event = await derive(tirana, source)
  await hand(
    tirana,
    skopje,
    (await owedTo(tirana, skopje)).filter(({ record }) => record.id === event.id),
  )
  const [late] = await region('nis')
  await hand(durres, late, records)
  await durres.recalls.withdraw({ target: source.id, by: besa, reason: 'withdrawn' })
  await told(durres, skopje)
  expect(await contentOf(skopje, event.id)).toHaveLength(1)

  await hand(late, skopje, await late.store.read({ ids: [source.id] }))
  await skopje.recalls.catchUp()
  expect(await contentOf(skopje, source.id)).toEqual([])
  expect(await contentOf(skopje, event.id)).toEqual([])
})
