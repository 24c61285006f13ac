/**
 * The node's transparency log, on the database: integrates what the store has put in order, serves tiles, makes proofs.
 * Any number of processes may hold one; the lock on the tree's row gives them turns.
 */
import { type Clock, instant, type NodeId } from '../record/index.ts'
import type { Sql } from '../store/index.ts'
import { logVerifier, originOf, parseCheckpointText } from './checkpoint.ts'
import type { Hash, PublicKey, SignedCheckpoint, TransparencyLog } from './contract.ts'
import { LogHeld, NotInTree } from './errors.ts'
import { integrateOnce, type LogSigner, refuseShortLog } from './integrate.ts'
import { hashBytes, isSize } from './merkle.ts'
import { formatNote, parseNote, parseSignatureLine } from './note.ts'
import { consistencyRanges, hashRanges, inclusionRanges } from './proofs.ts'
import { type CheckpointRow, leavesFrom, newestCheckpoint, readTilesFrom, treeOf } from './queries.ts'
import { tileHashes } from './tile-hashes.ts'
import { entryBundle, parseTilePath, tileWidth, widthOf } from './tiles.ts'

export type LogOptions = {
  readonly database: Sql
  readonly node: NodeId
  readonly clock: Clock
  readonly keys: {
    readonly signers: () => Promise<readonly LogSigner[]>
    readonly all: () => Promise<readonly PublicKey[]>
  }
  /** Leaves per transaction; default 65,536. */
  readonly batch?: number
}

/** More cosignatures than this of one checkpoint are not kept: a note stays small. */
const maxCosignatures = 15
/** Indexes whose proofs are made with one reading of tiles. */
const maxIndexesAtOnce = 4096

export function openLog({ database: sql, node, clock, keys, batch = 65_536 }: LogOptions): TransparencyLog {
  const origin = originOf(node)
  return {
    origin,
    integrate: async () => {
      const verifiers = (await keys.all()).map(logVerifier)
      const parts = { sql, origin, clock, batch, verifiers, signers: await keys.signers() }
      await refuseShortLog(sql, (await treeOf(sql)).size)
      for (;;) {
        const outcome = await integrateOnce(parts)
        if (outcome.kind === 'held') throw new LogHeld(outcome.hold)
        if (outcome.isDone) return asCheckpoint(origin, outcome.row)
      }
    },
    checkpoint: async () => {
      const row = await newestCheckpoint(sql)
      return row && asCheckpoint(origin, row)
    },
    cosign: (size, lines) => cosign(sql, size, lines),
    inclusion: async (indexes, size) => {
      await refuseBeyond(sql, size)
      const outside = indexes.find((index) => !isSize(index) || index >= size)
      if (outside !== undefined) throw new NotInTree(`There is no leaf ${outside} in a tree of ${size}`, size)
      const proofs: (readonly Hash[])[] = []
      for (let at = 0; at < indexes.length; at += maxIndexesAtOnce)
        proofs.push(...(await proofsOf(sql, indexes.slice(at, at + maxIndexesAtOnce), size)))
      return proofs
    },
    consistency: async (from, to) => {
      await refuseBeyond(sql, to)
      if (!isSize(from) || from > to)
        throw new NotInTree(`A tree of ${to} does not extend one of ${from}`, to)
      return hashRanges(consistencyRanges(from, to), tileHashes(readTilesFrom(sql)))
    },
    file: (path) => fileOf(sql, path),
  }
}

async function proofsOf(sql: Sql, indexes: readonly number[], size: number): Promise<(readonly Hash[])[]> {
  const ranges = indexes.map((index) => inclusionRanges(index, size))
  const hashes = await hashRanges(ranges.flat(), tileHashes(readTilesFrom(sql)))
  let at = 0
  return ranges.map(({ length }) => {
    at += length
    return hashes.slice(at - length, at)
  })
}

async function refuseBeyond(sql: Sql, size: number): Promise<void> {
  const tree = await treeOf(sql)
  if (!isSize(size) || size > tree.size) throw new NotInTree(`A tree of ${size} was asked for`, tree.size)
}

async function fileOf(sql: Sql, path: string): Promise<Uint8Array | undefined> {
  const name = parseTilePath(path)
  if (name === undefined) return undefined
  const { size } = await treeOf(sql)
  if (name.width > widthOf(name.level, name.n, size)) return undefined
  if (name.level === 'entries') {
    const leaves = await leavesFrom(sql, name.n * tileWidth, name.width)
    return entryBundle(leaves.map(({ leaf }) => leaf))
  }
  const [tile] = await readTilesFrom(sql)([{ level: name.level, n: name.n }])
  return tile?.bytes.subarray(0, name.width * hashBytes)
}

/**
 * A witness that cosigns again replaces its line; whoever comes when there are enough is left out. Nobody adds a line in
 * the name of the log itself.
 */
async function cosign(sql: Sql, size: number, lines: readonly string[]): Promise<void> {
  const added = lines
    .map((line) => parseSignatureLine(line.replace(/\n$/, '')))
    .filter((one) => one !== undefined)
  await sql.begin(async (tx) => {
    const [row] = await tx<{ note: string }[]>`
      select note from tlog_checkpoint where size = ${size} for update`
    if (row === undefined) throw new NotInTree(`No checkpoint of size ${size} was signed`, size)
    const parsed = parseNote(row.note)
    if (parsed.kind === 'malformed')
      throw new NotInTree(`The checkpoint of size ${size} cannot be read`, size)
    const { origin } = parseCheckpointText(parsed.text) ?? { origin: '' }
    const own = parsed.signatures.filter(({ name }) => name === origin)
    const cosigned = [...parsed.signatures, ...added].filter(({ name }) => name !== origin)
    const newest = new Map(cosigned.map((one) => [`${one.name}+${one.keyId}`, one]))
    const signatures = [...own, ...[...newest.values()].slice(0, maxCosignatures)]
    await tx`update tlog_checkpoint set note = ${formatNote({ text: parsed.text, signatures })} where size = ${size}`
  })
}

const asCheckpoint = (origin: string, { size, root, note, signedAt }: CheckpointRow): SignedCheckpoint => ({
  origin,
  size,
  root: new Uint8Array(root),
  note,
  signedAt: instant(signedAt),
})
