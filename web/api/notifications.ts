/** What states tell each other, and this node's word that it was received. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { NotificationDetail, NotificationPage } from '../../server/schemas/index.ts'
import { ask, tell, viewParameters } from './call.ts'
import type { View } from './view.ts'

/** Clocks run: the page asks anew although nothing new came. */
const refetchInterval = 15_000

export const notificationsQuery = (open: boolean, view: View) =>
  infiniteQueryOptions({
    queryKey: ['notifications', open, view],
    queryFn: ({ pageParam, signal }) =>
      ask<NotificationPage>(
        '/notifications',
        { ...viewParameters(view), ...(open ? { open } : {}), limit: 50, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
    refetchInterval,
  })

export const notificationQuery = (id: string, view: View) =>
  queryOptions({
    queryKey: ['notification', id, view],
    queryFn: ({ signal }) =>
      ask<NotificationDetail>(`/notifications/${encodeURIComponent(id)}`, viewParameters(view), signal),
    refetchInterval,
  })

export const acknowledgeNotification = (id: string): Promise<unknown> =>
  tell(`/notifications/${encodeURIComponent(id)}/acknowledgement`, {})
