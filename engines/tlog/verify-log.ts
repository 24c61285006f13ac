/**
 * Verifying a whole log from its files alone. In this order, and the first thing that is wrong is said with its path and
 * the offset in it:
 *
 *     checkpoint       is a signed note, spelled as one; signed by the key that was given, or else by one in `keys`
 *     tile/entries/…   each bundle breaks into entries, as many as the tree has there
 *     tile/0/…         each hash is that of its entry
 *     tile/<L>/…       each hash is that of the full tile below
 *     root             the root over the partial tiles is the one that was signed
 *
 * Each file is read once, from the left to the right; what is kept is 32 bytes for each full tile of one level.
 */
import { fromUtf8, sameBytes } from './bytes.ts'
import { openCheckpoint, type ReadCheckpoint } from './checkpoint.ts'
import type { Hash } from './contract.ts'
import type { LogSource } from './log-source.ts'
import { hashBytes, leafHash } from './merkle.ts'
import { parseVkey, type Verifier } from './note.ts'
import { rootOf } from './proofs.ts'
import { type StoredTile, tileHashes } from './tile-hashes.ts'
import { levelsOf, parseBundle, type TileName, tileHash, tilePath, tilesAt, tileWidth } from './tiles.ts'

export type VerifiedLog =
  | {
      readonly kind: 'sound'
      readonly origin: string
      readonly size: number
      readonly root: Hash
      /** Who signed, as vkeys' names and ids. */
      readonly signedBy: readonly string[]
      /** `given`: the key came from the caller. `served`: from the files themselves, which proves less. */
      readonly keysFrom: 'given' | 'served'
      readonly files: number
    }
  | { readonly kind: 'wrong'; readonly path: string; readonly offset: number; readonly says: string }

export type VerifyLogOptions = {
  /** Keys that were learnt elsewhere; absent: those in the file `keys`. */
  readonly vkeys?: readonly string[]
  readonly onProgress?: (done: {
    readonly files: number
    readonly entries: number
    readonly size: number
  }) => void
  /** Told of every entry in order: for whoever looks into them. */
  readonly onEntry?: (index: number, entry: Uint8Array) => void
}

class Wrong extends Error {
  readonly path: string
  readonly offset: number

  constructor(path: string, offset: number, says: string) {
    super(says)
    this.path = path
    this.offset = offset
  }
}

/** Throws `LogUnreadable` only where the source cannot be asked at all. */
export async function verifyLog(source: LogSource, options: VerifyLogOptions = {}): Promise<VerifiedLog> {
  try {
    return await verified(source, options)
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    return { kind: 'wrong', path: error.path, offset: error.offset, says: error.message }
  }
}

async function verified(source: LogSource, options: VerifyLogOptions): Promise<VerifiedLog> {
  const { keys, from } = await keysOf(source, options.vkeys)
  const { checkpoint, by } = await signedCheckpoint(source, keys, from)
  const { size } = checkpoint
  let files = 2
  const read = async (name: TileName): Promise<Uint8Array> => {
    files += 1
    options.onProgress?.({ files, entries: name.level === 'entries' ? name.n * tileWidth : size, size })
    const path = tilePath(name)
    const bytes = await source.read(path)
    if (bytes === undefined) throw new Wrong(path, 0, 'the file is missing')
    if (name.level !== 'entries' && bytes.length !== name.width * hashBytes)
      throw new Wrong(
        path,
        Math.min(bytes.length, name.width * hashBytes),
        `${bytes.length} bytes, not ${name.width * hashBytes}`,
      )
    return bytes
  }
  const growing: StoredTile[] = []
  for (let level = 0, below: readonly Hash[] = []; level < levelsOf(size).length; level++)
    below =
      level === 0
        ? await compareEntries(read, { size, growing, options })
        : await compareLevel(read, { level, size, growing, below })
  await compareRoot(growing, checkpoint)
  return {
    kind: 'sound',
    origin: checkpoint.origin,
    size,
    root: checkpoint.root,
    signedBy: by.map(({ name, keyId }) => `${name}+${keyId}`),
    keysFrom: from,
    files,
  }
}

