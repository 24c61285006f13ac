/**
 * Waking readers: one LISTEN for the whole process. A notification only says "look again", so nothing is lost with it:
 * a reader notes the count before it looks, and does not wait when the count has moved since.
 */
import type { Sql } from './connect.ts'

export type Wakeups = {
  readonly count: () => number
  /** Until the count has left `seen`, `timeoutMs` has passed, or the signal aborts. Answers whether it was woken. */
  readonly wait: (seen: number, timeoutMs: number, signal: AbortSignal) => Promise<boolean>
  readonly wake: () => void
}

export async function listenFor(sql: Sql, channel: string): Promise<Wakeups> {
  const wakeups = createWakeups()
  // Listening anew after a lost connection wakes too: something may have come meanwhile.
  await sql.listen(channel, wakeups.wake, wakeups.wake)
  return wakeups
}

export function createWakeups(): Wakeups {
  const waiting = new Set<() => void>()
  let count = 0
  return {
    count: () => count,
    wake() {
      count += 1
      for (const resolve of waiting) resolve()
    },
    wait(seen, timeoutMs, signal) {
      if (count !== seen) return Promise.resolve(true)
      if (signal.aborted) return Promise.resolve(false)
      return new Promise((resolve) => {
        const done = () => {
          waiting.delete(done)
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          resolve(count !== seen)
        }
        const timer = setTimeout(done, timeoutMs)
        waiting.add(done)
        signal.addEventListener('abort', done)
      })
    },
  }
}
