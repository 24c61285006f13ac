/**
 * The body of `add-checkpoint` (C2SP tlog-witness):
 *
 *     old <size>\n [<hash, base64>\n …, at most 63] \n <checkpoint>
 */
import { fromBase64, fromUtf8, toBase64 } from './bytes.ts'
import type { Hash } from './contract.ts'
import { hashBytes, maxProofHashes } from './merkle.ts'
import { maxNoteBytes } from './note.ts'

/** Proof lines are 45 bytes each; the rest is the note. */
export const maxRequestBytes = maxNoteBytes + 46 * (maxProofHashes + 2)

export type AddCheckpoint = { readonly old: number; readonly proof: readonly Hash[]; readonly note: string }

export const formatAddCheckpoint = ({ old, proof, note }: AddCheckpoint): string =>
  `old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${note}`

/** Undefined for what is of no such form. */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint | undefined {
  const text = body.length <= maxRequestBytes ? fromUtf8(body) : undefined
  const end = text?.indexOf('\n\n') ?? -1
  if (text === undefined || end < 0) return undefined
  const [first = '', ...lines] = text.slice(0, end).split('\n')
  const [, size] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? []
  const old = Number(size)
  const proof = lines.map(fromBase64)
  if (size === undefined || !Number.isSafeInteger(old) || lines.length > maxProofHashes) return undefined
  if (!proof.every((hash): hash is Hash => hash?.length === hashBytes)) return undefined
  return { old, proof, note: text.slice(end + 2) }
}
