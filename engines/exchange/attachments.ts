/**
 * Attachments between nodes: by content, a part at a time.
 *
 * `GET attachments/SHA256?start=&end=`: bytes from `start` to before `end`, for a peer that may have a record that refers
 * to the file. Each part is an answer of its own, signed like every other (the range stands in the query, so that the
 * signature covers it), and is stored when it is verified; after a cut only parts that were under way come again. A few
 * parts are asked for at once, so that a long way costs its delay once for several; they are stored in their order. The
 * whole must hash to its name.
 */
import type { Clock, Held, MosaicRecord, NodeId } from '../record/index.ts'
import {
  AttachmentAltered,
  type AttachmentState,
  attachmentsOf,
  type OpenStore,
  waited,
} from '../store/index.ts'
import type { Client } from './client.ts'
import type { Peer } from './contract.ts'
import { type EntitlementParts, entitlementOf } from './entitlement.ts'
import { PeerFailed, RequestRefused } from './errors.ts'
import type { Asker, ExchangeRoute, Reply } from './handlers.ts'
import type { Peers } from './peers.ts'

export const partBytes = 512 * 1024
const partsAtOnce = 4
const filesAtOnce = 2
const attemptsPerPart = 8

export type ServeFiles = EntitlementParts & {
  readonly store: Pick<OpenStore, 'attachments' | 'read'>
  readonly clock: Clock
  readonly embargoNow: () => Promise<Held['receivedAt']>
}

export const attachmentRoute = (parts: ServeFiles): ExchangeRoute => ({
  method: 'GET',
  path: 'attachments/:sha256',
  async answer(asker): Promise<Reply> {
    const sha256 = asker.path[1] ?? ''
    const state = /^[0-9a-f]{64}$/.test(sha256) ? await parts.store.attachments.get(sha256) : undefined
    if (!state?.isComplete || !(await isEntitled(parts, asker.peer, sha256)))
      throw new RequestRefused(404, 'exchange/no-attachment', 'There is no such file here, or not for you.')
    const [start, end] = rangeOf(asker, state)
    const chunks: Uint8Array[] = []
    for await (const chunk of parts.store.attachments.read(sha256, start, end)) chunks.push(chunk)
    return { mediaType: 'application/octet-stream', body: Buffer.concat(chunks) }
  },
})

function rangeOf({ query }: Asker, { size }: AttachmentState): readonly [number, number] {
  const [start, end] = ['start', 'end'].map((name) => Number(query.get(name) ?? Number.NaN))
  if (!isPlace(start, size) || !isPlace(end, size) || start >= end || end - start > partBytes)
    throw new RequestRefused(
      400,
      'exchange/bad-request',
      `A part begins at start and ends before end, within ${size}; at most ${partBytes} bytes.`,
    )
  return [start, end]
}

const isPlace = (value: number | undefined, size: number): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 0 && value <= size

/** It may have a record that refers to the file, and the field that does. */
async function isEntitled(parts: ServeFiles, peer: Peer, sha256: string): Promise<boolean> {
  const ids = await parts.store.attachments.records(sha256)
  if (ids.length === 0) return false
  const [now, embargoNow, entitlement] = [
    parts.clock.now(),
    await parts.embargoNow(),
    await entitlementOf(parts, peer),
  ]
  const held = await parts.store.read({ ids, versions: 'all', where: entitlement.at(now, embargoNow) })
  const readers = entitlement.readers(now, embargoNow)
  return held.some((one) =>
    readers.some(({ view }) => attachmentsOf(view(one)?.record.body).some((ref) => ref.sha256 === sha256)),
  )
}

export type FetchFiles = {
  readonly store: Pick<OpenStore, 'attachments' | 'provenance' | 'read'>
  readonly peers: Peers
  readonly client: Client
  readonly random: () => number
}

/** Files that these records name are expected from now on. */
export async function expectFiles(
  { store }: Pick<FetchFiles, 'store'>,
  records: readonly MosaicRecord[],
): Promise<number> {
  const refs = records.flatMap(({ body }) => attachmentsOf(body))
  for (const ref of refs) await store.attachments.expect(ref)
  return refs.length
}

