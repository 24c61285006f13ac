/**
 * One turn of the log: lock the tree, look whether it still stands on what it was built of, take up the next leaves,
 * write tiles, sign, commit. All in one transaction, so a crash anywhere leaves the log as it was, to go on from.
 *
 * A signature can be lost with its transaction, and then nobody has seen it; the leaves it was over are committed and
 * never change, so the next turn signs the same root. Before anything is signed:
 *
 * - signing is not held (`hold.ts`): no second history of a node that was restored from a backup;
 * - the newest checkpoint verifies, and says of the tree what the tree says of itself;
 * - the growing tiles give the root that the tree says it has;
 * - the leaves under the growing tile of level 0 hash to it, and so do those of some full tiles, which take turns, so
 *   that every leaf is looked at again and again;
 * - the next leaf has the next index.
 *
 * What does not hold is `LogDamaged`: the alarm of this node, and no signature.
 */
import { type Clock, type Instant, millis } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { sameBytes, utf8 } from './bytes.ts'
import { checkpointText, openCheckpoint } from './checkpoint.ts'
import type { PublicKey } from './contract.ts'
import { LogDamaged, SecondRoot } from './errors.ts'
import { grow, growingTiles } from './grow.ts'
import { type Hold, signingOf } from './hold.ts'
import { hashBytes, leafHash } from './merkle.ts'
import { formatNote, type NoteSignature, parseNote, type Verifier } from './note.ts'
import { rootOf } from './proofs.ts'
import {
  type CheckpointRow,
  type Handle,
  keepCheckpoint,
  leavesFrom,
  lockTree,
  logLength,
  newestCheckpoint,
  readTilesFrom,
  type Tree,
  writeTiles,
} from './queries.ts'
import { type StoredTile, tileHashes } from './tile-hashes.ts'
import { tileHash, tilePath, tileWidth } from './tiles.ts'

/** A key that signs the log now, under the name of the log. */
export type LogSigner = { readonly publicKey: PublicKey; readonly sign: (message: Uint8Array) => Uint8Array }

export type IntegrateParts = {
  readonly sql: Sql
  readonly origin: string
  readonly clock: Clock
  readonly signers: readonly LogSigner[]
  /** All keys that this log was ever signed with. */
  readonly verifiers: readonly Verifier[]
  /** Leaves taken up in one transaction. */
  readonly batch: number
}

/** Full tiles of level 0 that are read again with every turn. */
const auditedATurn = 4

export type IntegratedOnce =
  /** `isDone` when no leaf waits. */
  | { readonly kind: 'signed'; readonly row: CheckpointRow; readonly isDone: boolean }
  | { readonly kind: 'held'; readonly hold: Hold }

export async function integrateOnce(parts: IntegrateParts): Promise<IntegratedOnce> {
  return await parts.sql.begin(async (tx) => {
    const tree = await lockTree(tx)
    const signing = await signingOf(tx)
    if (signing.kind === 'held') return { kind: 'held', hold: signing }
    const before = await newestCheckpoint(tx)
    refuseUnsigned(parts, tree, before)
    const growing = await soundGrowingTiles(tx, tree)
    const audited = await auditSome(tx, tree)
    const leaves = await leavesFrom(tx, tree.size, parts.batch)
    refuseGaps(tree, leaves)
    const size = tree.size + leaves.length
    const tiles = grow(
      tree.size,
      growing,
      leaves.map(({ leaf }) => leaf),
    )
    if (tiles.length > 0) await writeTiles(tx, tiles)
    const root = leaves.length === 0 ? tree.root : await rootOf(size, tileHashes(readTilesFrom(tx)))
    await tx`update tlog_tree set size = ${size}, root = ${Buffer.from(root)}, audited = ${audited}`
    const row = await signed(tx, { ...parts, before }, { size, root })
    return { kind: 'signed', row, isDone: leaves.length < parts.batch }
  })
}

/** Signs, unless the very same keys have signed this size already. Cosignatures stay: the text is the same. */
async function signed(
  tx: Handle,
  { origin, clock, signers, before }: IntegrateParts & { readonly before: CheckpointRow | undefined },
  { size, root }: Pick<Tree, 'size' | 'root'>,
): Promise<CheckpointRow> {
  const ids = signers.map(({ publicKey }) => publicKey.keyId).toSorted()
  const isSame = before !== undefined && before.size === size
  if (isSame && before.signers.join() === ids.join()) return before
  const text = checkpointText({ origin, size, root })
  const own = signers.map(
    ({ publicKey, sign }): NoteSignature => ({
      name: origin,
      keyId: publicKey.keyId,
      signature: sign(utf8(text)),
    }),
  )
  const note = formatNote({
    text,
    signatures: [...own, ...(isSame ? cosignaturesOf(before.note, origin) : [])],
  })
  const row = { size, root, note, signedAt: dateOf(clock.now()), signers: ids }
  if (!(await keepCheckpoint(tx, row))) throw new SecondRoot(size)
  return row
}

