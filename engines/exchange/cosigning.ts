/** A peer asked for its cosignature (C2SP tlog-witness) over our own transport, which knows its authority and its bounds. */
import {
  type AskedWitness,
  askWitness,
  type Fetch,
  type SignedCheckpoint,
  type TransparencyLog,
  witnessVerifier,
} from '../tlog/index.ts'
import type { Peer } from './contract.ts'
import type { Transport } from './transport.ts'

export type CosigningParts = { readonly log: TransparencyLog; readonly transport: Transport }

export type Cosigning = {
  readonly peer: Peer
  readonly checkpoint: SignedCheckpoint
  /** Size that it cosigned last, as far as we know. */
  readonly old: number
  readonly signal: AbortSignal
}

const timeoutMs = 15_000

/** Throws `PeerFailed` where the peer is away. */
export const askToCosign = (
  { log, transport }: CosigningParts,
  { peer, checkpoint, old, signal }: Cosigning,
): Promise<AskedWitness> =>
  askWitness({
    fetch: fetchOver(transport, peer, signal),
    url: `${peer.url}/log`,
    checkpoint,
    old,
    consistency: log.consistency,
    witness: peer.keys
      .filter(({ revokedAt }) => revokedAt === undefined)
      .map(({ key }) => witnessVerifier({ node: peer.node, key })),
  })

const fetchOver =
  (transport: Transport, { ca }: Peer, signal: AbortSignal): Fetch =>
  async (url, { method = 'GET', headers, body }) => {
    const answer = await transport.send(
      {
        method,
        url,
        headers: { ...(headers as Record<string, string>), 'accept-encoding': 'identity' },
        body: body instanceof Uint8Array ? body : new Uint8Array(0),
        ...(ca !== undefined && { ca }),
      },
      { timeoutMs, idleMs: timeoutMs, maxBytes: 64 * 1024, signal },
    )
    return new Response(new Uint8Array(answer.body), {
      status: answer.status,
      headers: { ...answer.headers },
    })
  }
