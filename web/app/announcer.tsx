/**
 * What changes is said once, politely, to those who do not see it change: a new event, a level that rose.
 * It listens to the unfiltered first page of events, the same question the map asks.
 */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { EventSummary } from '../../server/schemas/index.ts'
import { eventsQuery } from '../api/events.ts'
import { headlineOf } from '../events/headline.ts'
import { levelKey, levelRank } from '../events/level.tsx'
import { useText } from '../text/use-text.tsx'
import { useView } from './view.ts'

export function Announcer() {
  const view = useView()
  const { say, locale, language } = useText()
  const { data } = useInfiniteQuery(eventsQuery({}, view))
  const known = useRef<ReadonlyMap<string, EventSummary> | undefined>(undefined)
  const [message, setMessage] = useState('')

  // biome-ignore lint/correctness/useExhaustiveDependencies: another view is not news
  useEffect(() => {
    known.current = undefined
  }, [view])

  useEffect(() => {
    const first = data?.pages[0]?.items
    if (!first) return
    const before = known.current
    known.current = new Map(first.map((event) => [event.id, event]))
    if (!before) return
    const said = first.flatMap((event) => {
      const old = before.get(event.id)
      const what = headlineOf(event, { say, locale, language })
      if (!old) return [say('events.new', { what })]
      if (levelRank(event.level) > levelRank(old.level))
        return [say('events.raised', { level: say(levelKey(event.level)), what })]
      return []
    })
    if (said.length > 0) setMessage(said.slice(0, 3).join('. '))
  }, [data, say, locale, language])

  return (
    <div className="visually-hidden" aria-live="polite" data-testid="announcer">
      {message}
    </div>
  )
}
