import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { EventDetail, EventPage } from '../../server/schemas/index.ts'
import { ask, viewParameters } from './call.ts'
import type { View } from './view.ts'

/** What the address says about the list. */
export type EventFilter = {
  readonly level?: string
  readonly country?: string
  readonly q?: string
  readonly kind?: string
}

const pageSize = 50

export const eventsQuery = (filter: EventFilter, view: View) =>
  infiniteQueryOptions({
    queryKey: ['events', filter, view],
    queryFn: ({ pageParam, signal }) =>
      ask<EventPage>(
        '/events',
        { ...viewParameters(view), ...filter, limit: pageSize, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })

export const eventQuery = (id: string, view: View) =>
  queryOptions({
    queryKey: ['event', id, view],
    queryFn: ({ signal }) =>
      ask<EventDetail>(`/events/${encodeURIComponent(id)}`, viewParameters(view), signal),
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
  })
