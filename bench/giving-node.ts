/**
 * A node that gives, in a process of its own with a database server of its own, as on a machine of its own.
 *
 * `node bench/giving-node.ts FOLDER COUNT`, started by `fork`: fills its log, says that it is up, and stops when its parent
 * disconnects. Told `{ welcome: URL }` it adds that node as a peer. It keeps what it answered to requests for records;
 * told `{ recorded: true }` it answers those requests from there, at no cost but a signature, for a taker to be measured
 * alone. `GET /recorded/N` is the body of such an answer, for measuring the steps of taking one by one.
 */

import type { ExchangeRequest, ExchangeResponse } from '../engines/exchange/index.ts'
import { signResponse } from '../engines/exchange/signing.ts'
import { nodeId, systemClock } from '../engines/record/index.ts'
import { openEmbedded } from '../engines/store/index.ts'
import { observations, take } from './observations.ts'
import { aPeerNode, type PeerNode } from './peer-node.ts'

export type GiverUp = {
  readonly url: string
  readonly size: number
  readonly postmaster: number
  /** Of its own append, records a second. */
  readonly appendRate: number
}
export type Told = { readonly welcome?: string; readonly recorded?: boolean }

const batch = 1000
const [folder = '', count = '0', seed = '1'] = process.argv.slice(2)
const stopped = new Promise<void>((resolve) => process.once('disconnect', resolve))
process.on('SIGINT', () => {}) // Ctrl-C goes to the whole group; the parent disconnects when it is through

/** What was answered, by path and query, in the order of asking. */
const answers = new Map<string, ExchangeResponse>()
let isRecorded = false

await using server = await openEmbedded({ folder, durable: true })
await using node: PeerNode = await aPeerNode(server.url, nodeId('giver.example'), {
  before: answerRecorded,
  after: ({ url }, answer) => {
    if (!isRecorded && url.startsWith('/exchange/v1/records?') && answer.status === 200 && !answers.has(url))
      answers.set(url, answer)
  },
})
process.on('message', ({ welcome, recorded }: Told) => {
  if (recorded !== undefined) isRecorded = recorded
  void Promise.resolve(welcome && node.add(welcome)).then(() => process.send?.({}))
})
const appendRate = await fill()
const { size } = await node.log.integrate()
process.send?.({ url: node.url, size, postmaster: server.pid, appendRate } satisfies GiverUp)
await stopped

async function fill(): Promise<number> {
  const drafts = observations(Number(seed))
  const startedAt = performance.now()
  for (let at = 0; at < Number(count) && process.connected; at += batch)
    await node.store.append(take(drafts, batch))
  return (Number(count) * 1000) / (performance.now() - startedAt)
}

async function answerRecorded(request: ExchangeRequest): Promise<ExchangeResponse | undefined> {
  const at = /^\/recorded\/(\d+)$/.exec(request.url)?.[1]
  if (at !== undefined) {
    const answer = [...answers.values()][Number(at)]
    return { status: answer ? 200 : 404, headers: {}, body: answer?.body ?? Buffer.alloc(0) } // compressed as it was
  }
  const answer = isRecorded ? answers.get(request.url) : undefined
  if (answer === undefined) return undefined
  const signer = { node: node.keys.node, keyId: node.keys.current().keyId, sign: node.keys.sign }
  const { method, url, headers } = request
  const signature = await signResponse(
    signer,
    {
      status: answer.status,
      body: answer.body,
      encoding: answer.headers['content-encoding'] ?? 'identity',
      request: { method, url: new URL(url, `http://${headers['host']}`).href, headers },
    },
    { now: systemClock.now(), nonce: crypto.randomUUID() },
  )
  return { ...answer, headers: { ...answer.headers, ...signature } }
}
