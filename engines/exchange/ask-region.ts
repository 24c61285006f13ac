/**
 * Ask the region: one question to every active peer at once. What comes back is verified like a pull and stored nowhere;
 * and for every peer it is said whether it answered, refused and why, or did not answer in time.
 */
import type { MosaicRecord, NodeId } from '../record/index.ts'
import type { Client } from './client.ts'
import type { Peer } from './contract.ts'
import { PeerFailed } from './errors.ts'
import { type MayHold, type VerifyParts, verifyItems } from './verify.ts'
import { parseAnswers, type Question } from './wire.ts'

export type AskParts = Omit<VerifyParts, 'mayHold'> & {
  readonly client: Client
  readonly mayHold: () => MayHold
}

export type RegionAnswer = {
  readonly records: readonly AnsweredRecord[]
  readonly nodes: readonly NodeAnswer[]
}

export type AnsweredRecord = {
  readonly record: MosaicRecord
  readonly withheld: readonly string[]
  /** Who gave it. */
  readonly from: readonly NodeId[]
}

export type NodeAnswer =
  | {
      readonly kind: 'answered'
      readonly node: NodeId
      readonly count: number
      /** It has more than it gave at once. */
      readonly isAll: boolean
      /** Records of it that could not be verified, or are not for us. */
      readonly refused: number
    }
  | { readonly kind: 'refused'; readonly node: NodeId; readonly reason: string }
  | { readonly kind: 'silent'; readonly node: NodeId; readonly reason: string }

export async function askRegion(
  parts: AskParts,
  peers: readonly Peer[],
  asked: { readonly question: Question; readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<RegionAnswer> {
  const answers = await Promise.all(peers.map((peer) => askOne(parts, peer, asked)))
  return {
    records: together(answers.flatMap(({ records }) => records)),
    nodes: answers.map(({ node }) => node),
  }
}

type One = { readonly node: NodeAnswer; readonly records: readonly AnsweredRecord[] }

async function askOne(
  parts: AskParts,
  peer: Peer,
  { question, timeoutMs, signal }: Parameters<typeof askRegion>[2],
): Promise<One> {
  const { node } = peer
  if (peer.state !== 'active')
    return {
      node: { kind: 'silent', node, reason: `It is not asked: ${peer.stateReason ?? peer.state}.` },
      records: [],
    }
  const maxBytes = 8 * 1024 * 1024
  try {
    const { body } = await parts.client.ask(
      peer,
      {
        method: 'POST',
        path: '/exchange/v1/ask',
        body: Buffer.from(JSON.stringify(question)),
        mediaType: 'application/json',
      },
      { timeoutMs, idleMs: timeoutMs, maxBytes, maxUnfoldedBytes: maxBytes, ...(signal && { signal }) },
    )
    const { isAll, ...batch } = parseAnswers(body)
    const { verdicts } = await verifyItems({ ...parts, mayHold: parts.mayHold() }, node, batch)
    const records = verdicts.flatMap((verdict) =>
      verdict.kind === 'sound' ? [{ record: verdict.record, withheld: verdict.withheld, from: [node] }] : [],
    )
    const refused = verdicts.length - records.length
    return { node: { kind: 'answered', node, count: records.length, isAll, refused }, records }
  } catch (error) {
    if (!(error instanceof PeerFailed)) throw error
    const kind = error.code === 'exchange/refused' ? 'refused' : 'silent'
    return { node: { kind, node, reason: error.message }, records: [] }
  }
}

/** Each version once, with the most that anybody gave of it. */
function together(all: readonly AnsweredRecord[]): readonly AnsweredRecord[] {
  const found = new Map<string, AnsweredRecord>()
  for (const one of all) {
    const name = `${one.record.id}@${one.record.version}`
    const before = found.get(name)
    if (before === undefined) found.set(name, one)
    else {
      const fuller = one.withheld.length < before.withheld.length ? one : before
      found.set(name, { ...fuller, from: [...before.from, ...one.from] })
    }
  }
  return [...found.values()]
}
