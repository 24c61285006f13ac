/**
 * Verifying what a peer sent, before anything of it is stored.
 *
 *     the batch   the peer's checkpoint is signed by a key of its log, and extends the one we saw before
 *     each item   opens as a record; its leaf stands at its index under a checkpoint; that checkpoint is signed by a key
 *                 of a log that speaks for the record's origin (`whose-log.ts`); and its handling lets this node have it
 *
 * Successions among the items are looked at first, since they say whose log speaks for the others. Each checkpoint is
 * verified once. What is wrong with the batch is thrown and nothing of it is taken; what is wrong with an item is its
 * issue, and the others go on.
 */
import {
  type Digest,
  type Issue,
  type MosaicRecord,
  type NodeId,
  type OpenedParcel,
  openParcel,
  shown,
} from '../record/index.ts'
import type { Arrival } from '../store/index.ts'
import {
  type Checkpoint,
  inclusionUnder,
  type OpenedCheckpoint,
  openCheckpoint,
  originOf,
  verifyConsistency,
} from '../tlog/index.ts'
import type { Batch, BatchItem, Peer } from './contract.ts'
import { LogForked, PeerFailed } from './errors.ts'
import { issue } from './issue.ts'
import { isSuccession, judgeSuccession } from './judge-succession.ts'
import { nodeOfLog, type Origins } from './origins.ts'
import type { Successions } from './succession.ts'
import { createPlayed, logIssues, type Played } from './whose-log.ts'

type Seen = Checkpoint & { readonly note: string }

/**
 * The peer's newest checkpoint, where it said one. `seen`: the newest of its log that we knew when we asked, from which
 * it proves. While a request is held, others bring newer ones; from those the next answer proves.
 */
export async function verifyHead(
  origins: Origins,
  peer: Peer,
  { head, checkpoints, seen }: Pick<Batch, 'head' | 'checkpoints'> & { readonly seen: Seen | undefined },
): Promise<{ readonly checkpoint: Checkpoint; readonly note: string } | undefined> {
  if (head === undefined) return undefined
  const note = checkpoints[head.under] ?? ''
  const opened = openCheckpoint(note, await origins.verifiers(peer.node))
  if (opened.kind !== 'verified') throw new PeerFailed('exchange/wrong-checkpoint', checkpointFault(opened))
  const { checkpoint } = opened
  if (checkpoint.origin !== peer.logOrigin)
    throw new PeerFailed(
      'exchange/wrong-checkpoint',
      `Its checkpoint is of ${shown(checkpoint.origin)}, not of its own log.`,
    )
  if (seen !== undefined) extendsSeen(peer, { checkpoint, note, proof: head.consistency }, seen)
  return { checkpoint, note }
}

function extendsSeen(
  peer: Peer,
  given: { readonly checkpoint: Checkpoint; readonly note: string; readonly proof: readonly string[] },
  seen: Seen,
): void {
  const { checkpoint, note } = given
  if (checkpoint.size < seen.size)
    throw new PeerFailed(
      'exchange/old-checkpoint',
      `Its log had ${seen.size} records and now shows ${checkpoint.size}: an older state, perhaps a restored backup. Ask its operators.`,
    )
  const { size: from, root: rootFrom } = seen
  const proof = given.proof.map(bytesOf)
  if (!verifyConsistency({ from, to: checkpoint.size, rootFrom, rootTo: checkpoint.root, proof }))
    throw new LogForked(peer.node, { seen: seen.note, given: note })
}

/** Does our own handling policy let this node have the record? */
export type MayHold = (record: MosaicRecord, withheld: readonly string[]) => readonly Issue[]

export type Verdict =
  | {
      readonly kind: 'sound'
      readonly arrival: Arrival
      readonly leaf: Digest
      readonly record: MosaicRecord
      readonly withheld: readonly string[]
    }
  /** This node wrote it: what it holds needs no second look, and what it lost is held whole, to be looked at. */
  | {
      readonly kind: 'own'
      readonly item: BatchItem
      readonly record: MosaicRecord
      readonly issues: readonly Issue[]
    }
  /** Its proof or its form is wrong: held whole, to be looked at. */
  | { readonly kind: 'wrong'; readonly item: BatchItem; readonly issues: readonly Issue[] }
  /** Proven, and not for us: only what it is called is kept. */
  | { readonly kind: 'not-for-us'; readonly record: MosaicRecord; readonly issues: readonly Issue[] }

export type VerifyParts = {
  readonly origins: Origins
  readonly mayHold: MayHold
  readonly node: NodeId
  readonly successions: () => Promise<Successions>
}

export type VerifiedItems = {
  readonly verdicts: readonly Verdict[]
  /** Checkpoints of whatever origin that hold, with their notes. */
  readonly checkpoints: readonly { readonly checkpoint: Checkpoint; readonly note: string }[]
}

