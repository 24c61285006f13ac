import { queryOptions } from '@tanstack/react-query'
import type { NodeInfo } from '../../server/schemas/index.ts'
import { address, ask } from './call.ts'

export const nodeQuery = queryOptions({
  queryKey: ['node'],
  queryFn: ({ signal }) => ask<NodeInfo>('/node', {}, signal),
  staleTime: 30_000,
  refetchInterval: 60_000,
})

export const apiDescriptionAddress = address('/openapi.json')
