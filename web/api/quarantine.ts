import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { QuarantinedDetail, QuarantinedItem } from '../../server/schemas/index.ts'
import { address, ask } from './call.ts'

type Page = { readonly items: readonly QuarantinedItem[]; readonly next?: string }

export const quarantineQuery = infiniteQueryOptions({
  queryKey: ['quarantine'],
  queryFn: ({ pageParam, signal }) => ask<Page>('/quarantine', { limit: 50, cursor: pageParam }, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next,
  refetchInterval: 30_000,
})

export const quarantinedQuery = (id: string) =>
  queryOptions({
    queryKey: ['quarantine', id],
    queryFn: ({ signal }) => ask<QuarantinedDetail>(`/quarantine/${encodeURIComponent(id)}`, {}, signal),
  })

export const quarantinedBytesAddress = (id: string): string =>
  address(`/quarantine/${encodeURIComponent(id)}/bytes`)
