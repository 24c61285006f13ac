import { queryOptions } from '@tanstack/react-query'
import type { SourceHealth } from '../../server/schemas/index.ts'
import { ask } from './call.ts'

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: async ({ signal }) =>
    (await ask<{ readonly items: readonly SourceHealth[] }>('/sources', { limit: 500 }, signal)).items,
  refetchInterval: 15_000,
})
