/** The steps of taking, one after the other over the same batches, as `engines/exchange/pull.ts` takes them in turn. */
import { mayHoldOf } from '../engines/exchange/may-hold.ts'
import { createOrigins } from '../engines/exchange/origins.ts'
import { createPeers } from '../engines/exchange/peers.ts'
import { noSuccessions } from '../engines/exchange/succession.ts'
import { unfolded } from '../engines/exchange/transport.ts'
import { type Verdict, verifyItems } from '../engines/exchange/verify.ts'
import { parseBatch } from '../engines/exchange/wire.ts'
import { nodeId, systemClock } from '../engines/record/index.ts'
import { type Figure, figure } from './figures.ts'
import type { PeerNode } from './peer-node.ts'

export async function stepsOfTaking(
  { store, keys, log }: PeerNode,
  giverUrl: string,
  batches: number,
): Promise<readonly Figure[]> {
  const peers = createPeers(store.database)
  const origins = createOrigins(store.database, peers)
  const mayHold = mayHoldOf({ keys, self: { title: { en: 'taker' } } }, systemClock.now())
  const ms = { unfold: 0, parse: 0, verify: 0, store: 0, integrate: 0 }
  const bytes = { folded: 0, plain: 0 }
  let records = 0
  const timed = async <Value>(step: keyof typeof ms, act: () => Value | Promise<Value>): Promise<Value> => {
    const startedAt = performance.now()
    const value = await act()
    ms[step] += performance.now() - startedAt
    return value
  }
  for (let at = 0; at < batches; at++) {
    const answer = await fetch(`${giverUrl}/recorded/${at}`)
    if (answer.status !== 200) break
    const folded = Buffer.from(await answer.arrayBuffer())
    const plain = await timed('unfold', () => unfolded(folded, 'zstd', 2 ** 26))
    const batch = await timed('parse', () => parseBatch(plain))
    const { verdicts } = await timed('verify', () =>
      verifyItems(
        { origins, mayHold, node: keys.node, successions: async () => noSuccessions },
        nodeId('giver.example'),
        batch,
      ),
    )
    const sound = verdicts.filter((one): one is Extract<Verdict, { kind: 'sound' }> => one.kind === 'sound')
    await timed('store', () => store.receive(sound.map(({ arrival }) => arrival)))
    await timed('integrate', () => log.integrate())
    records += sound.length
    bytes.folded += folded.length
    bytes.plain += plain.length
  }
  return [
    figure('a record on the line', bytes.folded / records, 'bytes'),
    figure('a record unfolded', bytes.plain / records, 'bytes'),
    ...Object.entries(ms).map(([step, sum]) =>
      figure(`step ${step}, of one record`, (sum * 1000) / records, 'µs'),
    ),
  ]
}
