/**
 * What runs by itself: content whose time is over is erased, the trail's own retention is kept, and the trail is sealed.
 * Jobs of the store, so that of several processes one does it, and a process that dies is followed by another.
 */
import { type Clock, plusMs } from '../../record/index.ts'
import type { Store } from '../../store/index.ts'
import { sealAudit } from '../audit/index.ts'
import { type Erased, type Erasing, eraseDue } from './erase.ts'
import { eraseTrail } from './erase-trail.ts'

export type Keeping = Omit<Erasing, 'store'> & {
  readonly store: Erasing['store'] & Pick<Store, 'jobs'>
  readonly retentionEveryMs?: number
  readonly sealEveryMs?: number
  readonly onErased?: (erased: Erased) => void
}

export const retentionQueue = 'access.retention'
export const sealQueue = 'access.audit-seal'
const hourMs = 3_600_000

/** Until the signal aborts. */
export async function keepAccess(parts: Keeping, signal: AbortSignal): Promise<void> {
  const { retentionEveryMs = hourMs, sealEveryMs = hourMs / 6 } = parts
  await Promise.all([
    every(parts, { queue: retentionQueue, ms: retentionEveryMs, signal }, async () => {
      const erased = await eraseDue(parts, { signal })
      await eraseTrail({ ...parts, signal })
      if (erased.versions > 0) parts.onErased?.(erased)
    }),
    every(parts, { queue: sealQueue, ms: sealEveryMs, signal }, async () => {
      await sealAudit(parts)
    }),
  ])
}

type Schedule = { readonly queue: string; readonly ms: number; readonly signal: AbortSignal }

/** The job asks for its next turn when it is done; when it fails it is tried again, and never given up. */
async function every(
  { store, clock }: { readonly store: Pick<Store, 'jobs'>; readonly clock: Clock },
  { queue, ms, signal }: Schedule,
  work: () => Promise<void>,
): Promise<void> {
  await store.jobs.add({ queue, key: 'next', payload: {} })
  await store.jobs.work(
    queue,
    async () => {
      await work()
      await store.jobs.add({ queue, key: 'next', payload: {}, runAt: plusMs(clock.now(), ms) })
    },
    { signal, maxAttempts: 1_000_000 },
  )
}
