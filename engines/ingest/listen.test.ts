import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { aLine, aReading, aRun, aStore, readings } from './builders.ts'

describe('a source that is listened to', () => {
  test('messages are taken in their order, a late one as well, and what is unreadable is held', async () => {
    await using opened = await aStore()
    await using line = await aLineServer((socket) => {
      socket.send(readings(aReading('g1', 1)))
      socket.send(readings(aReading('g1', 2)))
      socket.send('not json')
      socket.send(readings(aReading('g0', 7, '2025-04-20T10:00:00Z')))
    })
    await using run = aRun(opened.store, aLine({ url: line.url }))

    await run.until('ingested', 4)

    expect(line.agents[0]).toBe('mosaic-test (duty@durres.example)')
    expect(await opened.store.read({ versions: 'all' })).toMatchObject([
      { record: { key: 'g1', version: 1 } },
      { record: { key: 'g1', version: 2, body: { value: 2 } } },
      { record: { key: 'g0', valid: { from: '2025-04-20T10:00:00.000Z' } } },
    ])
    expect(await opened.store.quarantine.count()).toBe(1)
    expect(await opened.store.sources.get('gauges-live')).toMatchObject({ accepted: 3, errorsInARow: 0 })
  })

  test('a line that breaks is opened again and nothing is lost or doubled', async () => {
    await using opened = await aStore()
    await using line = await aLineServer((socket, nth) => {
      socket.send(readings(aReading('g1')), () =>
        socket.send(readings(aReading(`h${nth}`)), () => socket.terminate()),
      )
    })
    await using run = aRun(opened.store, aLine({ url: line.url }))

    await run.until('opened', 3)
    await run.until('ingested', 4)

    const keys = (await opened.store.read({})).map(({ record }) => record.key)
    expect(keys.slice(0, 3)).toEqual(['g1', 'h1', 'h2'])
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('a line that says nothing is dropped and opened again', async () => {
    await using opened = await aStore()
    await using line = await aLineServer(() => undefined)
    await using run = aRun(opened.store, aLine({ url: line.url, silenceMs: 100 }))

    await run.until('opened', 2)

    expect(run.happenings.find(({ kind }) => kind === 'failed')).toMatchObject({
      message: expect.stringMatching(/said nothing for 100 ms/),
    })
  })

  test('a message that is too large ends the line, is told, and the next one is taken', async () => {
    await using opened = await aStore()
    await using line = await aLineServer((socket, nth) => {
      socket.send(nth === 1 ? 'x'.repeat(5_000) : readings(aReading('g1')))
    })
    await using run = aRun(opened.store, aLine({ url: line.url }))

    await run.until('ingested')

    expect(run.happenings.find(({ kind }) => kind === 'failed')).toMatchObject({
      message: expect.stringMatching(/WS_ERR_UNSUPPORTED_MESSAGE_LENGTH/),
    })
    expect(await opened.store.count({})).toBe(1)
  })

  test('a server that hangs up at once is backed off from', async () => {
    await using opened = await aStore()
    const at: number[] = []
    await using line = await aLineServer((socket) => {
      at.push(performance.now())
      socket.terminate()
    })
    await using run = aRun(opened.store, aLine({ url: line.url }))

    await run.until('failed', 4)
    const [, , third = 0, fourth = 0] = at

    expect(fourth - third).toBeGreaterThanOrEqual(38)
    expect(await opened.store.sources.get('gauges-live')).toMatchObject({ errorsInARow: 4 })
  })

  test('a flood is taken in whole and in order', async () => {
    await using opened = await aStore()
    await using line = await aLineServer((socket, nth) => {
      if (nth === 1) for (let n = 1; n <= 600; n++) socket.send(readings(aReading('g1', n)))
    })
    await using run = aRun(opened.store, aLine({ url: line.url }))

    await run.until('ingested', 600)

    const [newest] = await opened.store.read({})
    expect(newest).toMatchObject({ record: { version: 600, body: { value: 600 } } })
  })

  test('stopping lets go at once', async () => {
    await using opened = await aStore()
    await using line = await aLineServer(() => undefined)
    const run = aRun(opened.store, aLine({ url: line.url }))
    await run.until('opened')

    const started = performance.now()
    await run[Symbol.asyncDispose]()

    expect(performance.now() - started).toBeLessThan(500)
    await sleep(30)
    expect(line.open()).toBe(0)
  })
})

type LineServer = AsyncDisposable & {
  readonly url: string
  readonly agents: string[]
  readonly open: () => number
}

async function aLineServer(speak: (socket: WebSocket, nth: number) => void): Promise<LineServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  const agents: string[] = []
  server.on('connection', (socket, request) => {
    agents.push(request.headers['user-agent'] ?? '')
    speak(socket, agents.length)
  })
  await new Promise<void>((ready) => server.on('listening', ready))
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/live`,
    agents,
    open: () => server.clients.size,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        for (const client of server.clients) client.terminate()
        server.close(() => closed())
      }),
  }
}
