/**
 * A node as `mosaic start` runs it, in a process of its own, with every source of the region asked of one server on loopback,
 * ten times as often as the source allows. `node bench/region-node.ts FOLDER BASE`, started by `fork`: says its address,
 * answers `marks` with what it holds, and stops when its parent disconnects.
 */
import type { SourceDeclaration } from '../engines/ingest/index.ts'
import { type Held, millis, nodeId, systemClock } from '../engines/record/index.ts'
import { openEmbedded } from '../engines/store/index.ts'
import { type NodeLog, openNode, packs, regions, sourcesOf } from '../node.ts'
import { startServer } from '../server/index.ts'
import { timesFaster } from './region-feeds.ts'

/** A thing that a source gave, when the node had it, and its record. */
export type Marked = readonly [mark: string, atMs: number, id: string]
export type RegionNodeSays =
  | { readonly kind: 'up'; readonly address: string; readonly postmaster: number; readonly sources: number }
  | {
      readonly kind: 'marks'
      readonly marks: readonly Marked[]
      readonly notices: readonly Marked[]
      readonly quarantined: number
    }

const [folder = '', base = ''] = process.argv.slice(2)
const stop = new AbortController()
process.once('disconnect', () => stop.abort())
process.on('SIGINT', () => {}) // Ctrl-C goes to the whole group; the parent disconnects when it is through

const log: NodeLog = {
  info: () => {},
  warn: (facts, message) => process.stderr.write(`${message} ${JSON.stringify(facts)}\n`),
  error: (facts, message) => process.stderr.write(`${message} ${JSON.stringify(facts)}\n`),
}
const region = regions['see']
if (region === undefined) throw new Error('the region is gone')

/** An index is given whole: what is measured is the node, not its politeness to a server of ours. */
const hastened = (source: SourceDeclaration): SourceDeclaration => {
  const { index: _index, listing: _listing, transport, ...rest } = source
  const { intervalMs, accept } = transport.kind === 'http' ? transport : { intervalMs: 60_000, accept: '*/*' }
  return {
    ...rest,
    transport: {
      kind: 'http',
      url: `${base}/${encodeURIComponent(source.id)}`,
      accept,
      intervalMs: intervalMs / timesFaster,
      timeoutMs: 10_000,
      maxBytes: 8 * 1024 * 1024,
    },
  }
}
const sources = sourcesOf(packs, region).map(hastened)

await using server = await openEmbedded({ folder, durable: true })
await using node = await openNode(
  {
    name: nodeId('bench.example'),
    title: { en: 'A node under load' },
    dataFolder: folder,
    region,
    issueRules: [],
    userAgent: 'mosaic-bench (loopback)',
    sources,
  },
  systemClock,
  log,
)
await using face = await startServer({ node, host: '127.0.0.1', port: 0, log })
process.on('message', () => void marks().then(say))
say({ kind: 'up', address: face.address, postmaster: server.pid, sources: sources.length })
await node.live({ fetchSources: true, signal: stop.signal })

async function marks(): Promise<RegionNodeSays> {
  const read = (type: string) => node.store.read({ types: [type], versions: 'all' })
  const [alerts, detections, shocks, reports, notices] = await Promise.all(
    ['warn.alert', 'hazards.detection', 'hazards.observation', 'hazards.report', 'warn.notice'].map(read),
  )
  const marked = (
    held: readonly Held[] | undefined,
    markOf: (body: Body) => readonly string[],
  ): readonly Marked[] =>
    (held ?? []).flatMap(({ record, receivedAt }) =>
      markOf(record.body as Body).map((mark) => [mark, millis(receivedAt), record.id] as const),
    )
  return {
    kind: 'marks',
    marks: [
      ...marked(alerts, ({ alert }) => [alert?.identifier ?? '']),
      ...marked(detections, ({ pixels = [] }) => pixels.map(({ latitude }) => latitude.toFixed(5))),
      ...marked(shocks, ({ eventId = '' }) => [eventId]),
      ...marked(reports, ({ ids = [], episode }) =>
        ids.map((id) => `${id.replace('gdacs:FL', '')}/${episode}`),
      ),
    ],
    notices: marked(notices, ({ messages = [] }) => messages.map(({ triple }) => triple.identifier)),
    quarantined: await node.store.quarantine.count(),
  }
}

/** What the bodies of these types have that a mark is made of. */
type Body = {
  readonly alert?: { readonly identifier: string }
  readonly pixels?: readonly { readonly latitude: number }[]
  readonly eventId?: string
  readonly ids?: readonly string[]
  readonly episode?: number
  readonly messages?: readonly { readonly triple: { readonly identifier: string } }[]
}

function say(what: RegionNodeSays): void {
  if (process.connected) process.send?.(what)
}
