/**
 * A whole node under test: what `mosaic start` runs, reactors, exchange and HTTP face, on a database of its own, with a
 * clock that stands where it is set. `away` stops it; `back` starts it anew on the same database at the same address.
 */
import { type NodeId, nodeId, SettableClock } from '../../engines/record/index.ts'
import type { IssueRule } from '../../engines/warn/index.ts'
import { type MosaicNode, openNode, regions } from '../../node.ts'
import { startServer } from '../../server/index.ts'
import { testDatabase } from '../support/database.ts'
import { ringGrowth } from './bell.ts'
import { noon } from './region.test-support.ts'

export type WholeNode = AsyncDisposable & {
  readonly name: NodeId
  readonly url: string
  readonly clock: SettableClock
  readonly node: () => MosaicNode
  /** What its page reads: JSON below `/api/v1`. */
  readonly ask: <Answer>(path: string) => Promise<Answer>
  readonly away: () => Promise<void>
  readonly back: () => Promise<void>
}

const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const host = '127.0.0.1'

/** `ring` is called when its log grows. */
export async function aWholeNode(
  name: string,
  ring: () => void,
  issueRules: readonly IssueRule[] = [],
): Promise<WholeNode> {
  const database = await testDatabase()
  const clock = new SettableClock(noon)
  const begin = (port: number) =>
    run({ name: nodeId(name), databaseUrl: database.url, clock, ring, issueRules }, port)
  let running: Awaited<ReturnType<typeof run>> | undefined = await begin(0)
  const { url } = running
  const away = async () => {
    const stopping = running
    running = undefined
    await stopping?.stop()
  }
  return {
    name: nodeId(name),
    url,
    clock,
    node() {
      if (running === undefined) throw new Error(`${name} is away`)
      return running.node
    },
    async ask<Answer>(path: string) {
      const answer = await fetch(`${url}/api/v1${path}`)
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as Answer
    },
    away,
    async back() {
      running = await begin(Number(new URL(url).port))
    },
    async [Symbol.asyncDispose]() {
      await away()
      await database[Symbol.asyncDispose]()
    },
  }
}

type Running = {
  readonly name: NodeId
  readonly databaseUrl: string
  readonly clock: SettableClock
  readonly ring: () => void
  readonly issueRules: readonly IssueRule[]
}

async function run({ name, databaseUrl, clock, ring, issueRules }: Running, port: number) {
  const region = regions['see']
  if (region === undefined) throw new Error('the region is gone')
  const settings = {
    ...{ name, title: { en: name }, dataFolder: '', databaseUrl, region, issueRules, userAgent: 'test' },
    organisation: { id: `org-${name.split('.')[0]}`, name },
  }
  const node = await openNode(settings, clock)
  const { exchange, log, keys, witness } = await node.trust()
  const server = await startServer({
    node,
    host,
    port,
    log: quiet,
    exchange,
    transparencyLog: { log, keys, witness },
  })
  const stopping = new AbortController()
  const { signal } = stopping
  const living = Promise.all([
    node.live({ fetchSources: false, signal }),
    ringGrowth(node.store, ring, signal),
  ])
  return {
    node,
    url: server.address,
    async stop() {
      stopping.abort()
      await living
      await server[Symbol.asyncDispose]()
      await node[Symbol.asyncDispose]()
    },
  }
}
