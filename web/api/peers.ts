import { queryOptions } from '@tanstack/react-query'
import type { PeerStatusView } from '../../server/schemas/index.ts'
import { ask } from './call.ts'

export type PeerList = {
  readonly node: string
  readonly fingerprint?: string
  readonly items: readonly PeerStatusView[]
}

export const peersQuery = queryOptions({
  queryKey: ['peers'],
  queryFn: ({ signal }) => ask<PeerList>('/peers', {}, signal),
  refetchInterval: 15_000,
})
