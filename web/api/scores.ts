import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { ScoreGroups, ScorePage } from '../../server/schemas/index.ts'
import { address, ask, viewParameters } from './call.ts'
import type { View } from './view.ts'

export const scoreGroupsQuery = (view: View) =>
  queryOptions({
    queryKey: ['scores', 'summary', view],
    queryFn: ({ signal }) => ask<ScoreGroups>('/scores/summary', viewParameters(view), signal),
  })

export const scoresQuery = (view: View) =>
  infiniteQueryOptions({
    queryKey: ['scores', 'each', view],
    queryFn: ({ pageParam, signal }) =>
      ask<ScorePage>('/scores', { ...viewParameters(view), limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  })

export const scoresCsvAddress = (view: View): string => address('/scores.csv', viewParameters(view))
