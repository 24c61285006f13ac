/**
 * The exchange while the node lives: one loop for each peer, begun and ended as operators add and remove them; one that
 * keeps the log signed and witnessed as it grows; one that fetches files; one that holds relays against each other; and the
 * alarm of the clock.
 */
import type { NodeId } from '../record/index.ts'
import { isTransient, type Wakeups, waited } from '../store/index.ts'
import type { TransparencyLog } from '../tlog/index.ts'
import type { AgreedTime } from './agreed-time.ts'
import { type FetchFiles, fetchMissing } from './attachments.ts'
import type { Growth } from './growth.ts'
import { type TakeParts, takeFrom } from './take-from.ts'
import { watchRelays } from './watch-relays.ts'
import { askWitnesses, type WitnessParts } from './witnessing.ts'

export type LiveParts = TakeParts &
  FetchFiles &
  WitnessParts & {
    readonly log: TransparencyLog
    readonly growth: Growth
    readonly agreed: () => Promise<AgreedTime>
    /** Woken when records came that name files. */
    readonly files: Wakeups
    /** How often relays are held against each other. */
    readonly relaysEveryMs: number
  }

const lookAgainMs = 1000
const alarmEveryMs = 60_000
const fetchAgainMs = 10_000

export async function liveExchange(parts: LiveParts, signal: AbortSignal): Promise<void> {
  await Promise.all([
    takeFromAll(parts, signal),
    askWitnesses(parts, signal),
    fetchFiles(parts, signal),
    ring(parts, signal),
    watch(parts, signal),
  ])
}

async function takeFromAll(parts: LiveParts, signal: AbortSignal): Promise<void> {
  const running = new Map<NodeId, Promise<void>>()
  while (!signal.aborted) {
    await steadily(parts, async () => {
      for (const { node, state } of await parts.peers.all()) {
        if (state !== 'active' || running.has(node)) continue
        const loop = takeFrom(parts, node, signal)
          .catch((error: unknown) => parts.on({ kind: 'broken', peer: node, error }))
          .finally(() => running.delete(node))
        running.set(node, loop)
      }
    })
    await waited(lookAgainMs, signal)
  }
  await Promise.all(running.values())
}

/** What is missing is asked for when records name it, and again every so often: who had it may have been away. */
async function fetchFiles(parts: LiveParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const seen = parts.files.count()
    await steadily(parts, async () => {
      await fetchMissing(parts, signal)
    })
    await parts.files.wait(seen, fetchAgainMs, signal)
  }
}

async function watch(parts: LiveParts, signal: AbortSignal): Promise<void> {
  let told: ReadonlySet<string> = new Set()
  while (!signal.aborted) {
    await steadily(parts, async () => {
      told = await watchRelays(parts, told, signal)
    })
    await waited(parts.relaysEveryMs, signal)
  }
}

async function ring(parts: LiveParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await steadily(parts, async () => {
      const { aheadMs } = await parts.agreed()
      if (aheadMs !== undefined) parts.on({ kind: 'clock-ahead', aheadMs })
    })
    await waited(alarmEveryMs, signal)
  }
}

/** The database may be away for a moment: nothing is lost, it is looked again. */
async function steadily({ on }: LiveParts, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!isTransient(error)) on({ kind: 'broken', error })
  }
}
