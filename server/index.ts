/** Starts the node's HTTP face and answers with its address. */
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Exchange } from '../engines/exchange/index.ts'
import {
  actual,
  exerciseOf,
  type Instant,
  MosaicError,
  type NodeId,
  type Realm,
} from '../engines/record/index.ts'
import type { TransparencyLog } from '../engines/tlog/index.ts'
import { decide } from '../engines/warn/index.ts'
import type { MosaicNode, NodeLog, Replay } from '../node.ts'
import { acknowledge } from '../packs/environment/pack.ts'
import { buildApp } from './app.ts'
import { type AppParts, type Confirmations, type PersonOf, type Tls, typesOf } from './context.ts'
import { isLoopbackName } from './guard.ts'
import { operationOf } from './operation.ts'
import { proofsOf } from './proofs.ts'
import type { WithAudit } from './routes/audit.ts'
import type { WithDesk } from './routes/desk.ts'
import type { WithExchange } from './routes/exchange.ts'
import type { LogParts } from './routes/log.ts'
import type { WithRecalls } from './routes/recalls.ts'
import type { SignInParts } from './sign-in/index.ts'
import { createTokens } from './tokens.ts'
import { visibleRecords } from './visible-records.ts'

export type ServerOptions = {
  readonly node: MosaicNode
  readonly replay?: Replay
  readonly host: string
  /** 0 takes any port that is free. */
  readonly port: number
  readonly log: NodeLog
  /** Speaks HTTPS with it (default: plain HTTP, for this machine or a proxy). */
  readonly tls?: Tls | undefined
  /** Names beside its address by which the node is known, lower case, without port. */
  readonly hostNames?: readonly string[]
  /** The built web application (default: that of this checkout). */
  readonly webFolder?: string
  /** Who can sign in (default: nobody can, and everybody asks as the public). */
  readonly signIn?: Pick<SignInParts, 'accounts' | 'withGlass' | 'publicUrl'>
  /** The instant at which embargoes are judged (default: the node's clock). */
  readonly embargoNow?: () => Instant
  /** The node's transparency log and exchange, where it has them. */
  readonly transparencyLog?: LogParts & { readonly log: TransparencyLog }
  readonly audit?: WithAudit
  readonly exchange?: (WithExchange['exchange'] & Partial<Pick<Exchange, 'keysOf'>>) | undefined
  readonly confirmations?: Confirmations
  readonly recalls?: WithRecalls['recalls']
}

export type RunningServer = AsyncDisposable & { readonly address: string }

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, port, tls } = options
  const stopping = new AbortController()
  const app = await buildApp(await contextOf(options, stopping.signal))
  try {
    await app.listen({ host, port })
  } catch (cause) {
    await app.close()
    throw new ListenRefused(host, port, cause)
  }
  const { port: taken } = app.server.address() as AddressInfo
  return {
    address: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await app.close()
    },
  }
}

export async function contextOf(
  options: Omit<ServerOptions, 'port'>,
  stopping: AbortSignal,
): Promise<AppParts> {
  const { node, replay, host, log, hostNames = [], webFolder = built } = options
  const { signIn, audit, transparencyLog, exchange, confirmations, recalls, embargoNow } = options
  const { store } = node
  const isLoopback = isLoopbackName(host)
  return {
    node: {
      settings: node.settings,
      clock: node.clock,
      places: node.places,
      registry: node.registry,
      packs: node.packs,
      sources: node.sources,
      identity: store.identity,
    },
    instants: () => {
      const now = node.clock.now()
      return { now, embargoNow: embargoNow?.() ?? now }
    },
    recordsFor: (asker) => visibleRecords(store, asker),
    operation: operationOf({
      store,
      sourceIds: node.sources.map(({ id }) => id),
      isLoopback,
      hasAccounts: async () => signIn !== undefined && (await signIn.accounts.users.count()) > 0,
    }),
    tokens: createTokens(await secretOf(node), store.identity.incarnation),
    ...signIn,
    ...(exchange ? { exchange } : {}),
    ...audit,
    ...(transparencyLog
      ? {
          proofs: proofsOf({ store, log: transparencyLog.log, keysOf: keysKnown(options) }),
          logParts: transparencyLog,
        }
      : {}),
    ...(confirmations ? { confirmations } : {}),
    ...(recalls ? { recalls } : {}),
    personOf: personIn(signIn),
    decide: (word) => decide(store, word),
    desk: desksOf(node, replay),
    acknowledge: (held, answer) => acknowledge(store, held, answer),
    ...(replay ? { replay } : {}),
    ...(options.tls ? { tls: options.tls } : {}),
    log,
    defaultRealm: (replay?.scenario.realm ?? actual) as Realm,
    isLoopback,
    hostNames,
    webFolder,
    stopping,
    types: typesOf(node),
  }
}

/** Its own, and those of other nodes where it has an exchange. */
const keysKnown =
  ({ node, exchange, transparencyLog }: Pick<ServerOptions, 'node' | 'exchange' | 'transparencyLog'>) =>
  async (of: NodeId) => {
    if (of === node.store.identity.node) return (await transparencyLog?.keys.all()) ?? []
    return (await exchange?.keysOf?.(of)) ?? []
  }

/** Of a scenario only while it is open: it is written in its own name and time. */
function desksOf(node: MosaicNode, replay: Replay | undefined): WithDesk {
  const own = node.desk()
  const played = replay && node.desk({ ...replay.setting, scenario: replay.scenario })
  return {
    warningKey: node.warningKey,
    deskIn: (realm) => {
      if (realm === replay?.scenario.realm) return played
      return exerciseOf(realm) === undefined ? own : undefined
    },
  }
}

/** The name that the account has; never one that the asker gives. */
const personIn =
  (signIn: ServerOptions['signIn']): PersonOf =>
  async ({ id, roles }, wanted) => {
    const user = await signIn?.accounts.users.get(id)
    const role = wanted.find((one) => roles.includes(one))
    return { kind: 'person', name: user?.name ?? id, ...(role === undefined ? {} : { role }) }
  }

/** The node's own secret, which never leaves its database but in what is derived from it. */
async function secretOf({ store }: MosaicNode): Promise<Uint8Array> {
  const [row] = await store.database<{ secret: Buffer }[]>`select secret from identity`
  if (!row) throw new Error('the database has no identity')
  return row.secret
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
