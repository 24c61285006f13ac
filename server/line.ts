/**
 * The line to one listener of a stream. One who reads slowly is waited for; one who reads nothing costs one buffer:
 * records wait in the log, and remarks (heartbeat, state of the replay) are left out while the line is full, since the
 * next says all that the one before did. A line that stays full for a minute is cut; its browser asks again from where
 * it was.
 */
import type { ServerResponse } from 'node:http'

const patienceMs = 60_000

export type Line = {
  /** Aborts when the listener left, the server stops, or the line was cut. */
  readonly gone: AbortSignal
  /** Resolves when there is room for more. */
  readonly send: (text: string) => Promise<void>
  /** Said now or not at all. */
  readonly remark: (text: string) => void
  readonly end: () => void
}

export function openLine(
  raw: ServerResponse,
  stopping: AbortSignal,
  { waitMs = patienceMs }: { readonly waitMs?: number } = {},
): Line {
  const left = new AbortController()
  raw.once('close', () => left.abort())
  raw.once('error', () => left.abort())
  if (raw.destroyed) left.abort()
  const gone = AbortSignal.any([left.signal, stopping])
  const isOpen = () => !gone.aborted && !raw.writableEnded
  return {
    gone,
    send: async (text) => {
      if (!isOpen() || raw.write(text)) return
      const isDrained = await drained(raw, gone, waitMs)
      if (!isDrained && isOpen()) raw.destroy()
    },
    remark: (text) => {
      if (isOpen() && !raw.writableNeedDrain) raw.write(text)
    },
    end: () => {
      raw.end()
      if (raw.writableNeedDrain) raw.destroy() // nobody reads: the rest would wait for ever
    },
  }
}

/** False when the line went away, or stayed full for too long. */
function drained(raw: ServerResponse, gone: AbortSignal, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isDrained: boolean) => {
      clearTimeout(timer)
      raw.off('drain', onDrain)
      gone.removeEventListener('abort', onGone)
      resolve(isDrained)
    }
    const onDrain = () => settle(true)
    const onGone = () => settle(false)
    const timer = setTimeout(onGone, waitMs)
    raw.once('drain', onDrain)
    gone.addEventListener('abort', onGone, { once: true })
  })
}
