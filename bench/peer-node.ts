/** A node as far as the exchange needs one: its database, keys, log, recalls and exchange, and HTTP on loopback. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type ExchangeRequest,
  type ExchangeResponse,
  openExchange,
  openRecalls,
} from '../engines/exchange/index.ts'
import { createRegistry, type NodeId, systemClock } from '../engines/record/index.ts'
import { connect, type OpenStore, openStore } from '../engines/store/index.ts'
import { type OpenKeys, openKeys, openLog, type TransparencyLog } from '../engines/tlog/index.ts'
import { packs } from '../node.ts'

export type PeerNode = AsyncDisposable & {
  readonly url: string
  readonly store: OpenStore
  readonly keys: OpenKeys
  readonly log: TransparencyLog
  readonly exchange: Awaited<ReturnType<typeof openExchange>>
  /** Adds the node at this address, which may have all that is `TLP:CLEAR`. */
  readonly add: (url: string) => Promise<void>
}

/** What stands before the node's own answers: an answer of its own, or none. */
export type Before = (request: ExchangeRequest) => Promise<ExchangeResponse | undefined>
export type After = (request: ExchangeRequest, response: ExchangeResponse) => void

export async function aPeerNode(
  serverUrl: string,
  node: NodeId,
  {
    database = 'node',
    before,
    after,
  }: { readonly database?: string; readonly before?: Before; readonly after?: After } = {},
): Promise<PeerNode> {
  const store = await openStore({
    url: await databaseOf(serverUrl, database),
    node,
    clock: systemClock,
    registry: createRegistry(packs.flatMap(({ records }) => records)),
  })
  const keys = await openKeys({ database: store.database, node, clock: systemClock })
  const log = openLog({ database: store.database, node, clock: systemClock, keys })
  const recalls = openRecalls({ store, node, clock: systemClock })
  const exchange = await openExchange({
    ...{ store, log, keys, clock: systemClock, recall: recalls, consentsFor: recalls.consentsFor },
    self: { title: { en: node } },
    random: Math.random,
    taken: (_, records) => recalls.taken(records),
    on: (happening) => {
      if (happening.kind === 'failed' || happening.kind === 'broken')
        process.stderr.write(
          `${node}: ${JSON.stringify(happening)} ${'error' in happening ? happening.error : ''}\n`,
        )
    },
  })
  const answer = async (message: IncomingMessage): Promise<ExchangeResponse> => {
    const request = await requestOf(message)
    const response = (await before?.(request)) ?? (await exchange.handlers(request))
    after?.(request, response)
    return response
  }
  const http = createServer((message, response) => {
    void answer(message).then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    ...{ store, keys, log, exchange },
    async add(url) {
      const met = await exchange.meet({ url })
      const gives = [{ types: ['*'], upTo: 'TLP:CLEAR' as const }]
      const terms = { gives, clearances: [], purposes: [], police: [], introduces: false }
      await exchange.welcome(met, { fingerprint: met.fingerprint, terms })
    },
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      http.close()
      await exchange[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

async function databaseOf(serverUrl: string, name: string): Promise<string> {
  const sql = connect(serverUrl, { max: 1 })
  try {
    await sql`create database ${sql(name)}`
  } finally {
    await sql.end()
  }
  return Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href
}

async function requestOf(message: IncomingMessage): Promise<ExchangeRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk)
  const headers = Object.entries(message.headers).map(([key, value]) => [key, String(value)])
  return {
    method: message.method ?? 'GET',
    url: message.url ?? '/',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  }
}