export function cosignaturesOf(note: string, origin: string): readonly NoteSignature[] {
  const parsed = parseNote(note)
  return parsed.kind === 'note' ? parsed.signatures.filter(({ name }) => name !== origin) : []
}

const dateOf = (at: Instant): Date => new Date(millis(at))

/** Tree and newest checkpoint move together, and the checkpoint's own signature says whether either was changed. */
function refuseUnsigned(
  { verifiers, origin }: IntegrateParts,
  tree: Tree,
  newest: CheckpointRow | undefined,
): void {
  if (newest === undefined && tree.size === 0) return
  const opened = openCheckpoint(newest?.note ?? '', verifiers)
  if (opened.kind !== 'verified' || newest === undefined)
    throw new LogDamaged(
      'tlog_checkpoint',
      `the newest checkpoint is not signed by this node (${opened.kind})`,
    )
  const { checkpoint } = opened
  for (const { size, root } of [tree, newest])
    if (checkpoint.origin !== origin || checkpoint.size !== size || !sameBytes(checkpoint.root, root))
      throw new LogDamaged(
        'tlog_tree',
        `it stands at ${size}, and what was signed at ${checkpoint.size}, or with another root`,
      )
}

/** The tiles that grow on, after they gave the root that the tree says it has and their leaves hash to the lowest. */
async function soundGrowingTiles(tx: Handle, tree: Tree): Promise<readonly StoredTile[]> {
  const wanted = growingTiles(tree.size)
  const stored = await readTilesFrom(tx)(wanted)
  for (const { width, ...ref } of wanted) {
    const tile = stored.find(({ level, n }) => level === ref.level && n === ref.n)
    if (tile?.bytes.length !== width * hashBytes)
      throw new LogDamaged(
        tilePath({ ...ref, width }),
        `${tile?.bytes.length ?? 0} bytes, not ${width * hashBytes}`,
      )
  }
  const root = await rootOf(tree.size, tileHashes(readTilesFrom(tx)))
  if (!sameBytes(root, tree.root))
    throw new LogDamaged('tlog_tree', 'the tiles do not give the root of the tree')
  const lowest = stored.find(({ level }) => level === 0)
  if (lowest) await compareLeaves(tx, lowest)
  return stored
}

/** Answers the tile that is next in turn. */
async function auditSome(tx: Handle, { size, audited }: Tree): Promise<number> {
  const full = Math.floor(size / tileWidth)
  if (full === 0) return 0
  let n = audited
  for (let count = 0; count < Math.min(auditedATurn, full); count++) {
    n = n >= full ? 0 : n
    await auditTile(tx, n)
    n += 1
  }
  return n
}

/** A full tile of level 0 against its leaves, and against its hash in the tile above. */
async function auditTile(tx: Handle, n: number): Promise<void> {
  const up = { level: 1, n: Math.floor(n / tileWidth) }
  const tiles = await readTilesFrom(tx)([{ level: 0, n }, up])
  const tile = tiles.find(({ level }) => level === 0)
  const above = tiles.find(({ level }) => level === 1)
  const at = (n % tileWidth) * hashBytes
  const path = tilePath({ level: 0, n, width: tileWidth })
  if (tile?.bytes.length !== tileWidth * hashBytes)
    throw new LogDamaged(path, 'the full tile is missing or cut')
  if (!above || !sameBytes(tileHash(tile.bytes), above.bytes.subarray(at, at + hashBytes)))
    throw new LogDamaged(path, 'the tile does not hash to what stands in the tile above')
  await compareLeaves(tx, tile)
}

async function compareLeaves(tx: Handle, { n, bytes }: StoredTile): Promise<void> {
  const count = bytes.length / hashBytes
  const first = n * tileWidth
  const leaves = await leavesFrom(tx, first, count)
  for (let at = 0; at < count; at++) {
    const found = leaves[at]
    const isThere = found !== undefined && found.index === first + at
    if (!isThere || !sameBytes(leafHash(found.leaf), bytes.subarray(at * hashBytes, (at + 1) * hashBytes)))
      throw new LogDamaged(`log index ${first + at}`, 'the leaf is not the one that the tree was built of')
  }
}

function refuseGaps(
  { size }: Tree,
  leaves: readonly { readonly index: number; readonly leaf: Uint8Array }[],
): void {
  for (const [at, { index, leaf }] of leaves.entries()) {
    if (index !== size + at)
      throw new LogDamaged(`log index ${size + at}`, 'the index is missing from the log')
    if (leaf.length !== hashBytes) throw new LogDamaged(`log index ${index}`, 'the leaf is not 32 bytes long')
  }
}

/** A log that is shorter than the tree lost what was signed. */
export async function refuseShortLog(sql: Sql, size: number): Promise<void> {
  const length = await logLength(sql)
  if (length < size) throw new LogDamaged('log', `it ends at ${length}, and the tree reaches to ${size}`)
}
