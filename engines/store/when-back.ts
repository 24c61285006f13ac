/**
 * An act on the database that outlives a restart of it: when the server is away for a moment, wait and do it again.
 * Only for acts that say the same when repeated; a commit whose answer was lost is repeated too.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { isTransient } from './connect.ts'

const firstWaitMs = 50
const longestWaitMs = 2000
/** A server that is away for longer is no restart: then the act fails with the server's own reason. */
const patienceMs = 120_000

export async function whenBack<Result>(act: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  let waited = 0
  for (let wait = firstWaitMs; ; wait = Math.min(2 * wait, longestWaitMs)) {
    try {
      return await act()
    } catch (error) {
      if (!isTransient(error) || waited >= patienceMs || signal?.aborted) throw error
      await sleep(wait, undefined, signal ? { signal } : undefined)
      waited += wait
    }
  }
}
