/**
 * While the signing of our log is held: each active peer is asked what it last saw of it, twice over. By our own protocol
 * it shows the checkpoint (`last-seen.ts`), by C2SP tlog-witness it cosigns our newest one or says that it stands beyond
 * it. Whoever is ahead by either is ahead; what was shown proves itself, what was said alone does not.
 */
import type { LastSeen, PeerAnswer, Resumed, SigningHold } from '../tlog/index.ts'
import type { Client } from './client.ts'
import type { Peer } from './contract.ts'
import { askToCosign, type CosigningParts } from './cosigning.ts'
import { PeerFailed } from './errors.ts'
import { askSeen } from './last-seen.ts'
import type { Peers } from './peers.ts'

export type HeldLogParts = CosigningParts & {
  readonly peers: Pick<Peers, 'all'>
  readonly client: Client
  readonly hold: SigningHold
}

export type HeldRound = { readonly answers: readonly PeerAnswer[]; readonly outcome: Resumed }

/** One round: all active peers at once. What they say is kept, and signing resumes where that allows it. */
export async function askAboutOurLog(
  parts: HeldLogParts,
  signal: AbortSignal,
  because?: string,
): Promise<HeldRound> {
  const active = (await parts.peers.all()).filter(({ state }) => state === 'active')
  const answers = await Promise.all(
    active.map(async (peer) => parts.hold.keep(peer.node, await lastSeenBy(parts, peer, signal))),
  )
  return { answers, outcome: await parts.hold.resume(answers, because) }
}

async function lastSeenBy(parts: HeldLogParts, peer: Peer, signal: AbortSignal): Promise<LastSeen> {
  try {
    const shown = await shownBy(parts, peer, signal)
    if (shown !== undefined && shown.kind !== 'not-ahead') return shown
    return (await saidByWitness(parts, peer, signal)) ?? shown ?? unknown
  } catch (error) {
    if (!(error instanceof PeerFailed)) throw error
    return { kind: 'no-answer', says: error.message }
  }
}

const unknown: LastSeen = {
  kind: 'no-answer',
  says: 'It neither says what it last saw of this log, nor witnesses it.',
}

async function shownBy(
  { client, hold }: Pick<HeldLogParts, 'client' | 'hold'>,
  peer: Peer,
  signal: AbortSignal,
): Promise<LastSeen | undefined> {
  const said = await askSeen(client, peer, signal)
  return said && hold.judge(said)
}

/** Undefined where its witness says nothing of our log, or there is nothing yet to cosign. */
async function saidByWitness(
  parts: CosigningParts,
  peer: Peer,
  signal: AbortSignal,
): Promise<LastSeen | undefined> {
  const checkpoint = await parts.log.checkpoint()
  if (checkpoint === undefined) return undefined
  const { size } = checkpoint
  const answer = await askToCosign(parts, { peer, checkpoint, old: 0, signal })
  switch (answer.kind) {
    case 'cosigned':
      await parts.log.cosign(size, answer.lines)
      return { kind: 'not-ahead', size }
    case 'ahead':
    case 'forked':
      return { kind: 'says-ahead', size: answer.size }
    case 'refused':
      return answer.status === wrongProof ? { kind: 'says-ahead', size } : undefined
    case 'unfit':
      return undefined
    default:
      return answer satisfies never
  }
}

/** What it cosigned before does not lead to our checkpoint: it saw another history. */
const wrongProof = 422

/** True, and nothing more is signed, if the peer shows that it saw what this database does not hold. Throws `PeerFailed`. */
export async function holdIfAhead(
  parts: Pick<HeldLogParts, 'client' | 'hold'>,
  peer: Peer,
  signal: AbortSignal,
): Promise<boolean> {
  const shown = await shownBy(parts, peer, signal)
  if (shown?.kind !== 'ahead') return false
  await parts.hold.keep(peer.node, shown)
  return true
}
