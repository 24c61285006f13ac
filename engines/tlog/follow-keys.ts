/**
 * From the keys that people compared to those that a node signs with today.
 *
 * Statements are read in the order of the node's own log (`index`), which nobody can rearrange once it is witnessed; one
 * whose signer is not known yet waits for what comes after it:
 *
 * - A key is known when a key that is known vouches for it, is not revoked by then, and its time was not over when the
 *   new key's began. A key is never made valid again, nor for longer, by saying so later: what comes about a key that is
 *   known can only shorten its time.
 * - A key is revoked by one that descends from it, never by one that it descends from, nor by itself: after a theft the
 *   node makes a new key first and lets that one revoke, and the thief of an old key cannot revoke the new one.
 *
 * So a stolen key can be followed by a false heir only if the thief also writes the node's log before the node does; and
 * a pinned key that is lost together with its node is replaced by comparing fingerprints again.
 */
import type { Instant, NodeId } from '../record/index.ts'
import type { PublicKey } from './contract.ts'
import { asInstant, isSignedBy, keyStatementOf } from './key-records.ts'

export type StatedRecord = {
  readonly type: string
  readonly origin: NodeId
  readonly body: unknown
  /** In the log of its origin. Absent: they come in that order already. */
  readonly index?: number
}
export type KeyRefusalReason =
  | 'malformed'
  | 'other-node'
  | 'unknown-endorser'
  | 'endorser-revoked'
  | 'endorser-expired'
  | 'forged'
  | 'not-an-heir'
  | 'unknown-key'
export type KeyRefusal = { readonly at: number; readonly keyId?: string; readonly reason: KeyRefusalReason }

export type FollowedKeys = {
  /** Valid now: what may sign new checkpoints and messages. */
  readonly keys: readonly PublicKey[]
  /** All that were ever vouched for, with the end of their time: an older checkpoint verifies with one that was not revoked. */
  readonly known: readonly PublicKey[]
  readonly refusals: readonly KeyRefusal[]
}

type Known = { key: PublicKey; parent: string | undefined }

/** `records` of one node; those of other types are passed over. `at` of a refusal counts in this list. */
export function followKeys(
  pinned: readonly PublicKey[],
  records: readonly StatedRecord[],
  now: Instant,
): FollowedKeys {
  const known = new Map<string, Known>(pinned.map((key) => [key.keyId, { key, parent: undefined }]))
  const node = pinned[0]?.node
  const refusals: KeyRefusal[] = []
  let waiting = inLogOrder(records)
  for (let count = -1; count !== waiting.length; ) {
    count = waiting.length
    waiting = waiting.filter(({ record, at }) => {
      const reason = record.origin === node ? take(known, record) : 'other-node'
      if (reason === 'unknown-endorser' || reason === 'unknown-key') return true
      if (reason !== undefined) refusals.push(refusal(record, at, reason))
      return false
    })
  }
  for (const { record, at } of waiting) refusals.push(refusal(record, at, 'unknown-endorser'))
  const all = [...known.values()].map(({ key }) => key)
  return { keys: all.filter((key) => isValidAt(key, now)), known: all, refusals }
}

type Waiting = { readonly record: StatedRecord; readonly at: number }

/** A stable sort: those without index stay as they came. */
const inLogOrder = (records: readonly StatedRecord[]): readonly Waiting[] =>
  records
    .map((record, at) => ({ record, at }))
    .filter(({ record }) => record.type.startsWith('tlog.key'))
    .toSorted((a, b) => (a.record.index ?? 0) - (b.record.index ?? 0))

function refusal({ body }: StatedRecord, at: number, reason: KeyRefusalReason): KeyRefusal {
  const keyId = keyIdIn(body)
  return { at, ...(keyId !== undefined && { keyId }), reason }
}

export const isValidAt = (key: PublicKey, now: Instant): boolean =>
  key.revokedAt === undefined &&
  key.validFrom <= now &&
  (key.validUntil === undefined || now < key.validUntil)

/** Answers why not, where not. */
function take(known: Map<string, Known>, record: StatedRecord): KeyRefusalReason | undefined {
  const statement = keyStatementOf(record)
  if (statement === undefined) return 'malformed'
  const by = statement.kind === 'key' ? statement.body.endorsedBy : statement.body.by
  const signer = known.get(by)?.key
  const subject = known.get(statement.body.keyId)
  const vouchesForItself = statement.kind === 'key' && by === statement.body.keyId
  if (signer === undefined) return 'unknown-endorser'
  if (signer.revokedAt !== undefined) return 'endorser-revoked'
  if (!isSignedBy(statement, signer.key)) return 'forged'

  if (statement.kind === 'revocation') {
    if (subject === undefined) return 'unknown-key'
    if (!descendsFrom(known, by, statement.body.keyId)) return 'not-an-heir'
    subject.key = { ...subject.key, revokedAt: asInstant(statement.body.revokedAt) }
    return undefined
  }
  const { keyId, publicKey, validFrom, validUntil } = statement.body
  if (subject !== undefined) {
    if (subject.key.key !== publicKey) return 'forged'
    if (!vouchesForItself && !descendsFrom(known, by, keyId)) {
      subject.parent ??= by // pinned both: now it is known which is the heir
      return undefined
    }
    subject.key = shortened(subject.key, validUntil)
    return undefined
  }
  if (signer.validUntil !== undefined && signer.validUntil <= validFrom) return 'endorser-expired'
  const key: PublicKey = {
    node: statement.node,
    keyId,
    key: publicKey,
    validFrom: asInstant(validFrom),
    ...(validUntil !== undefined && { validUntil: asInstant(validUntil) }),
  }
  known.set(keyId, { key, parent: by })
  return undefined
}

function shortened(key: PublicKey, until: string | undefined): PublicKey {
  if (until === undefined || (key.validUntil !== undefined && key.validUntil <= until)) return key
  return { ...key, validUntil: asInstant(until) }
}

function descendsFrom(known: ReadonlyMap<string, Known>, heir: string, ancestor: string): boolean {
  for (let at = known.get(heir)?.parent; at !== undefined; at = known.get(at)?.parent)
    if (at === ancestor) return true
  return false
}

const keyIdIn = (body: unknown): string | undefined => {
  const id = (body as { readonly keyId?: unknown } | null)?.keyId
  return typeof id === 'string' ? id.slice(0, 8) : undefined
}
