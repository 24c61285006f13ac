/**
 * Works all sources at once, each in its own loop, until the signal aborts; resolves when every loop has let go of its
 * sockets and timers. One source's trouble is never another's.
 */
import { WebSocket } from 'ws'
import { unreachable } from '../record/index.ts'
import type { SourceDeclaration } from './contract.ts'
import { listen } from './listen.ts'
import { poll } from './poll.ts'
import type { OpenWebSocket, Running, RunSources } from './running.ts'

export async function runSources(options: RunSources): Promise<void> {
  const running: Running = { fetch: globalThis.fetch, webSocket: openWebSocket, on: () => {}, ...options }
  await Promise.all(options.sources.map((source) => work(source, running)))
}

function work(source: SourceDeclaration, running: Running): Promise<void> {
  const { transport } = source
  switch (transport.kind) {
    case 'http':
      return poll({ ...source, transport }, running)
    case 'websocket':
      return listen({ ...source, transport }, running)
    default:
      return unreachable(transport)
  }
}

const openWebSocket: OpenWebSocket = (url, { maxBytes, userAgent }) =>
  new WebSocket(url, {
    maxPayload: maxBytes,
    handshakeTimeout: 20_000,
    followRedirects: false,
    headers: { 'user-agent': userAgent },
  })
