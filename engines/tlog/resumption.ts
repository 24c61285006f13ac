/**
 * What peers last saw of our log, and what follows: may a node that was restored from a backup sign again?
 *
 *     ahead        it shows a checkpoint that this node signed and this database does not hold: larger, or of another root.
 *                  To sign on would be a second history, and that peer could prove it: never again under this log
 *     says-ahead   it says so and shows nothing signed. Signing stays held; when people have found out that it says what is
 *                  not true they suspend it, and who is suspended is not asked
 *     no-answer    nobody knows what it saw: it is asked again, and a person may decide not to wait
 *     not-ahead    what it saw last stands in this database
 *
 * Signing goes on by itself when every active peer is known to be not ahead. With no peer there is nobody who could have
 * seen more.
 */
import type { Instant, NodeId } from '../record/index.ts'

export type LastSeen =
  | { readonly kind: 'not-ahead'; readonly size: number }
  | { readonly kind: 'ahead'; readonly size: number; readonly note: string }
  | { readonly kind: 'says-ahead'; readonly size: number }
  | { readonly kind: 'no-answer'; readonly says: string }

export type PeerAnswer = { readonly peer: NodeId; readonly at: Instant; readonly answer: LastSeen }

export type Resumption =
  | { readonly kind: 'resumes'; readonly by: 'answers' | 'person' }
  | {
      readonly kind: 'stays-held'
      readonly reason: Exclude<LastSeen['kind'], 'not-ahead'>
      /** Those who say so. */
      readonly peers: readonly NodeId[]
    }

/** In words, behind the name of the peer. */
export function answerText(answer: LastSeen): string {
  switch (answer.kind) {
    case 'not-ahead':
      return answer.size === 0
        ? 'saw nothing of this log'
        : `saw ${answer.size} records, which stand in this database`
    case 'ahead':
      return `saw ${answer.size} records, signed by this node, which this database does not hold`
    case 'says-ahead':
      return `says that it saw another log of ${answer.size} records, and shows nothing that this node signed`
    case 'no-answer':
      return `has not said what it saw: ${answer.says}`
    default:
      return answer satisfies never
  }
}

/** `because`: why a person does not wait for those who do not answer. */
export function resumptionOf(
  answers: readonly Pick<PeerAnswer, 'peer' | 'answer'>[],
  because?: string,
): Resumption {
  const who = (kind: LastSeen['kind']) =>
    answers.filter(({ answer }) => answer.kind === kind).map(({ peer }) => peer)
  for (const reason of ['ahead', 'says-ahead'] as const) {
    const peers = who(reason)
    if (peers.length > 0) return { kind: 'stays-held', reason, peers }
  }
  const silent = who('no-answer')
  if (silent.length === 0) return { kind: 'resumes', by: 'answers' }
  return because === undefined
    ? { kind: 'stays-held', reason: 'no-answer', peers: silent }
    : { kind: 'resumes', by: 'person' }
}

/** What was found before is not unsaid: of each peer the proof, where there is one, else what it says now. */
export function withProofs(
  answers: readonly PeerAnswer[],
  before: readonly PeerAnswer[],
): readonly PeerAnswer[] {
  const proofs = before.filter(({ answer }) => answer.kind === 'ahead')
  const proven = new Set(proofs.map(({ peer }) => peer))
  return [...proofs, ...answers.filter(({ peer }) => !proven.has(peer))]
}
