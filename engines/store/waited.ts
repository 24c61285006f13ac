/** A pause that ends early when the signal aborts; answers whether it lasted. */
import { setTimeout as sleep } from 'node:timers/promises'

export async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  try {
    await sleep(ms, undefined, { signal })
    return true
  } catch {
    return false // the only way a sleep fails: aborted
  }
}
