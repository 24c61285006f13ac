/**
 * The line to the node: server-sent events. States of the line:
 *   connecting → live → reconnecting (since when) → live …;  offline while the browser itself has no network.
 * The browser reconnects by itself and sends `Last-Event-ID`, so nothing is missed; where it gave up (the node answered
 * with an error) the line is opened again here after a wait that doubles from 1 s to 30 s.
 */
import type { RecordNotice, Replay } from '../../server/schemas/index.ts'
import { address } from './call.ts'

export type LineState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'reconnecting'; readonly since: number }
  | { readonly kind: 'offline'; readonly since: number }

export type LineListener = {
  readonly onState: (state: LineState) => void
  readonly onRecord: (notice: RecordNotice) => void
  readonly onReplay: (replay: Replay) => void
  /** After a break: whatever is on the screen may be old. */
  readonly onReturn: () => void
}

const shortestWaitMs = 1_000
const longestWaitMs = 30_000

/** Opens the line; the answer closes it. */
export function openLine(realm: string | undefined, listener: LineListener): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let waitMs = shortestWaitMs
  let state: LineState = { kind: 'connecting' }

  const become = (next: LineState): void => {
    if (next.kind === state.kind) return
    const wasBroken = state.kind === 'reconnecting' || state.kind === 'offline'
    state = next
    listener.onState(next)
    if (wasBroken && next.kind === 'live') listener.onReturn()
  }
  const brokenSince = (): number => ('since' in state ? state.since : Date.now())

  const open = (): void => {
    source?.close()
    source = new EventSource(address('/stream', { realm }))
    source.onopen = () => {
      waitMs = shortestWaitMs
      become({ kind: 'live' })
    }
    source.onerror = () => {
      become(
        navigator.onLine
          ? { kind: 'reconnecting', since: brokenSince() }
          : { kind: 'offline', since: brokenSince() },
      )
      if (source?.readyState !== EventSource.CLOSED) return
      clearTimeout(timer)
      timer = setTimeout(open, waitMs)
      waitMs = Math.min(waitMs * 2, longestWaitMs)
    }
    source.addEventListener('record', ({ data }) => listener.onRecord(JSON.parse(data) as RecordNotice))
    source.addEventListener('replay', ({ data }) => listener.onReplay(JSON.parse(data) as Replay))
  }
  const onOnline = (): void => {
    waitMs = shortestWaitMs
    open()
  }
  const onOffline = (): void => become({ kind: 'offline', since: brokenSince() })

  addEventListener('online', onOnline)
  addEventListener('offline', onOffline)
  open()
  return () => {
    removeEventListener('online', onOnline)
    removeEventListener('offline', onOffline)
    clearTimeout(timer)
    source?.close()
  }
}
