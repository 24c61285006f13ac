/**
 * What a node asks of a sender's messages.
 *
 * @NOTE no chain of trust is built and no revocation is asked for: a certificate inside a message only shows its key.
 * Whether that key is the authority's, the node must know beforehand: `trustedFingerprints` comes to it another way.
 */
export type CapPolicy = {
  /** require: withhold unless a trusted signature verifies. verify: report what fails. ignore: do not look. */
  readonly signature: 'require' | 'verify' | 'ignore'
  /** SHA-256 of certificates (DER) or bare keys (SPKI), lower-case hex. Absent: any embedded key will do. */
  readonly trustedFingerprints?: readonly string[]
  /** Absent: anybody may be the sender. */
  readonly knownSenders?: readonly string[]
}

export const defaultCapPolicy: CapPolicy = { signature: 'verify' }
