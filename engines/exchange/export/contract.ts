/**
 * An export: what one principal may have of a node, in a file. JSON, a line each:
 *
 *     header        who, when, for what purpose, what was asked for, and the policy's condition that let it through
 *     key           a vkey of a log that proofs refer to (C2SP signed-note)
 *     checkpoint    a signed note that the proofs after it refer to by its number, from 0
 *     record        the record as its principal may have it, with the fields that were withheld; the handling that binds
 *                   here where it is stricter than the record's own; with proofs its parcel and where its leaf stands
 *     end           how many records, the SHA-256 of all lines before, and the node's Ed25519 signature over
 *                   "mosaic-export-1\n" and that digest
 *
 * Without proofs nothing in it depends on a record that the principal may not have. With them it does: a proof says at
 * which place of the log a record stands, and a checkpoint how long the log is, so that whoever reads them can count what
 * lies between. Proofs are therefore asked for (`withProofs`). Keys that stand in the file show that it is whole; that they
 * are the node's only somebody knows who has them from elsewhere.
 */
import type { Asking } from '../../access/index.ts'
import type { Handling, Instant, MosaicRecord, NodeId, Parcel, Realm } from '../../record/index.ts'
import type { Condition, OriginProof } from '../../store/index.ts'

export const exportFormat = 1

export type ExportAsked = {
  readonly asking: Asking
  readonly realm: Realm
  /** `hazards.event`, `warn.*`; absent: every type. */
  readonly types?: readonly string[]
  /** `newest` (default) or `all` versions. */
  readonly versions?: 'newest' | 'all'
  readonly withProofs?: boolean
}

export type ExportHeader = {
  readonly kind: 'header'
  readonly format: typeof exportFormat
  readonly node: NodeId
  readonly at: Instant
  readonly for: string
  readonly organisation?: string
  readonly purpose: string
  readonly caseNumber?: string
  readonly asked: Omit<ExportAsked, 'asking'>
  readonly policy: Condition
}

export type ExportRecord = {
  readonly kind: 'record'
  readonly record: MosaicRecord
  readonly withheld: readonly string[]
  readonly handling?: Handling
  readonly parcel?: Parcel
  readonly under?: number
  readonly proof?: Omit<OriginProof, 'checkpoint'>
}

export type ExportEnd = {
  readonly kind: 'end'
  readonly records: number
  readonly sha256: string
  /** The vkey of the node's key that signed. */
  readonly by: string
  /** base64 */
  readonly signature: string
}

export type ExportLine =
  | ExportHeader
  | { readonly kind: 'key'; readonly vkey: string }
  | { readonly kind: 'checkpoint'; readonly note: string }
  | ExportRecord
  | ExportEnd

export const signedText = (sha256: string): Uint8Array =>
  new TextEncoder().encode(`mosaic-export-1\n${sha256}`)
