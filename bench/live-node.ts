/**
 * A node as `mosaic start` runs it, in a process of its own: embedded PostgreSQL with fsync on, sources, reactors,
 * HTTP. The sources are the pack's, with their decoders, heard from a WebSocket server on loopback instead of the
 * agencies'. It warns by itself in its own realm as advice to the authority, for a node that nobody listens to.
 *
 * `node bench/live-node.ts FOLDER EMSC_URL USGS_URL [SCENARIO SPEED]`, started by `fork`: says its address and the
 * server's process once it is up, and stops when its parent disconnects.
 */
import { nodeId, systemClock } from '../engines/record/index.ts'
import { openEmbedded } from '../engines/store/index.ts'
import { type NodeLog, openNode, packs, regions, scenarioOf } from '../node.ts'
import { startServer } from '../server/index.ts'

/** What it says when it is up, and then each time its replay has come to its end. */
export type Said =
  | { readonly kind: 'up'; readonly address: string; readonly postmaster: number }
  | { readonly kind: 'played' }

const [folder = '', emscUrl = '', usgsUrl = '', scenarioName, speed] = process.argv.slice(2)
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

const heardFrom = (id: string, url: string) =>
  packs
    .flatMap(({ sources }) => sources)
    .filter((source) => source.id === id)
    .map((source) => ({
      ...source,
      transport: { kind: 'websocket' as const, url, silenceMs: 60_000, maxBytes: 256 * 1024 },
    }))

// Opened here too, only to learn the server's process: the node joins it.
await using server = await openEmbedded({ folder, durable: true })
await using node = await openNode(
  {
    name: nodeId('bench.example'),
    title: { en: 'A node under load' },
    dataFolder: folder,
    region,
    issueRules: [
      {
        id: 'bench',
        realm: 'actual',
        countries: '*',
        mandate: { kind: 'advice' },
        sender: 'bench.example',
        senderName: { en: 'A node under load' },
      },
    ],
    userAgent: 'mosaic-bench (loopback)',
    sources: [...heardFrom('emsc-earthquakes-live', emscUrl), ...heardFrom('usgs-earthquakes', usgsUrl)],
  },
  systemClock,
  log,
)
await using replay = scenarioName
  ? await node.openReplay(await scenarioOf(region, scenarioName), Number(speed ?? 600))
  : undefined
await using face = await startServer({
  node,
  ...(replay ? { replay } : {}),
  host: '127.0.0.1',
  port: 0,
  log,
})
say({ kind: 'up', address: face.address, postmaster: server.pid })
replay?.player.play()
void replay?.player.finished().then(() => say({ kind: 'played' }))
await node.live({ fetchSources: true, signal: stop.signal })

function say(what: Said): void {
  if (process.connected) process.send?.(what)
}
