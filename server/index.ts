/** Starts the node's HTTP face and answers with its address. */
import type { AddressInfo } from 'node:net'
import { actual, type Realm } from '../engines/record/index.ts'
import type { MosaicNode, NodeLog, Replay } from '../node.ts'
import { buildApp } from './app.ts'
import { typesOf } from './context.ts'

export type ServerOptions = {
  readonly node: MosaicNode
  readonly replay?: Replay
  readonly host: string
  /** 0 takes any port that is free. */
  readonly port: number
  readonly log: NodeLog
}

export type RunningServer = AsyncDisposable & { readonly address: string }

export async function startServer({ node, replay, host, port, log }: ServerOptions): Promise<RunningServer> {
  const stopping = new AbortController()
  const app = await buildApp({
    node,
    ...(replay ? { replay } : {}),
    log,
    defaultRealm: (replay?.scenario.realm ?? actual) as Realm,
    stopping: stopping.signal,
    types: typesOf(node),
  })
  await app.listen({ host, port })
  const { port: taken } = app.server.address() as AddressInfo
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await app.close()
    },
  }
}
