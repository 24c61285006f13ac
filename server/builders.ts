/** A node on a fresh database that has lived through a scenario, and its HTTP face, for the tests of routes. */
import type { FastifyInstance } from 'fastify'
import { playAtOnce } from '../engines/exercise/index.ts'
import { type Clock, nodeId, systemClock } from '../engines/record/index.ts'
import { type MosaicNode, openNode, type Replay, regions, scenarioOf } from '../node.ts'
import { testDatabase } from '../test/support/database.ts'
import { buildApp } from './app.ts'
import { contextOf, type ServerOptions } from './index.ts'

export type PlayedNode = AsyncDisposable & {
  readonly node: MosaicNode
  readonly replay: Replay
  readonly app: FastifyInstance
  /** Another face of the same node: `{ host: '0.0.0.0' }`. */
  readonly appWith: (options: Partial<ServerOptions>) => Promise<FastifyInstance>
  /** GET of a path below `/api/v1`, as JSON. */
  readonly ask: <Answer = Json>(path: string) => Promise<Answer>
}

/** What a route answered, not yet looked at. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what routes answer, whose schemas are checked apart
export type Json = any

export const silent = { info: () => {}, warn: () => {}, error: () => {} }

export async function aPlayedNode(
  options: { readonly scenario?: string; readonly isPlayed?: boolean; readonly clock?: Clock } = {},
): Promise<PlayedNode> {
  const { scenario = 'durres-2019', isPlayed = true, clock = systemClock } = options
  const region = regions['see']
  if (!region) throw new Error('the region is gone')
  const database = await testDatabase()
  const node = await openNode(
    {
      name: nodeId('durres.example'),
      title: { en: 'Node of the tests' },
      dataFolder: '',
      databaseUrl: database.url,
      region,
      issueRules: [],
      userAgent: 'test',
    },
    clock,
  )
  const replay = await node.openReplay(await scenarioOf(region, scenario))
  if (isPlayed) await playAtOnce(replay.setting)

  const stopping = new AbortController()
  const apps: FastifyInstance[] = []
  const appWith = async (other: Partial<ServerOptions>) => {
    const context = await contextOf(
      { node, replay, host: '127.0.0.1', log: silent, ...other },
      stopping.signal,
    )
    const app = await buildApp(context)
    apps.push(app)
    return app
  }
  const app = await appWith({})
  return {
    node,
    replay,
    app,
    appWith,
    ask: async (path) => (await app.inject(`/api/v1${path}`)).json(),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      for (const one of apps) await one.close()
      await replay[Symbol.asyncDispose]()
      await node[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}
