import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type Line, openLine } from './line.ts'

type Ends = AsyncDisposable & {
  readonly line: Line
  readonly raw: ServerResponse
  readonly client: Socket
  readonly stop: AbortController
}

/** Both ends of a line over loopback; the client reads nothing until it is resumed. */
async function aLine(options: { readonly waitMs?: number } = {}): Promise<Ends> {
  const stop = new AbortController()
  const http = createServer()
  const opened = new Promise<{ line: Line; raw: ServerResponse }>((resolve) =>
    http.once('request', (_, raw) => {
      raw.writeHead(200)
      resolve({ raw, line: openLine(raw, stop.signal, options) })
    }),
  )
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const client = connect((http.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => undefined)
  client.pause()
  client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  return {
    ...(await opened),
    client,
    stop,
    async [Symbol.asyncDispose]() {
      client.destroy()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

const text = 'x'.repeat(100_000)

/** Sends until nothing goes through any more; answers the send that waits. */
async function fill({ line, raw }: Ends): Promise<{ readonly sent: Promise<void> }> {
  for (;;) {
    const sent = line.send(text)
    await Promise.race([sent, sleep(100)])
    if (raw.writableNeedDrain) return { sent }
  }
}

describe('the line to one listener', () => {
  test('leaves remarks out while nobody reads, so that they take no memory', async () => {
    await using ends = await aLine()
    const { sent } = await fill(ends)
    const before = ends.raw.writableLength

    for (let at = 0; at < 1000; at += 1) ends.line.remark(text)

    expect(ends.raw.writableLength).toBe(before)
    ends.client.destroy()
    await sent
  })

  test('waits for one who reads slowly, and leaves no listener behind', async () => {
    await using ends = await aLine()
    ends.client.resume()

    for (let at = 0; at < 200; at += 1) await ends.line.send(text)

    expect(ends.raw.listenerCount('drain')).toBeLessThan(2)
    expect(ends.raw.destroyed).toBe(false)
  })

  test('is cut when it stays full', async () => {
    await using ends = await aLine({ waitMs: 300 })
    const { sent } = await fill(ends)

    await sent
    expect(ends.raw.destroyed).toBe(true)
    await sleep(20)
    expect(ends.line.gone.aborted).toBe(true)
  })

  test('is gone when the listener leaves, and when the server stops', async () => {
    await using left = await aLine()
    left.client.destroy()
    await using stopped = await aLine()
    stopped.stop.abort()

    await sleep(100)
    expect(left.line.gone.aborted).toBe(true)
    expect(stopped.line.gone.aborted).toBe(true)
    await left.line.send(text)
    await stopped.line.send(text)
    expect(stopped.raw.writableLength).toBeLessThan(1000)
  })
})
