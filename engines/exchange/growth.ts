/** That there may be something new: woken by the database whenever the log grows, whichever process made it grow. */
import { createWakeups, type Sql, type Wakeups } from '../store/index.ts'

export type Growth = Wakeups & AsyncDisposable

export async function listenForGrowth(sql: Sql): Promise<Growth> {
  const wakeups = createWakeups()
  const listening = await sql.listen('mosaic_log', wakeups.wake, wakeups.wake)
  return {
    ...wakeups,
    async [Symbol.asyncDispose]() {
      wakeups.wake()
      await listening.unlisten()
    },
  }
}
