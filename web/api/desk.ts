/** The warning desk: what may be chosen, proposals, drafts and their steps, saved areas, the duty screen. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type {
  Desk,
  DeskArea,
  DeskContent,
  DeskDraft,
  DeskDraftSummary,
  DeskDuty,
  DeskPreview,
  DeskQueue,
  DeskTemplate,
  NewDraft,
  SavedArea,
} from '../../server/schemas/index.ts'
import { ask, tell } from './call.ts'

type Realm = string | undefined
type List<Item> = { readonly items: readonly Item[]; readonly next?: string }

export const deskQuery = queryOptions({
  queryKey: ['desk', 'choices'],
  queryFn: ({ signal }) => ask<Desk>('/desk', {}, signal),
  staleTime: 60_000,
})
export const queueQuery = (realm: Realm) =>
  queryOptions({
    queryKey: ['desk', 'queue', realm],
    queryFn: ({ signal }) => ask<DeskQueue>('/desk/queue', { realm }, signal),
    refetchInterval: 15_000,
  })
export const draftsQuery = (realm: Realm, state: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['desk', 'drafts', realm, state],
    queryFn: ({ pageParam, signal }) =>
      ask<List<DeskDraftSummary>>('/desk/drafts', { realm, state, limit: 50, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: 15_000,
  })

const draftPath = (id: string): string => `/desk/drafts/${encodeURIComponent(id)}`

export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: ['desk', 'draft', id],
    queryFn: ({ signal }) => ask<DeskDraft>(draftPath(id), {}, signal),
  })
export const previewQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ['desk', 'preview', id, version],
    queryFn: ({ signal }) => ask<DeskPreview>(`${draftPath(id)}/preview`, {}, signal),
  })
export const templatesQuery = queryOptions({
  queryKey: ['desk', 'templates'],
  queryFn: ({ signal }) => ask<List<DeskTemplate>>('/desk/templates', {}, signal),
  staleTime: 60_000,
})
export const savedAreasQuery = queryOptions({
  queryKey: ['desk', 'areas'],
  queryFn: ({ signal }) => ask<List<SavedArea>>('/desk/areas', {}, signal),
  staleTime: 60_000,
})
export const dutyQuery = (realm: Realm) =>
  queryOptions({
    queryKey: ['desk', 'duty', realm],
    queryFn: ({ signal }) => ask<DeskDuty>('/desk/duty', { realm }, signal),
    refetchInterval: 10_000,
  })

export const newDraft = (order: NewDraft): Promise<{ readonly id: string }> => tell('/desk/drafts', order)

export const editDraft = (id: string, basedOn: number, content: DeskContent): Promise<DeskDraft> =>
  tell(draftPath(id), { basedOn, content }, 'PUT')

export type Step = {
  readonly step: 'submit' | 'approve' | 'return' | 'issue' | 'withdraw'
  readonly version: number
  readonly because?: string
  readonly despite?: readonly string[]
}
export const takeStep = (id: string, step: Step): Promise<unknown> => tell(`${draftPath(id)}/steps`, step)

export const saveArea = (area: {
  readonly name: string
  readonly country: string
  readonly area: DeskArea
}): Promise<unknown> => tell('/desk/areas', area)

export type DutyAction = 'silence' | 'acknowledge' | 'clear'
export const actOnDuty = (subject: string, action: DutyAction): Promise<unknown> =>
  tell('/desk/duty/actions', { subject, action })
