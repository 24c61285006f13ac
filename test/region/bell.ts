/**
 * A bell: whoever waits is woken when it rings, or after a while. What rings between a look and the wait is not missed.
 * Nodes under test ring it when their log grows and when they say something, so a test waits for events and sleeps for
 * nothing; because not everything that is waited for stands in a log, it also looks again every so often.
 */
import type { OpenStore } from '../../engines/store/index.ts'

export type Bell = {
  readonly ring: () => void
  readonly count: () => number
  /** Until the count has left `heard`, or the time is over. */
  readonly wait: (heard: number, atMostMs: number) => Promise<void>
  /** Until it holds; throws with `what` when that takes too long. */
  readonly until: (what: string, holds: () => Promise<boolean>, timeoutMs?: number) => Promise<void>
}

const lookAgainMs = 200

export function createBell(): Bell {
  const waiting = new Set<() => void>()
  let rung = 0
  const wait = (heard: number, atMostMs: number): Promise<void> => {
    if (rung !== heard) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        waiting.delete(wake)
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(wake, atMostMs)
      waiting.add(wake)
    })
  }
  return {
    ring() {
      rung += 1
      for (const wake of [...waiting]) wake()
    },
    count: () => rung,
    wait,
    async until(what, holds, timeoutMs = 20_000) {
      const deadline = performance.now() + timeoutMs
      for (;;) {
        const heard = rung
        if (await holds()) return
        if (performance.now() > deadline)
          throw new Error(`within ${timeoutMs} ms it did not come about: ${what}`)
        await wait(heard, lookAgainMs)
      }
    },
  }
}

/** Rings whenever the log grows, until the signal aborts. */
export async function ringGrowth(
  store: Pick<OpenStore, 'head' | 'follow'>,
  ring: () => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const _ of store.follow({ after: await store.head(), signal })) ring()
}
