import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { NoticeDetail, NoticePage } from '../../server/schemas/index.ts'
import { ask, viewParameters } from './call.ts'
import type { View } from './view.ts'

export type NoticeFilter = {
  readonly country?: string
  /** `SCHEME:CODE`, several with commas. */
  readonly kind?: string
  readonly severity?: string
  readonly inForce?: boolean
}

export const noticesQuery = (filter: NoticeFilter, view: View) =>
  infiniteQueryOptions({
    queryKey: ['notices', filter, view],
    queryFn: ({ pageParam, signal }) =>
      ask<NoticePage>(
        '/notices',
        { ...viewParameters(view), ...filter, limit: 200, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })

export const noticeQuery = (id: string, view: View) =>
  queryOptions({
    queryKey: ['notice', id, view],
    queryFn: ({ signal }) =>
      ask<NoticeDetail>(`/notices/${encodeURIComponent(id)}`, viewParameters(view), signal),
  })
