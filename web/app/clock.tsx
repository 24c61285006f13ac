/**
 * Whose now? The node's. Ages on the page are counted against the node's clock, and against the scenario's clock while a
 * replay of the realm in view runs, so that a page that shows 2019 says "2 minutes ago" when the scenario means it.
 */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { NodeInfo, Replay } from '../../server/schemas/index.ts'
import { nodeQuery } from '../api/node.ts'
import { replayQuery } from '../api/replay.ts'
import { useView } from './view.ts'

/** The node's time at the page's time `pageNow`, both in milliseconds. */
export function nodeTime(
  node: Pick<NodeInfo, 'now'> & { readonly askedAt: number },
  replay: (Pick<Replay, 'time' | 'state' | 'speed' | 'until'> & { readonly askedAt: number }) | undefined,
  pageNow: number,
): number {
  if (!replay) return Date.parse(node.now) + (pageNow - node.askedAt)
  const since = replay.state === 'playing' ? (pageNow - replay.askedAt) * replay.speed : 0
  return Math.min(Date.parse(replay.time) + Math.max(0, since), Date.parse(replay.until))
}

export function useNow(everyMs = 1000): number {
  const view = useView()
  const node = useQuery(nodeQuery)
  const replay = useQuery(replayQuery)
  const [pageNow, setPageNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setPageNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  if (view.knownAt) return Date.parse(view.knownAt)
  if (!node.data) return pageNow
  const realm = view.realm ?? node.data.defaultRealm
  const playing =
    replay.data && replay.data.realm === realm ? { ...replay.data, askedAt: replay.dataUpdatedAt } : undefined
  return nodeTime(
    { now: node.data.now, askedAt: node.dataUpdatedAt },
    playing,
    Math.max(pageNow, replay.dataUpdatedAt),
  )
}

/** The realm in view. */
export function useRealm(): string | undefined {
  const view = useView()
  const node = useQuery(nodeQuery)
  return view.realm ?? node.data?.defaultRealm
}
