/** Real nodes for the tests of the exchange: a database each, a log, keys, and an HTTP server on this machine. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  actual,
  type Draft,
  instant,
  type NodeId,
  nodeId,
  type Realm,
  type SettableClock,
} from '../record/index.ts'
import type { OpenStore, StoreOptions } from '../store/index.ts'
import { aStore, type TestStore } from '../store/store.test-support.ts'
import { type OpenKeys, openKeys, openLog, type TransparencyLog } from '../tlog/index.ts'
import type { SharingRule } from './contract.ts'
import type { Handlers } from './handlers.ts'
import { openExchange } from './open.ts'
import type { Exchange, ExchangeOptions } from './options.ts'
import type { ExchangeHappening } from './take-from.ts'

export const noon = instant('2026-03-01T12:00:00Z')

export type TestNode = AsyncDisposable & {
  readonly name: NodeId
  readonly url: string
  readonly clock: SettableClock
  readonly store: OpenStore
  readonly test: TestStore
  readonly log: TransparencyLog
  readonly keys: OpenKeys
  readonly exchange: Exchange
  readonly happenings: ExchangeHappening[]
  readonly append: (...drafts: readonly Partial<Draft>[]) => Promise<void>
  /** Lives until the node is disposed of. */
  readonly live: () => void
}

export async function aNode(
  name: string,
  options: Partial<ExchangeOptions> = {},
  storeOptions: Partial<StoreOptions> = {},
): Promise<TestNode> {
  const node = nodeId(name)
  const test = await aStore({ node, connections: 6, ...storeOptions })
  const { store, clock } = test
  clock.set(noon)
  const keys = await openKeys({ database: store.database, node, clock, cost: 2 ** 10 })
  const log = openLog({ database: store.database, node, clock, keys })
  await store.append(await keys.statements(), { unlessEver: true })
  const happenings: ExchangeHappening[] = []
  const exchange = await openExchange({
    store,
    log,
    keys,
    clock,
    self: { title: { en: name }, organisation: `org-${name}` },
    random: () => 0.5,
    on: (happening) => happenings.push(happening),
    waitMs: 2000,
    ...options,
  })
  const server = await serve(exchange.handlers)
  const stopping = new AbortController()
  let living: Promise<void> = Promise.resolve()
  return {
    name: node,
    url: server.url,
    clock,
    store,
    test,
    log,
    keys,
    exchange,
    happenings,
    async append(...drafts) {
      const outcomes = await store.append(drafts.map(aDraft))
      const refused = outcomes.find(({ kind }) => kind === 'refused')
      if (refused) throw new Error(JSON.stringify(refused))
    },
    live() {
      living = exchange.live({ signal: stopping.signal })
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await living
      await exchange[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
      await test[Symbol.asyncDispose]()
    },
  }
}

const aDraft = (parts: Partial<Draft>): Draft => ({
  type: 'warn.warning',
  key: 'a warning',
  realm: actual,
  producer: { kind: 'method', name: 'test', version: '1' },
  valid: { from: noon },
  handling: { tlp: 'TLP:CLEAR' },
  body: { text: 'Flood' },
  ...parts,
})

export const everything: readonly SharingRule[] = [{ types: ['*'], upTo: 'TLP:RED' }]

/** Both sides add each other, having compared fingerprints; `gives` is what the first gives the second, and back. */
export async function pair(
  a: TestNode,
  b: TestNode,
  terms: Partial<Parameters<Exchange['welcome']>[1]['terms']> = {},
): Promise<void> {
  await addPeer(a, b, terms)
  await addPeer(b, a, terms)
}

export async function addPeer(
  to: TestNode,
  other: Pick<TestNode, 'url'>,
  terms: Partial<Parameters<Exchange['welcome']>[1]['terms']> = {},
): Promise<void> {
  const met = await to.exchange.meet({ url: other.url })
  await to.exchange.welcome(met, {
    fingerprint: met.fingerprint,
    terms: {
      gives: everything,
      clearances: [{ community: '*', upTo: 'TLP:AMBER' }],
      purposes: [],
      police: [],
      introduces: false,
      ...terms,
    },
  })
}

/** Handlers behind a plain HTTP server, as any framework would mount them. */
export async function serve(
  handlers: Handlers,
): Promise<AsyncDisposable & { readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    void bodyOf(request)
      .then((body) =>
        handlers({
          method: request.method ?? 'GET',
          url: request.url ?? '/',
          headers: Object.fromEntries(
            Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
          ),
          body,
          signal: gone.signal,
        }),
      )
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Until it holds, looked at again whenever the store's log or the peers moved, for at most a while. */
export async function until(holds: () => Promise<boolean> | boolean, ms = 15_000): Promise<void> {
  const deadline = performance.now() + ms
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`it did not come about: ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Types and keys of what a node holds, without what nodes say about their keys. */
export async function heldBy(node: TestNode, realm: Realm = actual): Promise<readonly string[]> {
  const held = await node.store.read({ realm, versions: 'all' })
  return held
    .filter(({ record }) => !record.type.startsWith('tlog.'))
    .map(({ record }) => `${record.key}@${record.version}`)
}
