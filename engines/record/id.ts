/**
 * A record's id: the first 160 bits, in hexadecimal, of the SHA-256 of the canonical array [origin, type, key, realm].
 * Stable, so the same thing ingested twice is the same record, on any node, without asking anybody.
 *
 * For types marked confidential the first 80 bits are of an HMAC-SHA-256 (RFC 2104) of the same under the node's secret:
 * who can guess a key (a plate, a passport number) still cannot confirm by trying that a record of it exists. The other
 * 80 bits are of the SHA-256 of the canonical array [origin, type, realm], so everybody can see whose id it is: else a
 * peer could give a record of its own the id of somebody else's, before the other's next version comes.
 */
import { createHmac, hash } from 'node:crypto'
import { canonical } from './canonical.ts'
import { InvalidRecord } from './errors.ts'
import type { MosaicRecord, NodeId, Realm, RecordId } from './record.ts'

const shape = /^[0-9a-f]{40}$/

export function recordId(origin: NodeId, type: string, key: string, realm: Realm): RecordId {
  return hash('sha256', canonical([origin, type, key, realm]), 'hex').slice(0, 40) as RecordId
}

/** The keyed variant, for types marked confidential. */
export function confidentialRecordId(
  secret: Uint8Array,
  origin: NodeId,
  type: string,
  key: string,
  realm: Realm,
): RecordId {
  if (secret.length < 32) throw new InvalidRecord('A secret for confidential ids has at least 32 bytes.')
  const mac = createHmac('sha256', secret).update(canonical([origin, type, key, realm]))
  return (mac.digest('hex').slice(0, 20) + ownerHalf(origin, type, realm)) as RecordId
}

const ownerHalf = (origin: NodeId, type: string, realm: Realm): string =>
  hash('sha256', canonical([origin, type, realm]), 'hex').slice(0, 20)

/**
 * Can its origin have given this record its id? Of a confidential type only the origin can compute all of it, everybody
 * can check half. `isConfidential` absent: the type is not known here, and may be either.
 */
export function isOwnId(record: Identity, isConfidential?: boolean): boolean {
  const { id, origin, type, key, realm } = record
  const isPlain = isConfidential !== true && id === recordId(origin, type, key, realm)
  return isPlain || (isConfidential !== false && id.endsWith(ownerHalf(origin, type, realm)))
}

type Identity = Pick<MosaicRecord, 'id' | 'origin' | 'type' | 'key' | 'realm'>

export const isRecordId = (value: unknown): value is RecordId =>
  typeof value === 'string' && shape.test(value)

/** Reads an id as people and peers write it. */
export function parseRecordId(text: string): RecordId {
  if (!isRecordId(text))
    throw new InvalidRecord(`"${text}" is not a record id: 40 lower-case hexadecimal digits.`)
  return text
}
