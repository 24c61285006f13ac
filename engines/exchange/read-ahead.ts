/**
 * Reading ahead: while a peer that is behind stores a batch, its next one is made. Without it giver and taker would wait
 * for each other in turn.
 *
 * What was made ahead is given only for the very place and entitlement that it was made for, and only for a few seconds;
 * otherwise it is made anew. What was withdrawn meanwhile does not leave even so: that is asked when it is sent
 * (`RecallHooks.noteSent`). One batch for a peer, and for a few peers at a time.
 */
import { canonical, type Instant, millis, type NodeId } from '../record/index.ts'
import type { Peer } from './contract.ts'
import type { Place } from './cursor.ts'
import type { Entitlement } from './entitlement.ts'
import { type Given, type GiveParts, give } from './give.ts'
import { maxBatchBytes } from './wire.ts'

export type ReadAhead = {
  readonly give: (asked: AskedPlace, items: number) => Promise<Given>
  /** What comes after this is wanted soon. Called when the answer is made, so that it need not wait for this. */
  readonly goOn: (asked: AskedPlace, items: number, given: Given) => void
}
type AskedPlace = { readonly peer: Peer; readonly entitlement: Entitlement; readonly place?: Place }
type Made = { readonly name: string; readonly at: Instant; readonly given: Promise<Given> }

const keptMs = 5000
const peersAtOnce = 8

export function createReadAhead(parts: GiveParts): ReadAhead {
  const made = new Map<NodeId, Made>()
  const make = (asked: AskedPlace, items: number) => give(parts, asked, { items, bytes: maxBatchBytes })
  return {
    async give(asked, items) {
      const { node } = asked.peer
      const ready = made.get(node)
      made.delete(node)
      const isFit =
        ready?.name === nameOf(asked, items) &&
        Math.abs(millis(parts.clock.now()) - millis(ready.at)) < keptMs
      return (isFit ? await settled(ready?.given) : undefined) ?? make(asked, items)
    },
    goOn(asked, items, { isLast, place }) {
      if (isLast || made.size >= peersAtOnce) return
      const after = { ...asked, place }
      const later = make(after, items)
      later.catch(() => {}) // made anew when it is asked for, and told then
      made.set(asked.peer.node, { name: nameOf(after, items), at: parts.clock.now(), given: later })
    },
  }
}

const nameOf = ({ entitlement, place }: AskedPlace, items: number): string =>
  canonical([entitlement.epoch, place ?? null, items])

async function settled(given: Promise<Given> | undefined): Promise<Given | undefined> {
  try {
    return await given
  } catch {
    return undefined // it is made anew, and its failure told then
  }
}
