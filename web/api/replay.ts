import { queryOptions } from '@tanstack/react-query'
import type { Replay, ReplayCommand } from '../../server/schemas/index.ts'
import { ask, CallFailed, tell } from './call.ts'

/** Null when this node plays no scenario. The stream keeps it fresh; the interval is a net. */
export const replayQuery = queryOptions({
  queryKey: ['replay'],
  queryFn: async ({ signal }): Promise<Replay | null> => {
    try {
      return await ask<Replay>('/replay', {}, signal)
    } catch (error) {
      if (error instanceof CallFailed && error.status === 404) return null
      throw error
    }
  },
  refetchInterval: 15_000,
})

export const commandReplay = (command: ReplayCommand): Promise<Replay> => tell<Replay>('/replay', command)
