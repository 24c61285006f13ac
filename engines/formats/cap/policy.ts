/**
 * What a node asks of a sender's messages, and what a message's signatures are worth under that.
 *
 * @NOTE no chain of trust is built and no revocation is asked for: a certificate inside a message only shows its key.
 * Whether that key is the authority's, the node must know beforehand: `trustedFingerprints` comes to it another way.
 */
import type { XmlSignatureResult } from '../xml/signature.ts'
import type { CapAlert } from './alert.ts'

export type CapPolicy = {
  /** require: withhold unless a trusted signature verifies. verify: report what fails. ignore: do not look. */
  readonly signature: 'require' | 'verify' | 'ignore'
  /** SHA-256 of certificates (DER) or bare keys (SPKI), lower-case hex. Absent: any embedded key will do. */
  readonly trustedFingerprints?: readonly string[]
  /** Absent: anybody may be the sender. */
  readonly knownSenders?: readonly string[]
}

export const defaultCapPolicy: CapPolicy = { signature: 'verify' }

/** What the signatures of one message are worth under the policy of its sender. */
export type CapSignature =
  | { readonly kind: 'unsigned' }
  /** `trusted`: its key is on the policy's list; without a list nobody vouches for a key. */
  | {
      readonly kind: 'verified'
      readonly fingerprint: string
      readonly trusted: boolean
      readonly weak: boolean
    }
  | { readonly kind: 'failed' }
  /** The policy says to ignore it, or it is of a kind that cannot be checked here. */
  | { readonly kind: 'not-checked' }

/** Of several signatures the best counts: trusted, then verified, then failed. */
export function signatureOutcome({
  alert,
  signatures,
  policy,
}: {
  readonly alert: Pick<CapAlert, 'signatures'> | undefined
  readonly signatures: readonly XmlSignatureResult[]
  readonly policy: CapPolicy
}): CapSignature {
  const verified = signatures.flatMap((each) =>
    each.kind !== 'verified'
      ? []
      : [
          {
            kind: 'verified' as const,
            fingerprint: each.key.fingerprint,
            trusted: policy.trustedFingerprints?.includes(each.key.fingerprint) ?? false,
            weak: each.weak,
          },
        ],
  )
  const best = verified.find(({ trusted }) => trusted) ?? verified[0]
  if (best !== undefined) return best
  if (signatures.some(({ kind }) => kind !== 'unsupported')) return { kind: 'failed' }
  return signatures.length > 0 || (alert?.signatures ?? 0) > 0
    ? { kind: 'not-checked' }
    : { kind: 'unsigned' }
}
