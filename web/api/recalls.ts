/** Recalls of this node, decisions on proposals, and who looked at a record. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { RecalledView, RecallStateView } from '../../server/schemas/index.ts'
import { ask, tell } from './call.ts'

type Page = { readonly items: readonly RecallStateView[]; readonly next?: string }

export const recallsQuery = (realm: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['recalls', realm],
    queryFn: ({ pageParam, signal }) =>
      ask<Page>('/recalls', { limit: 20, cursor: pageParam, realm }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: 15_000,
  })

export type RecallOrder = {
  readonly target: string
  readonly action: 'withdraw' | 'relabel'
  readonly reason: string
  readonly handling?: { readonly tlp: string }
}
export const orderRecall = (order: RecallOrder): Promise<RecalledView> => tell('/recalls', order)

export type Decision = {
  readonly proposal: string
  readonly version: number
  readonly decision: 'issue' | 'decline' | 'end'
  readonly because: string
}
export const decide = (decision: Decision): Promise<unknown> => tell('/decisions', decision)

export type Look = {
  readonly node: string
  readonly at: string
  readonly act: string
  readonly organisation?: string
  readonly principal?: string
  readonly purpose: string
}
export type Looks = {
  readonly looks: readonly Look[]
  readonly unanswered: readonly { readonly node: string; readonly reason: string }[]
}
export const looksQuery = (id: string) =>
  queryOptions({
    queryKey: ['looks', id],
    queryFn: ({ signal }) => ask<Looks>(`/records/${encodeURIComponent(id)}/looks`, {}, signal),
  })
