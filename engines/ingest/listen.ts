/**
 * The loop of one WebSocket source (RFC 6455): open, take in message by message in their order, open again when the line
 * breaks or falls silent.
 *
 * States: waiting (back-off) → connecting → open → draining (closed, queued messages still being taken in) → waiting.
 * A line counts as healthy from its first message on: a server that accepts and hangs up at once is backed off from.
 * Whatever came while the last was being taken in is taken in together (at most 256 messages in one append): alone a
 * message costs some 10 ms, in company less than 1 ms. A full queue pauses the socket, so a flood waits at the sender
 * and not in our memory. What was
 * said while the line was down is not repeated by such servers: declare a polled source of the same catalogue beside it.
 */
import type { WebSocket } from 'ws'
import { waited } from '../store/index.ts'
import { backOffCapMs, delayAfterErrors } from './back-off.ts'
import type { Payload, SourceDeclaration, WebSocketTransport } from './contract.ts'
import { safeAddress } from './fetch-once.ts'
import { attempted, changeState, failed, stateNameOf } from './health.ts'
import { ingestPayloads } from './payload.ts'
import type { Running } from './running.ts'

export type HeardSource = SourceDeclaration & { readonly transport: WebSocketTransport }

const reopenMs = 1_000
const maxQueued = 256
const appendTries = 5

export async function listen(source: HeardSource, running: Running): Promise<void> {
  const { clock, signal, random, on } = running
  let failures = 0
  while (!signal.aborted) {
    try {
      const { heard, why } = await hearOut(source, running)
      if (signal.aborted) return
      failures = heard > 0 ? 1 : failures + 1
      await note(source, running, why)
      on({ kind: 'failed', source: source.id, at: clock.now(), message: why })
    } catch (error) {
      if (signal.aborted) return
      failures++
      on({ kind: 'broken', source: source.id, at: clock.now(), error })
    }
    const wait = delayAfterErrors(failures, {
      baseMs: running.reopenMs ?? reopenMs,
      capMs: backOffCapMs,
      random,
    })
    if (!(await waited(wait, signal))) return
  }
}

/** One line, from opening to the last queued message. */
async function hearOut(source: HeardSource, running: Running): Promise<{ heard: number; why: string }> {
  const { clock, signal, on } = running
  const { url, silenceMs, maxBytes } = source.transport
  await changeState(running.store, stateNameOf(source.id, running.realm), (state) =>
    attempted(state, clock.now()),
  )
  const socket = running.webSocket(url, { maxBytes, userAgent: running.userAgent })
  const from = safeAddress(url)
  let heard = 0
  let queue: Payload[] = []
  let why = `${from} closed the line.`
  let work: Promise<void> = Promise.resolve()
  let silence: NodeJS.Timeout | undefined

  const hush = (): void => {
    clearTimeout(silence)
    silence = setTimeout(() => {
      why = `${from} said nothing for ${silenceMs} ms.`
      socket.terminate()
    }, silenceMs)
  }
  const stop = (): void => socket.terminate()
  signal.addEventListener('abort', stop)
  hush()
  try {
    await new Promise<void>((closed) => {
      socket.on('open', () => on({ kind: 'opened', source: source.id, at: clock.now() }))
      socket.on('error', (error: Error & { readonly code?: string }) => {
        why = `${from} failed: ${error.code ?? error.message}.`
      })
      socket.on('close', () => closed())
      socket.on('message', (data, isBinary) => {
        hush()
        heard++
        queue.push(payloadOf(data, isBinary, running))
        if (queue.length >= maxQueued) socket.pause()
        work = work.then(async () => {
          const batch = queue
          if (batch.length === 0) return
          queue = []
          if (socket.isPaused) socket.resume()
          await takeIn(source, batch, running)
        })
      })
      if (signal.aborted) stop()
    })
    await work
    return { heard, why }
  } finally {
    clearTimeout(silence)
    signal.removeEventListener('abort', stop)
  }
}

function payloadOf(data: WebSocket.RawData, isBinary: boolean, { clock }: Running): Payload {
  const whole = Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data)
  const mediaType = isBinary ? 'application/octet-stream' : 'application/json'
  return { bytes: new Uint8Array(whole), mediaType, receivedAt: clock.now() }
}

/** A message is said once: when our database is away, try again for a while before giving it up aloud. */
async function takeIn(source: HeardSource, payloads: readonly Payload[], running: Running): Promise<void> {
  const { store, realm, clock, on, signal, random } = running
  for (let tries = 1; ; tries++) {
    try {
      const outcome = await ingestPayloads({ store, source, payloads, realm, clock })
      on({ kind: 'ingested', source: source.id, at: clock.now(), outcome })
      return
    } catch (error) {
      on({ kind: 'broken', source: source.id, at: clock.now(), error })
      if (tries === appendTries) return
      const wait = delayAfterErrors(tries, { baseMs: 200, capMs: 10_000, random })
      if (!(await waited(wait, signal))) return
    }
  }
}

const note = (source: HeardSource, { store, realm }: Running, why: string) =>
  changeState(store, stateNameOf(source.id, realm), (state) => failed(state, why))
