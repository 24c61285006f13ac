/**
 * `POST looks`: who looked at records here, told to the node that owns them and to nobody else. What was looked at stands
 * in the audit of `engines/access`, which the composition hands in.
 */
import { isRecordId, type NodeId, type RecordId } from '../record/index.ts'
import type { Client } from './client.ts'
import type { Peer } from './contract.ts'
import { PeerFailed, RequestRefused } from './errors.ts'
import type { ExchangeRoute } from './handlers.ts'

/** Looks at these records of this origin, as JSON: who (organisation, not person, where the policy says so), when, for what purpose. */
export type LooksFor = (origin: NodeId, ids: readonly RecordId[]) => Promise<readonly unknown[]>

const maxIds = 200
const maxBytes = 4 * 1024 * 1024

export const looksRoute = (looksFor: LooksFor): ExchangeRoute => ({
  method: 'POST',
  path: 'looks',
  async answer({ peer, body }) {
    const looks = await looksFor(peer.node, idsOf(body))
    return { mediaType: 'application/json', body: JSON.stringify({ looks }) }
  },
})

/** What a holder says of looks at our records. */
export async function askLooks(
  client: Client,
  peer: Peer,
  ids: readonly RecordId[],
): Promise<readonly unknown[]> {
  const { body } = await client.ask(
    peer,
    {
      method: 'POST',
      path: '/exchange/v1/looks',
      body: Buffer.from(JSON.stringify({ ids })),
      mediaType: 'application/json',
    },
    { timeoutMs: 30_000, idleMs: 20_000, maxBytes, maxUnfoldedBytes: maxBytes },
  )
  const value = jsonOf(body) as { readonly looks?: unknown } | undefined
  if (!Array.isArray(value?.looks))
    throw new PeerFailed('exchange/not-an-answer', 'What came is no list of looks.')
  return value.looks
}

function idsOf(body: Uint8Array): readonly RecordId[] {
  const ids = (jsonOf(body) as { readonly ids?: unknown } | undefined)?.ids
  if (!Array.isArray(ids) || ids.length > maxIds || !ids.every(isRecordId))
    throw new RequestRefused(400, 'exchange/bad-request', `Send {"ids": […]}, at most ${maxIds} record ids.`)
  return ids
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined // told as a wrong form by who asks
  }
}
