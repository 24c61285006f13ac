/**
 * That there may be something new: the log grew, files are wanted. A waking only says "look again", so a waiter notes the
 * count before it looks, and does not wait when the count has moved since.
 */
import type { Sql } from '../store/index.ts'

export type Wakeup = {
  readonly count: () => number
  /** Until the count has left `seen`, the time has passed, or the signal aborts. */
  readonly wait: (seen: number, timeoutMs: number, signal?: AbortSignal) => Promise<void>
  readonly wake: () => void
}

export type Growth = Wakeup & AsyncDisposable

export function createWakeup(): Wakeup {
  const waiting = new Set<() => void>()
  let count = 0
  return {
    count: () => count,
    wake() {
      count += 1
      for (const resolve of [...waiting]) resolve()
    },
    wait(seen, timeoutMs, signal) {
      if (count !== seen || signal?.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const done = () => {
          waiting.delete(done)
          clearTimeout(timer)
          signal?.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, timeoutMs)
        waiting.add(done)
        signal?.addEventListener('abort', done)
      })
    },
  }
}

/** Woken by the database whenever the log grows, whichever process made it grow. */
export async function listenForGrowth(sql: Sql): Promise<Growth> {
  const wakeup = createWakeup()
  const listening = await sql.listen('mosaic_log', wakeup.wake, wakeup.wake)
  return {
    ...wakeup,
    async [Symbol.asyncDispose]() {
      wakeup.wake()
      await listening.unlisten()
    },
  }
}
