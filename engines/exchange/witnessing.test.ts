import { describe, expect, test } from 'vitest'
import { openWitness, parseNote } from '../tlog/index.ts'
import { addPeer, aNode, serve, type TestNode, until } from './exchange.test-support.ts'
import { nodeOfLog } from './origins.ts'

/** The node's exchange, and beside it the witness that a node's web face offers. */
async function withWitness(node: TestNode, keysFrom: TestNode) {
  const { store, clock, keys } = node
  const keysOf = async (origin: string) =>
    nodeOfLog(origin) === keysFrom.name ? keysFrom.keys.all() : undefined
  const witness = openWitness({ database: store.database, clock, keys, keysOf })
  return serve(async (request) => {
    if (request.url !== '/log/add-checkpoint') return node.exchange.handlers(request)
    const { status, type, body } = await witness.addCheckpoint(request.body)
    return { status, headers: { 'content-type': type }, body: Buffer.from(body) }
  })
}

describe('peers as witnesses', () => {
  test('a new checkpoint is cosigned by the peer, and the cosignature stands under it', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await using witness = await withWitness(tirana, durres)
    await addPeer(durres, witness)
    durres.live()
    const signers = async () => {
      const note = parseNote((await durres.log.checkpoint())?.note ?? '')
      return note.kind === 'note' ? note.signatures.map(({ name }) => name) : []
    }

    await until(async () => (await signers()).includes('tirana.example/witness'))
    await durres.append({ key: 'one more' })
    const size = (await durres.store.head()) + 1

    await until(
      async () =>
        (await durres.log.checkpoint())?.size === size &&
        (await signers()).includes('tirana.example/witness'),
    )
    expect(durres.happenings.filter(({ kind }) => kind === 'own-log-behind')).toEqual([])
  })

  test('a peer that saw a longer log of ours rings the alarm', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await using witness = await withWitness(tirana, durres)
    await addPeer(durres, witness)
    await durres.append({ key: 'lost with the disk' })
    const { size, note } = await durres.log.integrate()
    await witnessSaw(tirana, { size: size + 1, note })
    durres.live()

    await until(() => durres.happenings.some((one) => one.kind === 'own-log-behind' && one.size === size + 1))
  })
})

/** As if the witness had cosigned that size before. */
async function witnessSaw(
  node: TestNode,
  { size, note }: { readonly size: number; readonly note: string },
): Promise<void> {
  await node.store.database`
    insert into tlog_witnessed (origin, size, root, note, cosigned_at)
    values ('durres.example/log', ${size}, ${Buffer.alloc(32, 1)}, ${note}, now())`
}