export async function verifyItems(
  parts: VerifyParts,
  via: NodeId,
  { checkpoints, items }: Pick<Batch, 'checkpoints' | 'items'>,
): Promise<VerifiedItems> {
  const opened = await Promise.all(checkpoints.map((note) => openNote(parts.origins, note)))
  const under = opened.map((one) => (one.kind === 'verified' ? inclusionUnder(one.checkpoint) : undefined))
  const parcels = items.map(({ parcel }) => openParcel(parcel))
  const played = await createPlayed(
    parts,
    parcels.flatMap((parcel) => (parcel.kind === 'opened' ? [parcel.record] : [])),
  )
  let successions = await parts.successions()
  const examine = (at: number): Verdict => {
    const item = items[at] as BatchItem
    return verdictOf(parts, {
      item,
      parcel: parcels[at] as OpenedParcel,
      via,
      checkpoint: opened[item.under],
      isIncluded: under[item.under],
      note: checkpoints[item.under] ?? '',
      played,
      successions,
    })
  }
  const first = new Map<number, Verdict>()
  for (const [at, parcel] of parcels.entries()) {
    if (parcel.kind !== 'opened' || !isSuccession(parcel.record)) continue
    const judged = await judgeSuccession(parts, examine(at), successions)
    first.set(at, judged.verdict)
    successions = judged.successions
  }
  const verdicts = parcels.map((parcel, at): Verdict => {
    if (parcel.kind === 'refused')
      return { kind: 'wrong', item: items[at] as BatchItem, issues: parcel.issues }
    return first.get(at) ?? examine(at)
  })
  const sound = opened.flatMap((one, at) =>
    one.kind === 'verified' ? [{ checkpoint: one.checkpoint, note: checkpoints[at] ?? '' }] : [],
  )
  return { verdicts, checkpoints: sound }
}

async function openNote(origins: Origins, note: string): Promise<OpenedCheckpoint> {
  const node = nodeOfLog(note.slice(0, Math.max(0, note.indexOf('\n'))))
  return openCheckpoint(note, node === undefined ? [] : await origins.verifiers(node))
}

type Examined = {
  readonly item: BatchItem
  readonly parcel: OpenedParcel
  readonly via: NodeId
  readonly checkpoint: OpenedCheckpoint | undefined
  /** Of the checkpoint, where it is verified: one for all items under it. */
  readonly isIncluded: ReturnType<typeof inclusionUnder> | undefined
  readonly note: string
  readonly played: Played
  readonly successions: Successions
}

function verdictOf(parts: VerifyParts, examined: Examined): Verdict {
  const { item, parcel, via, note } = examined
  if (isOwn(parts.node, examined))
    return { kind: 'own', item, record: parcel.record, issues: [ownRecord(parcel.record)] }
  const issues = proofIssues(examined)
  if (issues.length > 0) return { kind: 'wrong', item, issues }
  const { record } = parcel
  const against = parts.mayHold(record, parcel.withheld)
  if (against.length > 0) return { kind: 'not-for-us', record, issues: against }
  return {
    kind: 'sound',
    leaf: parcel.leaf,
    record,
    withheld: parcel.withheld,
    arrival: { parcel: item.parcel, via, proof: { ...item.proof, checkpoint: note } },
  }
}

/** By its origin, or by the log that it says proves it: this node plays exercises under other names. */
const isOwn = (me: NodeId, { parcel, checkpoint }: Examined): boolean =>
  parcel.record.origin === me ||
  (checkpoint !== undefined &&
    checkpoint.kind !== 'malformed' &&
    checkpoint.checkpoint.origin === originOf(me))

const ownRecord = ({ id, version }: MosaicRecord): Issue =>
  issue('exchange/own-record', '/parcel', `${id}@${version}`, 'A record that this node wrote comes back.')

function proofIssues(examined: Examined): readonly Issue[] {
  const {
    item: { proof },
    parcel: { record, leaf },
    checkpoint: opened,
    isIncluded,
  } = examined
  if (opened === undefined)
    return [issue('exchange/no-checkpoint', '/under', '', 'It names a checkpoint that is not there.')]
  if (opened.kind === 'malformed')
    return [issue('exchange/wrong-checkpoint', '/under', '', checkpointFault(opened))]
  const { checkpoint } = opened
  const against = logIssues({ ...examined, record, leaf, index: proof.index, checkpoint })
  if (against.length > 0) return against
  if (opened.kind !== 'verified')
    return [
      issue(
        opened.kind === 'forged' ? 'exchange/wrong-checkpoint' : 'exchange/unknown-origin',
        '/under',
        checkpoint.origin,
        checkpointFault(opened),
      ),
    ]
  const { index, treeSize, hashes } = proof
  const isProven =
    treeSize === checkpoint.size && isIncluded?.({ index, entry: leafBytes(leaf), proof: hashes }) === true
  if (!isProven)
    return [
      issue(
        'exchange/not-in-log',
        '/proof',
        `${record.id}@${record.version}`,
        "Its proof does not lead to its origin's checkpoint; it was altered, or is not of that log.",
      ),
    ]
  examined.played.prove(record, checkpoint.origin)
  return []
}

function checkpointFault(opened: Exclude<OpenedCheckpoint, { readonly kind: 'verified' }>): string {
  switch (opened.kind) {
    case 'malformed':
      return `A checkpoint is no signed note: ${opened.says}.`
    case 'unknown-signer':
      return `No key of ${shown(opened.checkpoint.origin)} that is known here signed its checkpoint; add it as a peer, or let a peer introduce it.`
    case 'forged':
      return `The signature under the checkpoint of ${shown(opened.checkpoint.origin)} does not verify.`
    default:
      return opened satisfies never
  }
}

const bytesOf = (base64: string): Uint8Array => {
  const buffer = Buffer.from(base64, 'base64')
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
const leafBytes = (leaf: Digest): Uint8Array => new Uint8Array(Buffer.from(leaf, 'hex'))
