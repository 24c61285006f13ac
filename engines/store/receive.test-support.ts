/** A peer's record on its way: what tests of receiving do not care about. */
import {
  type Draft,
  type MosaicRecord,
  type NodeId,
  nodeId,
  type Parcel,
  parcelOf,
  recordId,
} from '../record/index.ts'
import type { Arrival, OriginProof } from './contract.ts'
import { aReport, atMainShock } from './store.test-support.ts'

export const skopje = nodeId('skopje.example')

export function aPeerRecord(parts: Partial<MosaicRecord> = {}): MosaicRecord {
  const { type, key, realm, producer, valid, body }: Draft = aReport()
  const origin = parts.origin ?? skopje
  return {
    id: recordId(origin, parts.type ?? type, parts.key ?? key, parts.realm ?? realm),
    version: 1,
    type,
    schemaVersion: 1,
    origin,
    key,
    realm,
    producer,
    attribution: [],
    recordedAt: atMainShock,
    valid,
    handling: { tlp: 'TLP:GREEN' },
    links: [],
    body,
    ...parts,
  }
}

/** Of the shape of a proof; the store keeps it and does not read it. */
export const aProof = (index = 0): OriginProof => ({
  index,
  treeSize: index + 1,
  hashes: [Buffer.alloc(32, index).toString('base64')],
  checkpoint: `skopje.example/log\n${index + 1}\n`,
})

export type ArrivalParts = {
  readonly salt?: Uint8Array
  readonly withheld?: readonly string[]
  readonly via?: NodeId
  readonly proof?: OriginProof
}

export function arriving(record: MosaicRecord, parts: ArrivalParts = {}): Arrival {
  const { salt = new Uint8Array(32).fill(7), withheld = [], via = skopje, proof = aProof() } = parts
  return { parcel: sent(parcelOf(record, salt, withheld)), via, proof }
}

/** As it comes over the wire. */
export const sent = (parcel: Parcel): Parcel => JSON.parse(JSON.stringify(parcel))
