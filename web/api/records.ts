import { queryOptions } from '@tanstack/react-query'
import type { RecordDetail, RecordProof } from '../../server/schemas/index.ts'
import { address, ask } from './call.ts'

export const recordQuery = (id: string, version?: number) =>
  queryOptions({
    queryKey: ['record', id, version],
    queryFn: ({ signal }) => ask<RecordDetail>(`/records/${encodeURIComponent(id)}`, { version }, signal),
  })

export const fetchProof = (id: string, version: number): Promise<RecordProof> =>
  ask(`/records/${encodeURIComponent(id)}/proof`, { version })

/** What the reader may have of it, with its proof, as JSON. */
export const proofAddress = (id: string, version: number): string =>
  address(`/records/${encodeURIComponent(id)}/proof`, { version })
