/**
 * A node in its own process under an open load, and the ear at its event stream.
 *
 * Open: payload n is due at start + n / rate, whether or not the node has coped with those before, and every latency
 * counts from when the payload was due, so a node that stalls is charged for all that waited meanwhile (no coordinated
 * omission). Sent late by this process is charged to the node too.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type WebSocket, WebSocketServer } from 'ws'
import type { RecordNotice } from '../server/schemas/index.ts'
import type { Said } from './live-node.ts'
import { messageOf, type Report, smallShocks, strongShock } from './shocks.ts'

export type LoadedNode = AsyncDisposable & {
  readonly address: string
  readonly pid: number
  readonly postmaster: number
  readonly tell: (report: Report) => void
  /** When its replay has come to its end. */
  readonly played: Promise<unknown>
}

export type NodeToLoad = {
  readonly folder: string
  readonly signal: AbortSignal
  /** Played beside the load: its name and speed. */
  readonly replay?: readonly [string, number]
}

const upWithinMs = 60_000

export async function startLoadedNode({ folder, signal, replay = ['', 1] }: NodeToLoad): Promise<LoadedNode> {
  const feeds = await openFeeds()
  const [name, speed] = replay
  const program = fileURLToPath(new URL('live-node.ts', import.meta.url))
  const child = fork(program, [folder, feeds.emsc, feeds.usgs, name, String(speed)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect()
    await ended
    await feeds[Symbol.asyncDispose]()
  }
  const says = <Kind extends Said['kind']>(kind: Kind) =>
    new Promise<Extract<Said, { kind: Kind }>>((resolve) => {
      child.on('message', (said: Said) => {
        if (said.kind === kind) resolve(said as Extract<Said, { kind: Kind }>)
      })
    })
  const played = says('played')
  try {
    const up = await within(upWithinMs, signal, ended, says('up'))
    await within(upWithinMs, signal, ended, feeds.areHeard)
    return {
      address: up.address,
      pid: child.pid ?? 0,
      postmaster: up.postmaster,
      tell: feeds.tell,
      played,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What is waited for, unless time is up, the run is stopped or the node ends before. */
async function within<Value>(
  ms: number,
  signal: AbortSignal,
  ended: Promise<unknown>,
  value: Promise<Value>,
): Promise<Value> {
  const timer = new AbortController()
  const late = sleep(ms, undefined, { signal: AbortSignal.any([signal, timer.signal]) })
  const failed = Promise.race([
    late.then(() => `did not come up within ${ms} ms`),
    ended.then(() => 'ended before it was up'),
  ]).then((why) => {
    throw new Error(`The node under load ${why}; its reason stands above.`)
  })
  try {
    return await Promise.race([value, failed])
  } finally {
    timer.abort()
    await failed.catch(() => {}) // told above when it was in time to matter
  }
}

type Feeds = AsyncDisposable & {
  readonly emsc: string
  readonly usgs: string
  readonly areHeard: Promise<unknown>
  readonly tell: (report: Report) => void
}

/** One server with a path for each agency; each tells whoever listens there last. */
async function openFeeds(): Promise<Feeds> {
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  const lines: { emsc?: WebSocket; usgs?: WebSocket } = {}
  const areHeard = new Promise<void>((resolve) => {
    sockets.on('connection', (socket, request) => {
      lines[request.url === '/usgs' ? 'usgs' : 'emsc'] = socket
      if (lines.emsc && lines.usgs) resolve()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    emsc: `${base}/emsc`,
    usgs: `${base}/usgs`,
    areHeard,
    tell: (report) => lines[report.by]?.send(messageOf(report)),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate()
      server.close()
      server.closeAllConnections()
    },
  }
}

export type Load = {
  readonly node: LoadedNode
  readonly seconds: number
  readonly perSecond: number
  /** Every so many reports one strong shock; 0 for none. */
  readonly strongEvery: number
  readonly random: () => number
  readonly signal: AbortSignal
  readonly onStrong?: (report: Report, dueAt: number) => void
}

/** Until every payload was sent; answers by how much the latest was late, milliseconds. */
export async function playLoad(load: Load): Promise<number> {
  const { node, seconds, perSecond, strongEvery, random, signal, onStrong } = load
  const now = Date.now()
  const small = smallShocks(random, now)
  const startedAt = performance.now() + 100
  let latestMs = 0
  for (let sent = 0; sent < seconds * perSecond && !signal.aborted; sent++) {
    const dueAt = startedAt + (sent * 1000) / perSecond
    while (performance.now() < dueAt) await sleep(Math.max(1, Math.floor(dueAt - performance.now())))
    const isStrong = strongEvery > 0 && sent % strongEvery === strongEvery - 1
    const report = isStrong ? strongShock(random, now, Math.floor(sent / strongEvery)) : small.next().value
    if (isStrong) onStrong?.(report, dueAt)
    node.tell(report)
    latestMs = Math.max(latestMs, performance.now() - dueAt)
  }
  return latestMs
}

/** Every notice of the node's event stream in the realm `actual`, with when it was read, until the signal aborts. */
export async function listenTo(
  address: string,
  signal: AbortSignal,
  hear: (notice: RecordNotice, at: number) => void,
): Promise<void> {
  const answer = await fetch(`${address}/api/v1/stream?realm=actual`, { signal })
  if (!answer.ok || !answer.body) throw new Error(`the event stream answers ${answer.status}`)
  let rest = ''
  try {
    for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
      const at = performance.now()
      const events = (rest + text).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        const data = /^event: record\ndata: (.*)$/m.exec(event)?.[1]
        if (data !== undefined) hear(JSON.parse(data) as RecordNotice, at)
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