async function keysOf(source: LogSource, vkeys: readonly string[] | undefined) {
  if (vkeys !== undefined) {
    const keys = vkeys.map(parseVkey)
    const bad = keys.indexOf(undefined)
    if (bad >= 0)
      throw new Wrong('keys', 0, `the key that was given as number ${bad + 1} is no vkey (name+id+base64)`)
    return { keys: keys as Verifier[], from: 'given' as const }
  }
  const text = fromUtf8((await source.read('keys')) ?? new Uint8Array(0))
  if (!text)
    throw new Wrong(
      'keys',
      0,
      'there is no list of keys here: either this is no log, or its key must be given',
    )
  const lines = text.split('\n')
  const keys: Verifier[] = []
  let offset = 0
  for (const line of lines.slice(0, 1000)) {
    const key = line === '' ? undefined : parseVkey(line)
    if (line !== '' && key === undefined)
      throw new Wrong('keys', offset, 'the line is no vkey (name+id+base64)')
    if (key) keys.push(key)
    offset += Buffer.byteLength(line) + 1
  }
  return { keys, from: 'served' as const }
}

async function signedCheckpoint(source: LogSource, keys: readonly Verifier[], from: 'given' | 'served') {
  const bytes = await source.read('checkpoint')
  if (bytes === undefined) throw new Wrong('checkpoint', 0, 'the file is missing')
  const opened = openCheckpoint(bytes, keys)
  switch (opened.kind) {
    case 'verified':
      return opened
    case 'malformed':
      throw new Wrong('checkpoint', opened.offset, opened.says)
    case 'unknown-signer':
      throw new Wrong(
        'checkpoint',
        0,
        `signed by ${opened.found.slice(0, 5).join(', ')}, and not by a key that was ${from}`,
      )
    case 'forged':
      throw new Wrong('checkpoint', 0, `the signature of ${opened.name}+${opened.keyId} does not verify`)
    default:
      return opened satisfies never
  }
}

type ReadTile = (name: TileName) => Promise<Uint8Array>

type Level = { readonly size: number; readonly growing: StoredTile[] }

/** Answers the hashes of the full tiles of level 0, and keeps the partial one. */
async function compareEntries(
  read: ReadTile,
  { size, growing, options }: Level & { readonly options: VerifyLogOptions },
): Promise<readonly Hash[]> {
  const above: Hash[] = []
  for (const tile of tilesAt(0, size)) {
    const name = { ...tile, level: 'entries' } as const
    const path = tilePath(name)
    const bundle = parseBundle(await read(name))
    if (bundle.kind === 'broken') throw new Wrong(path, bundle.at, 'the bundle breaks off')
    if (bundle.entries.length !== name.width)
      throw new Wrong(path, 0, `${bundle.entries.length} entries, not ${name.width}`)
    const hashes = await read(tile)
    for (const [n, { at, bytes }] of bundle.entries.entries()) {
      if (!sameBytes(leafHash(bytes), hashes.subarray(n * hashBytes, (n + 1) * hashBytes)))
        throw new Wrong(
          path,
          at,
          `the entry does not hash to what stands in ${tilePath(tile)} at ${n * hashBytes}`,
        )
      options.onEntry?.(tile.n * tileWidth + n, bytes)
    }
    keep({ level: 0, n: tile.n, bytes: hashes }, above, growing)
  }
  return above
}

/** Every hash of this level against the full tile below it. */
async function compareLevel(
  read: ReadTile,
  { level, size, growing, below }: Level & { readonly level: number; readonly below: readonly Hash[] },
): Promise<readonly Hash[]> {
  const above: Hash[] = []
  for (const tile of tilesAt(level, size)) {
    const hashes = await read(tile)
    for (let n = 0; n < tile.width; n++) {
      const at = tile.n * tileWidth + n
      if (!sameBytes(below[at] ?? new Uint8Array(0), hashes.subarray(n * hashBytes, (n + 1) * hashBytes))) {
        const lower = tilePath({ level: level - 1, n: at, width: tileWidth })
        throw new Wrong(tilePath(tile), n * hashBytes, `the hash is not that of ${lower}`)
      }
    }
    keep({ level, n: tile.n, bytes: hashes }, above, growing)
  }
  return above
}

function keep(tile: StoredTile, above: Hash[], growing: StoredTile[]): void {
  if (tile.bytes.length === tileWidth * hashBytes) above.push(tileHash(tile.bytes))
  else growing.push(tile)
}

async function compareRoot(growing: readonly StoredTile[], { size, root }: ReadCheckpoint): Promise<void> {
  const found = await rootOf(
    size,
    tileHashes(async () => growing),
  )
  if (!sameBytes(found, root))
    throw new Wrong('checkpoint', 0, 'the tiles do not give the root that was signed')
}
