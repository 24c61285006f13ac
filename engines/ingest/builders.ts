/** For this engine's tests: a source of readings in JSON, a store on a fresh database, servers on loopback. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testDatabase } from '../../test/support/database.ts'
import { actual, type Issue, instant, nodeId, systemClock } from '../record/index.ts'
import { openStore, type Store } from '../store/index.ts'
import type { Decoded, HttpTransport, Payload, SourceDeclaration, WebSocketTransport } from './contract.ts'
import { runSources } from './run.ts'
import type { RunSources, SourceHappening } from './running.ts'

export type Reading = { readonly key: string; readonly at: string; readonly value: number }

export const readings = (...values: readonly (Reading | string)[]): string => JSON.stringify(values)
export const aReading = (key: string, value = 1, at = '2025-05-01T10:00:00Z'): Reading => ({ key, at, value })

export function aSource(
  transport: Partial<HttpTransport> & { url: string },
  id = 'gauges',
): SourceDeclaration {
  return declare(id, {
    kind: 'http',
    intervalMs: 40,
    timeoutMs: 2_000,
    maxBytes: 10_000,
    accept: 'application/json',
    ...transport,
  })
}

export function aLine(
  transport: Partial<WebSocketTransport> & { url: string },
  id = 'gauges-live',
): SourceDeclaration {
  return declare(id, { kind: 'websocket', silenceMs: 5_000, maxBytes: 1_000, ...transport })
}

const declare = (id: string, transport: SourceDeclaration['transport']): SourceDeclaration => ({
  id,
  title: { en: 'Gauges' },
  transport,
  family: 'gauges',
  attribution: { source: 'Gauges', licence: 'CC0-1.0', credit: 'Gauges' },
  decode,
})

/** An array of readings; what is none is rejected by itself. */
function decode({ bytes, mediaType }: Payload): Decoded {
  const issues: Issue[] = [{ rule: 'gauges/unreadable', place: '', message: 'This is no list of readings.' }]
  let document: unknown
  try {
    document = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return { observations: [], rejected: [{ bytes, mediaType, issues }], defects: [] } // said in the rejection
  }
  const items = Array.isArray(document) ? document : [document]
  const good = items.filter(
    (item): item is Reading => typeof item === 'object' && item !== null && 'key' in item,
  )
  const bad = items.filter((item) => !good.includes(item as Reading))
  const newest = good
    .map(({ at }) => instant(at))
    .sort()
    .at(-1)
  return {
    observations: good.map(({ key, at, value }) => ({
      type: 'gauges.reading',
      key,
      valid: { from: instant(at), until: instant(at) },
      body: { value },
    })),
    rejected: bad.map((item) => ({
      bytes: new TextEncoder().encode(JSON.stringify(item)),
      mediaType,
      issues,
    })),
    defects: [],
    ...(newest === undefined ? {} : { newest }),
  }
}

export type TestStore = AsyncDisposable & { readonly store: Store }

export async function aStore(): Promise<TestStore> {
  const database = await testDatabase()
  const store = await openStore({
    url: database.url,
    node: nodeId('durres.example'),
    clock: systemClock,
    connections: 3,
  })
  return {
    store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

export type TestServer = AsyncDisposable & { readonly url: string; readonly asked: IncomingMessage[] }

export async function aServer(
  answer: (request: IncomingMessage, response: ServerResponse, nth: number) => void,
): Promise<TestServer> {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    answer(request, response, asked.length)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.json`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

export type Run = AsyncDisposable & {
  readonly happenings: readonly SourceHappening[]
  /** Resolves when as many happenings of the kind have been; of `ingested`, when so many items were read. */
  readonly until: (kind: SourceHappening['kind'], times?: number) => Promise<void>
}

/** Runs until disposed; disposing waits for every loop to let go. */
export function aRun(store: Store, source: SourceDeclaration, options: Partial<RunSources> = {}): Run {
  const stop = new AbortController()
  const happenings: SourceHappening[] = []
  const watchers = new Set<() => void>()
  const running = runSources({
    store,
    sources: [source],
    realm: actual,
    clock: systemClock,
    random: () => 0.5,
    userAgent: 'mosaic-test (duty@durres.example)',
    signal: stop.signal,
    reopenMs: 10,
    on: (happening) => {
      happenings.push(happening)
      for (const watch of watchers) watch()
    },
    ...options,
  })
  return {
    happenings,
    until: (kind, times = 1) =>
      new Promise((resolve) => {
        const watch = (): void => {
          const counts = happenings.map((one) =>
            one.kind !== kind ? 0 : one.kind === 'ingested' ? one.outcome.read : 1,
          )
          if (counts.reduce((sum, each) => sum + each, 0) < times) return
          watchers.delete(watch)
          resolve()
        }
        watchers.add(watch)
        watch()
      }),
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}
