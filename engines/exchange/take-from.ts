/**
 * The loop that takes from one peer, for as long as the node lives.
 *
 * States of a peer: `active` (asked), `suspended` (by its operators' decision; waits), `forked` (it signed two histories;
 * waits for a person), `paused` (what it sends cannot be verified and its quarantine is full; waits for a person too).
 * While active: a request that the peer holds until it has something; after a failure the next one later and later (1 s
 * doubled up to a minute, spread by ±25 % so that nodes that lost each other do not all come back at once). A peer whose
 * pages bring nothing and never end, or bring the same again and again, is one that failed.
 */
import { type Clock, MosaicError, type NodeId } from '../record/index.ts'
import { waited } from '../store/index.ts'
import type { Hold } from '../tlog/index.ts'
import type { Withheld } from './contract.ts'
import { LogForked, PeerFailed, QuarantineFull } from './errors.ts'
import { type Pulled, type PullParts, pullOnce } from './pull.ts'

export type TakeParts = PullParts & {
  readonly clock: Clock
  /** 0 up to, not including, 1. */
  readonly random: () => number
  readonly on: (happening: ExchangeHappening) => void
  /** How long a peer may hold a request while it has nothing. */
  readonly waitMs: number
}

export type ExchangeHappening =
  | { readonly kind: 'received'; readonly peer: NodeId; readonly received: number; readonly refused: number }
  | {
      readonly kind: 'failed'
      readonly peer: NodeId
      readonly code: string
      readonly message: string
      readonly errorsInARow: number
    }
  | { readonly kind: 'forked' | 'paused'; readonly peer: NodeId; readonly message: string }
  | { readonly kind: 'clock-ahead'; readonly aheadMs: number }
  /** Another peer brought of an origin what this one leaves out; told when it begins. */
  | ({
      readonly kind: 'withheld'
      readonly peer: NodeId
      readonly what: Withheld['kind']
    } & Omit<Withheld, 'kind'>)
  /** A peer does not cosign our log; told when the reason changes. */
  | { readonly kind: 'not-witnessed'; readonly peer: NodeId; readonly message: string }
  /** A peer has cosigned a log of ours that this database does not hold: restored from a backup, or tampered with. */
  | { readonly kind: 'own-log-behind'; readonly peer: NodeId; readonly size: number }
  /** Nothing is signed; told when what the peers say changes. */
  | { readonly kind: 'log-held'; readonly reason: Hold['reason']; readonly said: readonly string[] }
  /** A restored node signs again: no peer saw more than it holds, or a person has decided. */
  | { readonly kind: 'log-resumed'; readonly by: 'answers' | 'person' }
  | { readonly kind: 'broken'; readonly peer?: NodeId; readonly error: unknown }

const lookAgainMs = 1000
const pauseMs = 200
const backOff = { baseMs: 1000, capMs: 60_000 }

export async function takeFrom(parts: TakeParts, node: NodeId, signal: AbortSignal): Promise<void> {
  let progress = beginning()
  let isLast = false
  while (!signal.aborted) {
    try {
      const peer = await parts.peers.get(node)
      if (peer === undefined) return
      if (peer.state !== 'active') {
        await waited(lookAgainMs, signal)
        continue
      }
      const pulled = await pullOnce(parts, peer, { waitMs: isLast ? parts.waitMs : 0, signal })
      progress = pulled.isLast ? beginning() : sensible(progress, pulled)
      isLast = pulled.isLast
      // A peer that has nothing and does not hold the request is not asked without pause.
      if (isLast && pulled.items === 0) await waited(pauseMs, signal)
      const { received, refused } = pulled
      if (received + refused > 0) parts.on({ kind: 'received', peer: node, received, refused })
    } catch (error) {
      if (signal.aborted) return
      isLast = false
      progress = beginning()
      await waited(await failed(parts, node, error), signal)
    }
  }
}

type CatchUp = {
  readonly items: number
  readonly emptyPages: number
  readonly seen: ReadonlyMap<string, number>
}

const beginning = (): CatchUp => ({ items: 0, emptyPages: 0, seen: new Map() })

const emptyPagesAllowed = 20
const repeatsAllowed = 3

/** Pages that do not end must lead somewhere: no more items than the log can owe, and not the same ones for ever. */
export function sensible(before: CatchUp, { items, logSize, digest }: Pulled): CatchUp {
  const repeats = digest === '' ? 0 : (before.seen.get(digest) ?? 0) + 1
  const after = {
    items: before.items + items,
    emptyPages: items === 0 ? before.emptyPages + 1 : 0,
    seen: digest === '' ? before.seen : new Map(before.seen).set(digest, repeats),
  }
  // Each record at most once as news, as an embargo that ended, as backlog, and once more for a change of rules.
  if (after.items > 4 * logSize + 10_000 || after.emptyPages > emptyPagesAllowed || repeats > repeatsAllowed)
    throw new PeerFailed(
      'exchange/no-progress',
      'Its pages do not end and bring nothing new; it is asked again later.',
    )
  return after
}

/** Notes what went wrong; answers how long to wait before the next attempt. */
async function failed(parts: TakeParts, node: NodeId, error: unknown): Promise<number> {
  const { peers, origins, clock, on } = parts
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof LogForked) {
    const peer = await peers.get(node)
    if (peer) await origins.keepFork(peer.logOrigin, error.evidence.given)
    await peers.setState(node, 'forked', message)
    on({ kind: 'forked', peer: node, message })
    return lookAgainMs
  }
  if (error instanceof QuarantineFull) {
    await peers.pause(node, message)
    on({ kind: 'paused', peer: node, message })
    return lookAgainMs
  }
  const code = error instanceof MosaicError ? error.code : 'exchange/failed'
  if (!(error instanceof PeerFailed)) on({ kind: 'broken', peer: node, error })
  const told =
    error instanceof MosaicError ? message : 'This node failed while it took from the peer; its log has it.'
  const errorsInARow = await peers.failed(node, { code, message: told, at: clock.now() })
  on({ kind: 'failed', peer: node, code, message: told, errorsInARow })
  return delayAfter(errorsInARow, parts.random)
}

export const delayAfter = (errorsInARow: number, random: () => number): number =>
  Math.min(backOff.capMs, backOff.baseMs * 2 ** Math.min(20, Math.max(0, errorsInARow - 1))) *
  (0.75 + 0.5 * random())
