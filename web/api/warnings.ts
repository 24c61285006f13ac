import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { WarningDetail, WarningPage } from '../../server/schemas/index.ts'
import { address, ask, viewParameters } from './call.ts'
import type { View } from './view.ts'

export type WarningFilter = { readonly country?: string; readonly inForce?: boolean }

export const warningsQuery = (filter: WarningFilter, view: View) =>
  infiniteQueryOptions({
    queryKey: ['warnings', filter, view],
    queryFn: ({ pageParam, signal }) =>
      ask<WarningPage>(
        '/warnings',
        { ...viewParameters(view), ...filter, limit: 50, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })

export const warningQuery = (id: string, view: View) =>
  queryOptions({
    queryKey: ['warning', id, view],
    queryFn: ({ signal }) =>
      ask<WarningDetail>(`/warnings/${encodeURIComponent(id)}`, viewParameters(view), signal),
  })

/** The CAP 1.2 message itself, `application/cap+xml`. */
export const capAddress = (id: string): string => address(`/warnings/${encodeURIComponent(id)}.xml`)

/** Atom feed of a country's warnings, or of the region's. */
export const feedAddress = (country?: string): string =>
  address(`/feeds/${country ? country.toLowerCase() : 'region'}.atom`)
