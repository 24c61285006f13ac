/** Whose word on a stranger's keys counts, when several peers may introduce. */
import { expect, test } from 'vitest'
import { nodeId } from '../record/index.ts'
import { addPeer, aNode, noon } from './exchange.test-support.ts'
import { createOrigins } from './origins.ts'

const stranger = nodeId('bitola.example')
const keyOf = (keyId: string) => ({ keyId, key: `${'A'.repeat(42)}I=`, validFrom: noon })

test('who introduced an origin first goes on introducing it; another cannot put a key of its own beside', async () => {
  await using tirana = await aNode('tirana.example')
  await using durres = await aNode('durres.example')
  await using skopje = await aNode('skopje.example')
  await addPeer(tirana, durres, { introduces: true })
  await addPeer(tirana, skopje, { introduces: true })
  const origins = createOrigins(tirana.store.database, tirana.exchange.peers)
  const known = async () => (await origins.keys(stranger)).map(({ keyId }) => keyId).sort()

  await origins.introduce(stranger, [keyOf('0000000a')], durres.name, noon)
  await origins.introduce(stranger, [keyOf('0000000b')], skopje.name, noon)
  expect(await known()).toEqual(['0000000a'])

  await origins.introduce(stranger, [keyOf('0000000c')], durres.name, noon)
  expect(await known()).toEqual(['0000000a', '0000000c'])

  await tirana.exchange.peers.change(durres.name, { introduces: false })
  await origins.introduce(stranger, [keyOf('0000000d')], skopje.name, noon)
  expect(await known()).toEqual(['0000000a', '0000000c', '0000000d'])
})
