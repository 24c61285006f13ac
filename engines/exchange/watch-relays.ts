/**
 * The loop that holds relays against each other: asks each active peer how far it is with the logs that it passes on, and
 * tells the operators once when a peer seems to leave something out (`relayed.ts`). What a peer says must agree with what
 * others showed: two roots of one size are a fork, whoever brought them. A peer that cannot be reached is told of by the
 * loop that takes from it.
 */
import { PeerFailed } from './errors.ts'
import { type PullParts, seeAll } from './pull.ts'
import { askRelayedLogs } from './relayed-logs.ts'
import type { ExchangeHappening } from './take-from.ts'

export type WatchParts = PullParts & { readonly on: (happening: ExchangeHappening) => void }

/** `told`: what was said before; answers what stands now. */
export async function watchRelays(
  parts: WatchParts,
  told: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const active = (await parts.peers.all()).filter(({ state }) => state === 'active')
  const said = await Promise.all(
    active.map(async (peer) => {
      const newest = await askRelayedLogs(parts, peer, signal).catch((error: unknown) => {
        if (error instanceof PeerFailed || signal.aborted) return undefined
        throw error
      })
      return { peer, newest }
    }),
  )
  for (const { peer, newest } of said) {
    if (newest === undefined || signal.aborted) continue
    await seeAll(parts, newest)
    await parts.relayed.noteLogs(
      peer,
      newest.map(({ checkpoint }) => checkpoint),
    )
  }
  await parts.relayed.tidy()
  return tell(parts, told)
}

async function tell({ relayed, on }: WatchParts, told: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const stands = new Set<string>()
  for (const [peer, all] of await relayed.withheld())
    for (const { origin, kind, since, count } of all) {
      const name = `${peer} ${origin} ${kind}`
      stands.add(name)
      if (!told.has(name)) on({ kind: 'withheld', peer, origin, what: kind, since, count })
    }
  return stands
}
