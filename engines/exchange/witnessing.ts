/**
 * Peers as witnesses: whenever our log has a new checkpoint, each active peer is asked to cosign it, with the proof that
 * it extends what that peer cosigned last (C2SP tlog-witness). So none of us can show two histories to two peers. A peer
 * that has cosigned a larger tree, or another one of that size, has seen a log of ours that this database does not hold:
 * the alarm rings.
 */
import type { NodeId } from '../record/index.ts'
import {
  askWitness,
  type Fetch,
  type SignedCheckpoint,
  type TransparencyLog,
  witnessVerifier,
} from '../tlog/index.ts'
import type { Peer } from './contract.ts'
import { PeerFailed } from './errors.ts'
import type { Growth } from './growth.ts'
import type { Peers } from './peers.ts'
import { type ExchangeHappening, waited } from './take-from.ts'
import type { Transport } from './transport.ts'

export type WitnessParts = {
  readonly log: TransparencyLog
  readonly peers: Peers
  readonly transport: Transport
  readonly growth: Growth
  readonly on: (happening: ExchangeHappening) => void
}

/** Sizes cosigned and complaints made, for each witness, while this process lives; a witness tells the rest itself. */
export type Witnesses = { readonly sizes: Map<NodeId, number>; readonly said: Map<NodeId, string> }

const atMostEveryMs = 1000
const lookAgainMs = 30_000
const timeoutMs = 15_000

export async function askWitnesses(parts: WitnessParts, signal: AbortSignal): Promise<void> {
  const witnesses: Witnesses = { sizes: new Map(), said: new Map() }
  while (!signal.aborted) {
    const seen = parts.growth.count()
    try {
      const checkpoint = await parts.log.integrate()
      const active = (await parts.peers.all()).filter(({ state }) => state === 'active')
      await Promise.all(active.map((peer) => askOne(parts, witnesses, { peer, checkpoint, signal })))
    } catch (error) {
      if (!signal.aborted) parts.on({ kind: 'broken', error })
    }
    await waited(atMostEveryMs, signal)
    await parts.growth.wait(seen, lookAgainMs, signal)
  }
}

type Asked = { readonly peer: Peer; readonly checkpoint: SignedCheckpoint; readonly signal: AbortSignal }

export async function askOne(
  { log, transport, on }: WitnessParts,
  { sizes, said }: Witnesses,
  { peer, checkpoint, signal }: Asked,
): Promise<void> {
  const { node, url, keys } = peer
  const old = sizes.get(node) ?? 0
  if (old >= checkpoint.size) return
  const say = (message: string) => {
    if (said.get(node) !== message) on({ kind: 'not-witnessed', peer: node, message })
    said.set(node, message)
  }
  try {
    const answer = await askWitness({
      fetch: fetchOver(transport, peer, signal),
      url: `${url}/log`,
      checkpoint,
      old,
      consistency: log.consistency,
      witness: keys
        .filter(({ revokedAt }) => revokedAt === undefined)
        .map(({ key }) => witnessVerifier({ node, key })),
    })
    switch (answer.kind) {
      case 'cosigned':
        await log.cosign(checkpoint.size, answer.lines)
        sizes.set(node, checkpoint.size)
        said.delete(node)
        return
      case 'ahead':
      case 'forked':
        on({ kind: 'own-log-behind', peer: node, size: answer.size })
        return
      case 'refused':
        return say(`It does not cosign (status ${answer.status}): ${answer.says}`)
      case 'unfit':
        return say(`It does not cosign: ${answer.says}`)
      default:
        return answer satisfies never
    }
  } catch (error) {
    if (!(error instanceof PeerFailed)) throw error
    say(error.message) // away: it is asked again with the next checkpoint
  }
}

/** The witness's HTTP over our own transport, which knows the peer's authority and its bounds. */
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
