/** Starts the node's HTTP face and answers with its address. */
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { actual, MosaicError, type Realm } from '../engines/record/index.ts'
import type { MosaicNode, NodeLog, Replay } from '../node.ts'
import { buildApp } from './app.ts'
import { type Context, typesOf } from './context.ts'
import { isLoopbackName } from './guard.ts'
import { publicRecords } from './public-records.ts'

export type ServerOptions = {
  readonly node: MosaicNode
  readonly replay?: Replay
  readonly host: string
  /** 0 takes any port that is free. */
  readonly port: number
  readonly log: NodeLog
  /** Names beside its address by which the node is known, lower case, without port. */
  readonly hostNames?: readonly string[]
  /** The built web application (default: that of this checkout). */
  readonly webFolder?: string
}

export type RunningServer = AsyncDisposable & { readonly address: string }

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, port } = options
  const stopping = new AbortController()
  const app = await buildApp(contextOf(options, stopping.signal))
  try {
    await app.listen({ host, port })
  } catch (cause) {
    await app.close()
    throw new ListenRefused(host, port, cause)
  }
  const { port: taken } = app.server.address() as AddressInfo
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await app.close()
    },
  }
}

export function contextOf(
  { node, replay, host, log, hostNames = [], webFolder = built }: Omit<ServerOptions, 'port'>,
  stopping: AbortSignal,
): Context {
  return {
    node,
    records: publicRecords(node.store, node.clock),
    ...(replay ? { replay } : {}),
    log,
    defaultRealm: (replay?.scenario.realm ?? actual) as Realm,
    isLoopback: isLoopbackName(host),
    hostNames,
    webFolder,
    stopping,
    types: typesOf(node),
  }
}

const built = fileURLToPath(new URL('../web/dist', import.meta.url))

export class ListenRefused extends MosaicError {
  override readonly name = 'ListenRefused'
  override readonly code = 'server/listen-refused'

  constructor(host: string, port: number, cause: unknown) {
    super(
      `The node cannot listen on ${host}, port ${port}: ${cause instanceof Error ? cause.message : String(cause)}. Choose another with MOSAIC_HOST and MOSAIC_PORT; port 0 takes any that is free.`,
      { cause },
    )
  }
}
