/** The audit: figures, the trail, broken glass and its review. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { ask, type Parameters, tell } from './call.ts'

export type Figure = {
  readonly day: string
  readonly organisation?: string
  readonly purpose: string
  readonly act: string
  readonly outcome: string
  readonly count: number
}
export type Figures = { readonly from: string; readonly until: string; readonly figures: readonly Figure[] }
export type TrailEntry = {
  readonly seq: number
  readonly at: string
  readonly act: string
  readonly outcome: string
  readonly principal: string
  readonly organisation?: string
  readonly purpose: string
  readonly caseNumber?: string
  readonly reason?: string
  /** A search, a route or a command, as data. */
  readonly query?: unknown
  readonly records: readonly string[]
  readonly glassBroken?: true
}
export type Glass = {
  readonly id: string
  readonly principal: string
  readonly reason: string
  readonly openedAt: string
  readonly until: string
  readonly reviewBy: string
  readonly review?: {
    readonly at: string
    readonly by: string
    readonly verdict: string
    readonly note?: string
  }
}
type Page<Item> = { readonly items: readonly Item[]; readonly next?: string }

export const figuresQuery = queryOptions({
  queryKey: ['audit', 'figures'],
  queryFn: ({ signal }) => ask<Figures>('/audit/figures', {}, signal),
})

export const trailQuery = (filters: Parameters) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'trail', filters],
    queryFn: ({ pageParam, signal }) =>
      ask<Page<TrailEntry>>('/audit/trail', { ...filters, limit: 50, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  })

export const glassQuery = queryOptions({
  queryKey: ['audit', 'glass'],
  queryFn: ({ signal }) => ask<Page<Glass>>('/break-glass', { limit: 100 }, signal),
})

export const breakGlass = (reason: string, minutes: number): Promise<Glass> =>
  tell('/break-glass', { reason, minutes })

export const reviewGlass = (id: string, verdict: string, note: string): Promise<Glass> =>
  tell(`/break-glass/${encodeURIComponent(id)}/review`, { verdict, ...(note ? { note } : {}) })
