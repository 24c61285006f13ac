/**
 * A bad line between two nodes: a TCP proxy on this machine that delays, stalls, cuts, throttles, lets requests overtake
 * each other, and plays them again. What it does it does by a seed, so a run can be repeated. Lost packets show as
 * stalls, as they do to programs that speak TCP.
 *
 *     await using link = await faultyLink(node.url, { delayMs: 600, cutAfterBytes: 3_000_000 })
 *     peer.url = link.url
 *     link.set({ isDown: true })
 */

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

export type Faults = {
  /** Each chunk is held back so long, in each direction; order is kept. */
  readonly delayMs?: number
  /** Each connection is slower by its own share of this, so that requests on several overtake each other. */
  readonly jitterMs?: number
  /** A connection is cut once so many bytes have come back over it. */
  readonly cutAfterBytes?: number
  /** Of those connections that reach the bytes, this share is cut (default 1). */
  readonly cutShare?: number
  /** Once so many bytes have come back, nothing moves for `stallMs`. */
  readonly stallAfterBytes?: number
  readonly stallMs?: number
  /** Bytes per second in each direction. */
  readonly bytesPerSecond?: number
  /** Nobody gets through: new connections are refused, standing ones are cut. */
  readonly isDown?: boolean
}

export type FaultyLink = AsyncDisposable & {
  readonly url: string
  readonly set: (faults: Faults) => void
  /** Bytes that have come back over it. */
  readonly bytesBack: () => number
  readonly connections: () => number
  readonly cuts: () => number
  /** What went out over the first connections, as bytes, to be sent again. */
  readonly recorded: () => readonly Buffer[]
  /** Sends recorded bytes to the target anew; answers what came back. */
  readonly replay: (bytes: Buffer) => Promise<Buffer>
}

export async function faultyLink(target: string, first: Faults = {}, seed = 1): Promise<FaultyLink> {
  const { hostname, port } = new URL(target)
  const random = randomFrom(seed)
  const lines = new Set<Line>()
  const recorded: Buffer[] = []
  const count = { back: 0, connections: 0, cuts: 0 }
  let faults = first
  const parts = { faults: () => faults, random, count, recorded }
  const server = createServer((near) => {
    count.connections += 1
    if (faults.isDown) {
      near.destroy()
      return
    }
    const far = connect({ host: hostname, port: Number(port), noDelay: true })
    const line: Line = join(near, far, parts, () => lines.delete(line))
    lines.add(line)
  })
  await listening(server)
  const { port: own } = server.address() as AddressInfo
  const cutAll = () => {
    for (const line of [...lines]) line.cut()
  }
  return {
    url: `http://127.0.0.1:${own}`,
    set(next) {
      faults = next
      if (next.isDown) cutAll()
    },
    bytesBack: () => count.back,
    connections: () => count.connections,
    cuts: () => count.cuts,
    recorded: () => recorded,
    replay: (bytes) => sendAgain(hostname, Number(port), bytes),
    async [Symbol.asyncDispose]() {
      cutAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Line = { readonly cut: () => void }
type LineParts = {
  readonly faults: () => Faults
  readonly random: () => number
  readonly count: { back: number; connections: number; cuts: number }
  readonly recorded: Buffer[]
}

function join(
  near: Socket,
  far: Socket,
  { faults, random, count, recorded }: LineParts,
  over: () => void,
): Line {
  near.setNoDelay(true)
  let back = 0
  let hasStalled = false
  const isToCut = random() < (faults().cutShare ?? 1)
  const share = random()
  const cut = () => {
    near.destroy()
    far.destroy()
    over()
  }
  const going = flow(far, faults, share)
  const coming = flow(near, faults, share)
  near.on('data', (chunk) => {
    if (recorded.length < 100) recorded.push(Buffer.from(chunk))
    going(chunk, near, 0)
  })
  far.on('data', (chunk) => {
    back += chunk.length
    count.back += chunk.length
    const { cutAfterBytes, stallAfterBytes, stallMs = 0 } = faults()
    if (isToCut && cutAfterBytes !== undefined && back >= cutAfterBytes) {
      count.cuts += 1
      cut()
      return
    }
    const stalls = !hasStalled && stallAfterBytes !== undefined && back >= stallAfterBytes
    hasStalled ||= stalls
    coming(chunk, far, stalls ? stallMs : 0)
  })
  for (const [socket, other, end] of [
    [near, far, going],
    [far, near, coming],
  ] as const) {
    socket.on('error', cut)
    socket.on('close', () => (other.destroyed ? cut() : undefined))
    socket.on('end', () => end(undefined, socket, 0))
  }
  return { cut }
}

/** Writes chunks in their order, each no earlier than its delay, and no faster than the line. Undefined ends it. */
function flow(into: Socket, faults: () => Faults, share: number) {
  const queue: { readonly chunk: Buffer | undefined; readonly dueAt: number; readonly from: Socket }[] = []
  let freeAt = 0
  let isWaiting = false
  const drain = (): void => {
    isWaiting = false
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      const leftMs = first.dueAt - performance.now()
      if (leftMs > 0) {
        isWaiting = true
        setTimeout(drain, leftMs)
        return
      }
      queue.shift()
      write(into, first.chunk, first.from)
    }
  }
  return (chunk: Buffer | undefined, from: Socket, stallMs: number): void => {
    const { delayMs = 0, jitterMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = faults()
    freeAt = Math.max(performance.now(), freeAt) + stallMs + (1000 * (chunk?.length ?? 0)) / bytesPerSecond
    queue.push({ chunk, dueAt: freeAt + delayMs + share * jitterMs, from })
    if (!isWaiting) drain()
  }
}

function write(into: Socket, chunk: Buffer | undefined, from: Socket): void {
  if (into.destroyed) return
  if (chunk === undefined) into.end()
  else if (!into.write(chunk)) {
    from.pause()
    into.once('drain', () => from.resume())
  }
}

async function sendAgain(host: string, port: number, bytes: Buffer): Promise<Buffer> {
  const socket = connect({ host, port })
  const chunks: Buffer[] = []
  const first = new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      resolve()
    })
    socket.on('close', () => resolve())
    socket.on('error', reject)
  })
  socket.write(bytes)
  await first
  socket.destroy()
  return Buffer.concat(chunks)
}

const listening = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

/** mulberry32: small, seeded, good enough to choose which line is cut. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
