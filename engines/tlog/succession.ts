/**
 * Succession: one node takes over what another owned. The old node says so itself (a merge), or two people who hold its
 * shares do (recovery); either way a key of the old node signs which node follows and where the old log ends:
 *
 *     mosaic-succession-1 \n from \n to \n kind \n SHA-256 of the last checkpoint's note, hexadecimal \n key id \n
 *
 * Nobody else can make one, and one can be made only to a named node. A merge is a record in the old node's own log,
 * where it has a place; a recovery, when that log takes nothing more, stands in the log of the node that follows. Which of
 * several holds: succession-order.ts. From then on the new node may recall what the old one owned, and writes its next
 * versions, under the old one's name and proven by the new one's log (docs/decisions/0021).
 */
import { hash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { defineRecord, type NodeId } from '../record/index.ts'
import { fromBase64, toBase64, utf8 } from './bytes.ts'
import { logVerifier, openCheckpoint, originOf } from './checkpoint.ts'
import type { Checkpoint, PublicKey } from './contract.ts'
import { verifyEd25519 } from './ed25519.ts'
import { maxNoteBytes } from './note.ts'

const Node = Type.String({ pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$', maxLength: 253 })

export const tlogSuccession = defineRecord({
  type: 'tlog.succession',
  schemaVersion: 1,
  terms: 'C2SP tlog-checkpoint',
  body: Type.Object(
    {
      from: Node,
      to: Node,
      kind: Type.Union([Type.Literal('merge'), Type.Literal('recovery')]),
      /** The last checkpoint of the old log: the signed note. */
      checkpoint: Type.String({ maxLength: maxNoteBytes }),
      keyId: Type.String({ pattern: '^[0-9a-f]{8}$' }),
      signature: Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' }),
    },
    { additionalProperties: false },
  ),
})

export type SuccessionBody = Static<typeof tlogSuccession.body>
const bodies = Compile(tlogSuccession.body)

export type Successor = {
  readonly from: NodeId
  readonly to: NodeId
  readonly kind: 'merge' | 'recovery'
  readonly checkpoint: string
  readonly keyId: string
}

const messageOf = ({ from, to, kind, checkpoint, keyId }: Successor): Uint8Array =>
  utf8(`mosaic-succession-1\n${from}\n${to}\n${kind}\n${hash('sha256', checkpoint)}\n${keyId}\n`)

/** `sign` is the old node's. */
export const successionBody = (
  successor: Successor,
  sign: (message: Uint8Array) => Uint8Array,
): SuccessionBody => ({ ...successor, signature: toBase64(sign(messageOf(successor))) })

export type Succession =
  | {
      readonly kind: 'succeeds'
      readonly from: NodeId
      readonly to: NodeId
      /** Where the old log ends: what it holds beyond is not the old node's word any more. */
      readonly end: Checkpoint
      /** Does the record that says so stand in the old node's own log? */
      readonly isInOldLog: boolean
    }
  | { readonly kind: 'refused'; readonly reason: SuccessionRefusal }

export type SuccessionRefusal =
  | 'malformed'
  /** The record is of neither node. */
  | 'other-origin'
  | 'same-node'
  | 'unknown-key'
  | 'key-revoked'
  | 'forged'
  /** A merge that the old node's own log does not hold. */
  | 'not-in-old-log'
  /** The checkpoint is not one of the old log, signed by it. */
  | 'wrong-checkpoint'

/** `keysOfOld`: all keys of the old node that were ever vouched for (`followKeys(…).known`). */
export function succeeds(
  record: { readonly type: string; readonly origin: NodeId; readonly body: unknown },
  keysOfOld: readonly PublicKey[],
): Succession {
  const { body } = record
  if (record.type !== tlogSuccession.type || !bodies.Check(body)) return refused('malformed')
  const from = body.from as NodeId
  const to = body.to as NodeId
  if (from === to) return refused('same-node')
  if (record.origin !== from && record.origin !== to) return refused('other-origin')
  const key = keysOfOld.find(({ node, keyId }) => node === from && keyId === body.keyId)
  if (key === undefined) return refused('unknown-key')
  if (key.revokedAt !== undefined) return refused('key-revoked')
  const { signature, ...said } = body
  const isSigned = verifyEd25519(
    fromBase64(key.key) ?? new Uint8Array(0),
    messageOf({ ...said, from, to }),
    fromBase64(signature) ?? new Uint8Array(0),
  )
  if (!isSigned) return refused('forged')
  const isInOldLog = record.origin === from
  if (!isInOldLog && body.kind === 'merge') return refused('not-in-old-log')
  const sound = keysOfOld.filter(({ node, revokedAt }) => node === from && revokedAt === undefined)
  const opened = openCheckpoint(body.checkpoint, sound.map(logVerifier))
  if (opened.kind !== 'verified' || opened.checkpoint.origin !== originOf(from))
    return refused('wrong-checkpoint')
  const { origin, size, root } = opened.checkpoint
  return { kind: 'succeeds', from, to, end: { origin, size, root }, isInOldLog }
}

const refused = (reason: SuccessionRefusal): Succession => ({ kind: 'refused', reason })
