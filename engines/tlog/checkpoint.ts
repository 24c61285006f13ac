/**
 * Checkpoints (C2SP tlog-checkpoint): a signed note whose text says which tree is meant.
 *
 *     <origin>\n<size, decimal>\n<root, base64>\n[<extension line>\n …]
 *
 * The origin of a node's log is its name and `/log`, and the keys that sign it carry that name. Extension lines of
 * others are kept, since they are signed too; our own checkpoints have none.
 */
import type { NodeId } from '../record/index.ts'
import { fromBase64, toBase64 } from './bytes.ts'
import type { Checkpoint, PublicKey } from './contract.ts'
import { hashBytes } from './merkle.ts'
import { ed25519Type, type Note, parseNote, type Verifier, verifierOf, verifyNote } from './note.ts'

export const originOf = (node: NodeId): string => `${node}/log`

export type ReadCheckpoint = Checkpoint & { readonly extensions: readonly string[] }

export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${toBase64(root)}\n`

/** Undefined when the text of the note is none. */
export function parseCheckpointText(text: string): ReadCheckpoint | undefined {
  const [origin = '', size = '', root = '', ...rest] = text.split('\n')
  if (rest.pop() !== '' || rest.includes('') || origin === '') return undefined
  const bytes = fromBase64(root)
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || bytes?.length !== hashBytes) return undefined
  const count = Number(size)
  if (!Number.isSafeInteger(count)) return undefined
  return { origin, size: count, root: bytes, extensions: rest }
}

export type OpenedCheckpoint =
  | {
      readonly kind: 'verified'
      readonly checkpoint: ReadCheckpoint
      readonly note: Note
      readonly by: readonly Verifier[]
    }
  | { readonly kind: 'malformed'; readonly says: string; readonly offset: number }
  /** Sound, and of no key that we know. */
  | {
      readonly kind: 'unknown-signer'
      readonly checkpoint: ReadCheckpoint
      readonly found: readonly string[]
    }
  | {
      readonly kind: 'forged'
      readonly checkpoint: ReadCheckpoint
      readonly name: string
      readonly keyId: string
    }

/** Reads a checkpoint and checks who signed it. */
export function openCheckpoint(bytes: Uint8Array | string, known: readonly Verifier[]): OpenedCheckpoint {
  const note = parseNote(bytes)
  if (note.kind === 'malformed') return note
  const checkpoint = parseCheckpointText(note.text)
  if (!checkpoint)
    return { kind: 'malformed', says: 'the text is not origin, size, root and extension lines', offset: 0 }
  const verdict = verifyNote(note, known)
  switch (verdict.kind) {
    case 'verified':
      return { kind: 'verified', checkpoint, note, by: verdict.by }
    case 'unknown-signer':
      return { kind: 'unknown-signer', checkpoint, found: verdict.found }
    case 'forged':
      return { ...verdict, checkpoint }
    default:
      return verdict satisfies never
  }
}

/** What checks the checkpoints of this key's node. */
export const logVerifier = ({ node, key }: Pick<PublicKey, 'node' | 'key'>): Verifier =>
  verifierOf(originOf(node), ed25519Type, fromBase64(key) ?? new Uint8Array(0))
