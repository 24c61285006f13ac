/**
 * Peers as witnesses: whenever our log has a new checkpoint, each active peer is asked to cosign it, with the proof that
 * it extends what that peer cosigned last (C2SP tlog-witness). So none of us can show two histories to two peers.
 *
 * A node that was restored from a backup signs nothing before it knows what its peers saw (`held-log.ts`). A peer that
 * shows a checkpoint of ours which this database does not hold rings the alarm, and nothing more is signed. It is asked
 * for that when it is met first after a start, when it asks us for more than we have signed (`Doubts`), and when it
 * refuses a cosignature. So a database that was put back by other means than a restore is found out as well, before it
 * signs where a peer is there to tell.
 */
import type { NodeId } from '../record/index.ts'
import { waited } from '../store/index.ts'
import { answerText, LogHeld, type SignedCheckpoint } from '../tlog/index.ts'
import type { Peer } from './contract.ts'
import { askToCosign } from './cosigning.ts'
import { PeerFailed } from './errors.ts'
import type { Growth } from './growth.ts'
import { askAboutOurLog, type HeldLogParts, holdIfAhead } from './held-log.ts'
import type { Peers } from './peers.ts'
import type { ExchangeHappening } from './take-from.ts'

export type WitnessParts = HeldLogParts & {
  readonly peers: Peers
  readonly growth: Growth
  readonly on: (happening: ExchangeHappening) => void
  readonly doubts: Doubts
}

/** Peers that said in passing that they saw more of our log than this database holds. */
export type Doubts = Set<NodeId>

/** Sizes cosigned and complaints made, for each witness, while this process lives; a witness tells the rest itself. */
export type Witnesses = {
  readonly sizes: Map<NodeId, number>
  readonly said: Map<NodeId, string>
  /** Those who were asked what they saw of our log, and answered. */
  readonly met: Set<NodeId>
}

const atMostEveryMs = 1000
const lookAgainMs = 30_000
/** While nothing is signed: those who did not answer may be back. */
const askAgainMs = 3000

export async function askWitnesses(parts: WitnessParts, signal: AbortSignal): Promise<void> {
  const witnesses: Witnesses = { sizes: new Map(), said: new Map(), met: new Set() }
  const held = heldRounds(parts, signal)
  let isFirst = true
  while (!signal.aborted) {
    const seen = parts.growth.count()
    let pauseMs: number | undefined
    try {
      pauseMs = await held()
      if (pauseMs === undefined) {
        const active = (await parts.peers.all()).filter(({ state }) => state === 'active')
        const doubted = active.filter(({ node }) => isFirst || parts.doubts.has(node))
        await Promise.all(doubted.map((peer) => metIfThere(parts, witnesses, { peer, signal })))
        isFirst = false
        const checkpoint = await parts.log.integrate()
        await Promise.all(active.map((peer) => askOne(parts, witnesses, { peer, checkpoint, signal })))
      }
    } catch (error) {
      if (error instanceof LogHeld) continue
      if (!signal.aborted) parts.on({ kind: 'broken', error })
    }
    await waited(pauseMs ?? atMostEveryMs, signal)
    if (pauseMs === undefined) await parts.growth.wait(seen, lookAgainMs, signal)
  }
}

/** One round while signing is held; answers how long to wait for the next, or undefined where the log is signed. */
function heldRounds(parts: WitnessParts, signal: AbortSignal): () => Promise<number | undefined> {
  let told = ''
  return async () => {
    if ((await parts.hold.state()).kind === 'signs') return undefined
    const { outcome } = await askAboutOurLog(parts, signal)
    if (outcome.kind === 'resumes') parts.on({ kind: 'log-resumed', by: outcome.by })
    const signing = await parts.hold.state()
    if (signing.kind === 'signs') return undefined
    const { reason, answers } = signing
    const said = answers.map(({ peer, answer }) => `${peer} ${answerText(answer)}`)
    const telling = [reason, ...said].join('\n')
    if (telling !== told && !signal.aborted) parts.on({ kind: 'log-held', reason, said })
    told = telling
    return reason === 'ahead' ? lookAgainMs : askAgainMs
  }
}

/**
 * Asks what it saw of our log, once in the life of this process and again when it is in doubt. True: it is ahead, and
 * signing is held. Throws `PeerFailed` where it is away; one that answers and does not say is left to its witness.
 */
async function meet(
  { doubts, ...parts }: WitnessParts,
  { met }: Witnesses,
  { peer, signal }: Pick<Asked, 'peer' | 'signal'>,
): Promise<boolean> {
  const { node } = peer
  if (met.has(node) && !doubts.has(node)) return false
  const isAhead = await holdIfAhead(parts, peer, signal).catch((error: unknown) => {
    if (error instanceof PeerFailed && error.code === 'exchange/refused') return false
    throw error
  })
  met.add(node)
  doubts.delete(node)
  return isAhead
}

/** Who is away is met when it is back. */
const metIfThere = (...meeting: Parameters<typeof meet>): Promise<boolean> =>
  meet(...meeting).catch((error: unknown) => {
    if (error instanceof PeerFailed) return false
    throw error
  })

type Asked = { readonly peer: Peer; readonly checkpoint: SignedCheckpoint; readonly signal: AbortSignal }

async function askOne(
  parts: WitnessParts,
  witnesses: Witnesses,
  { peer, checkpoint, signal }: Asked,
): Promise<void> {
  const { log, on } = parts
  const { sizes, said } = witnesses
  const { node } = peer
  const old = sizes.get(node) ?? 0
  if (old >= checkpoint.size) return
  const say = (message: string) => {
    if (said.get(node) !== message) on({ kind: 'not-witnessed', peer: node, message })
    said.set(node, message)
  }
  try {
    if (await meet(parts, witnesses, { peer, signal })) return
    const answer = await askToCosign(parts, { peer, checkpoint, old, signal })
    switch (answer.kind) {
      case 'cosigned':
        await log.cosign(checkpoint.size, answer.lines)
        sizes.set(node, checkpoint.size)
        said.delete(node)
        return
      case 'ahead':
      case 'forked':
        on({ kind: 'own-log-behind', peer: node, size: answer.size })
        await holdIfAhead(parts, peer, signal)
        return
      case 'refused':
        say(`It does not cosign (status ${answer.status}): ${answer.says}`)
        await holdIfAhead(parts, peer, signal)
        return
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
