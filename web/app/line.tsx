/**
 * The page follows the node: each record on the stream makes the questions it may have changed old, gathered for a
 * moment so that a burst is one refresh. While the reader looks back, nothing on the page changes.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useState } from 'react'
import { replayQuery } from '../api/replay.ts'
import { type LineState, openLine } from '../api/stream.ts'
import { useView } from './view.ts'

const LineContext = createContext<LineState>({ kind: 'connecting' })
export const useLine = (): LineState => use(LineContext)

const gatherMs = 300

export function FollowNode({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient()
  const { realm } = useView()
  const [state, setState] = useState<LineState>({ kind: 'connecting' })

  useEffect(() => {
    const refresh = gathered(client)
    const close = openLine(realm, {
      onState: setState,
      onRecord: (notice) => refresh.add(questionsAbout(notice.type)),
      onReplay: (replay) => client.setQueryData(replayQuery.queryKey, replay),
      onReturn: () => void client.invalidateQueries(),
    })
    return () => {
      close()
      refresh.stop()
    }
  }, [client, realm])

  return <LineContext value={state}>{children}</LineContext>
}

/** First words of the query keys that a record of this type may change. */
export function questionsAbout(type: string): readonly string[] {
  const owner = type.split('.')[0]
  if (owner === 'place') return ['map']
  if (owner === 'warn') return ['warnings', 'warning', 'notices', 'notice', 'desk', 'events', 'event']
  return ['events', 'event']
}

function gathered(client: QueryClient): {
  readonly add: (words: readonly string[]) => void
  readonly stop: () => void
} {
  const waiting = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = (): void => {
    timer = undefined
    for (const word of waiting) void client.invalidateQueries({ queryKey: [word] })
    waiting.clear()
  }
  return {
    add(words) {
      for (const word of words) waiting.add(word)
      timer ??= setTimeout(flush, gatherMs)
    },
    stop: () => clearTimeout(timer),
  }
}
