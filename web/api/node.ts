import { queryOptions } from '@tanstack/react-query'
import type { Health, NodeInfo } from '../../server/schemas/index.ts'
import { address, ask, askPlainly } from './call.ts'

export const nodeQuery = queryOptions({
  queryKey: ['node'],
  queryFn: ({ signal }) => ask<NodeInfo>('/node', {}, signal),
  staleTime: 30_000,
  refetchInterval: 60_000,
})

export const apiDescriptionAddress = address('/openapi.json')

/** What the node says of itself, also where it is not ready. */
export const readyQuery = queryOptions({
  queryKey: ['ready'],
  queryFn: ({ signal }) => askPlainly<Health>('/ready', signal),
  refetchInterval: 30_000,
})
