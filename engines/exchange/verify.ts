/**
 * Verifying what a peer sent, before anything of it is stored.
 *
 *     the batch   the peer's checkpoint is signed by a key of its log, and extends the one we saw before
 *     each item   opens as a record; its leaf stands at its index under a checkpoint; that checkpoint is signed by a key
 *                 of the log of the record's own origin; and its handling lets this node have it
 *
 * Each checkpoint is verified once. What is wrong with the batch is thrown and nothing of it is taken; what is wrong with
 * an item is its issue, and the others go on.
 */
import {
  type Digest,
  exerciseOf,
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
import { nodeOfLog, type Origins } from './origins.ts'

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
  /** Its proof or its form is wrong: held whole, to be looked at. */
  | { readonly kind: 'wrong'; readonly item: BatchItem; readonly issues: readonly Issue[] }
  /** Proven, and not for us: only what it is called is kept. */
  | { readonly kind: 'not-for-us'; readonly record: MosaicRecord; readonly issues: readonly Issue[] }

export type VerifyParts = { readonly origins: Origins; readonly mayHold: MayHold; readonly node: NodeId }

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
  const known = await playersKnown(parts.origins, items)
  const verdicts = items.map((item) =>
    verdictOf(parts, {
      item,
      via,
      checkpoint: opened[item.under],
      isIncluded: under[item.under],
      note: checkpoints[item.under] ?? '',
      known,
    }),
  )
  const sound = opened.flatMap((one, at) =>
    one.kind === 'verified' ? [{ checkpoint: one.checkpoint, note: checkpoints[at] ?? '' }] : [],
  )
  return { verdicts, checkpoints: sound }
}

/**
 * Of the origins that write in exercises, those whose own keys are known here. The others are names that a scenario
 * brings; what stands under such a name in an exercise is proven by the log of whichever node plays it.
 */
async function playersKnown(origins: Origins, items: readonly BatchItem[]): Promise<ReadonlySet<NodeId>> {
  const played = items.flatMap(({ parcel }) => {
    const opened = openParcel(parcel)
    return opened.kind === 'opened' && exerciseOf(opened.record.realm) !== undefined
      ? [opened.record.origin]
      : []
  })
  const known = new Set<NodeId>()
  for (const origin of new Set(played)) if ((await origins.keys(origin)).length > 0) known.add(origin)
  return known
}

async function openNote(origins: Origins, note: string): Promise<OpenedCheckpoint> {
  const node = nodeOfLog(note.slice(0, Math.max(0, note.indexOf('\n'))))
  return openCheckpoint(note, node === undefined ? [] : await origins.verifiers(node))
}

type Examined = {
  readonly item: BatchItem
  readonly via: NodeId
  readonly checkpoint: OpenedCheckpoint | undefined
  /** Of the checkpoint, where it is verified: one for all items under it. */
  readonly isIncluded: ReturnType<typeof inclusionUnder> | undefined
  readonly note: string
  readonly known: ReadonlySet<NodeId>
}

function verdictOf(parts: VerifyParts, examined: Examined): Verdict {
  const { item, via, note } = examined
  const parcel = openParcel(item.parcel)
  if (parcel.kind === 'refused') return { kind: 'wrong', item, issues: parcel.issues }
  const issues = proofIssues(parts.node, parcel, examined)
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

function proofIssues(
  me: NodeId,
  { record, leaf }: OpenedParcel,
  { item: { proof }, checkpoint: opened, isIncluded, known }: Examined,
): readonly Issue[] {
  if (record.origin === me)
    return [
      issue('exchange/own-record', '/parcel', record.id, 'A record of this node comes back; it has its own.'),
    ]
  if (opened === undefined)
    return [issue('exchange/no-checkpoint', '/under', '', 'It names a checkpoint that is not there.')]
  if (opened.kind === 'malformed')
    return [issue('exchange/wrong-checkpoint', '/under', '', checkpointFault(opened))]
  const isPlayed = exerciseOf(record.realm) !== undefined && !known.has(record.origin)
  if (opened.checkpoint.origin !== originOf(record.origin) && !isPlayed)
    return [
      issue(
        'exchange/other-log',
        '/under',
        opened.checkpoint.origin,
        `The log of ${record.origin} proves its records, no other.`,
      ),
    ]
  if (opened.kind !== 'verified')
    return [
      issue(
        opened.kind === 'forged' ? 'exchange/wrong-checkpoint' : 'exchange/unknown-origin',
        '/under',
        opened.checkpoint.origin,
        checkpointFault(opened),
      ),
    ]
  const { index, treeSize, hashes } = proof
  const isProven =
    treeSize === opened.checkpoint.size &&
    isIncluded?.({ index, entry: leafBytes(leaf), proof: hashes }) === true
  return isProven
    ? []
    : [
        issue(
          'exchange/not-in-log',
          '/proof',
          `${record.id}@${record.version}`,
          "Its proof does not lead to its origin's checkpoint; it was altered, or is not of that log.",
        ),
      ]
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

const issue = (rule: string, place: string, value: string, message: string): Issue => ({
  rule,
  place,
  ...(value !== '' && { value: shown(value) }),
  message,
})