/** One round: what is missing is asked of those who may have it. Answers how many became whole. */
export async function fetchMissing(parts: FetchFiles, signal: AbortSignal): Promise<number> {
  const missing = await parts.store.attachments.missing(50)
  let whole = 0
  const next = missing.values()
  const work = async () => {
    for (const state of next) if (!signal.aborted && (await fetchFile(parts, state, signal))) whole += 1
  }
  await Promise.all(Array.from({ length: filesAtOnce }, work))
  return whole
}

async function fetchFile(parts: FetchFiles, state: AttachmentState, signal: AbortSignal): Promise<boolean> {
  for (const peer of await holdersOf(parts, state.sha256)) {
    if (signal.aborted) return false
    try {
      await fetchFrom(parts, peer, state.sha256, signal)
      return true
    } catch (error) {
      if (!(error instanceof PeerFailed) && !(error instanceof AttachmentAltered)) throw error
      // refused, away, or other bytes than the name says: the next peer may have it, and the next round asks again
    }
  }
  return false
}

/** Those it came from first, then every other active peer. */
async function holdersOf({ store, peers }: FetchFiles, sha256: string): Promise<readonly Peer[]> {
  const held = await store.read({ ids: await store.attachments.records(sha256), versions: 'all', limit: 10 })
  const sources = await store.provenance(held.map(({ record }) => record))
  const via = new Set(sources.map((source): NodeId | undefined => source?.via))
  const active = (await peers.all()).filter(({ state }) => state === 'active')
  return [...active.filter(({ node }) => via.has(node)), ...active.filter(({ node }) => !via.has(node))]
}

/** From what is held to the end; parts are stored in their order while later ones are under way. */
async function fetchFrom(parts: FetchFiles, peer: Peer, sha256: string, signal: AbortSignal): Promise<void> {
  const state = await parts.store.attachments.get(sha256)
  if (state === undefined || state.isComplete) return
  const starts = Array.from(
    { length: Math.ceil((state.size - state.heldBytes) / partBytes) },
    (_, n) => state.heldBytes + n * partBytes,
  )
  const failed = new AbortController()
  const stop = AbortSignal.any([signal, failed.signal])
  const fetchPart = (start: number) => {
    const part = partOf(parts, { peer, sha256, start, end: Math.min(state.size, start + partBytes) }, stop)
    part.catch(() => {}) // told below, in the order of the parts
    return part
  }
  const underWay = starts.slice(0, partsAtOnce).map(fetchPart)
  try {
    for (const [at, start] of starts.entries()) {
      const bytes = await underWay.shift()
      const later = starts[at + partsAtOnce]
      if (later !== undefined) underWay.push(fetchPart(later))
      if (bytes !== undefined) await parts.store.attachments.add(sha256, start, bytes)
    }
  } finally {
    failed.abort()
  }
}

type Part = { readonly peer: Peer; readonly sha256: string; readonly start: number; readonly end: number }

async function partOf(
  parts: FetchFiles,
  { peer, sha256, start, end }: Part,
  signal: AbortSignal,
): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { body } = await parts.client.ask(
        peer,
        { method: 'GET', path: `/exchange/v1/attachments/${sha256}?start=${start}&end=${end}` },
        { timeoutMs: 120_000, idleMs: 20_000, maxBytes: 2 * partBytes, maxUnfoldedBytes: partBytes, signal },
      )
      if (body.length !== end - start)
        throw new PeerFailed('exchange/not-an-answer', 'The part has another length than was asked for.')
      return body
    } catch (error) {
      const isWorthIt =
        error instanceof PeerFailed && ['exchange/unreachable', 'exchange/too-slow'].includes(error.code)
      if (!isWorthIt || attempt >= attemptsPerPart || signal.aborted) throw error
      await waited(200 * attempt * (0.5 + parts.random()), signal)
    }
  }
}
