/**
 * What every route is handed: the node without its store, how it does, and the open replay. Records are in
 * `request.records`, as the asker may see them, and nowhere else.
 */
import type { Principal, Role } from '../engines/access/index.ts'
import type { Freshness } from '../engines/exchange/index.ts'
import type { Held, NodeId, Producer, Realm } from '../engines/record/index.ts'
import type { Identity } from '../engines/store/index.ts'
import type { MosaicNode, NodeLog, Replay } from '../node.ts'
import type { Operation } from './operation.ts'
import type { WithAudit } from './routes/audit.ts'
import type { WithDecisions } from './routes/decisions.ts'
import type { WithDesk } from './routes/desk.ts'
import type { WithExchange } from './routes/exchange.ts'
import type { LogParts } from './routes/log.ts'
import type { WithAcknowledging } from './routes/notifications.ts'
import type { WithRecalls } from './routes/recalls.ts'
import type { RecordProof } from './schemas/index.ts'
import type { SignInParts } from './sign-in/index.ts'
import type { Tokens } from './tokens.ts'
import type { RecordsFor, VisibleRecords } from './visible-records.ts'

/** The node as routes know it. */
export type ServedNode = Pick<
  MosaicNode,
  'settings' | 'clock' | 'places' | 'registry' | 'packs' | 'sources'
> & { readonly identity: Identity }

/** The replay as routes know it: its player, and the scenario's clock. */
export type ServedReplay = Pick<Replay, 'scenario' | 'player'> & {
  readonly setting: Pick<Replay['setting'], 'clock'>
}

export type Context = {
  readonly node: ServedNode
  readonly operation: Operation
  readonly replay?: ServedReplay
  readonly log: NodeLog
  /** The realm that a page shows when it is not told. */
  readonly defaultRealm: Realm
  /** The server can be reached from this machine only. */
  readonly isLoopback: boolean
  /** Names beside its address by which the node is known, for example behind a proxy. */
  readonly hostNames: readonly string[]
  /** Folder of the built web application; no page where it is not there. */
  readonly webFolder: string
  /** Aborted when the server stops: streams end with it. */
  readonly stopping: AbortSignal
  readonly types: RecordTypes
  readonly tokens: Tokens
  readonly proofs?: Proofs
  readonly exchange?: WithExchange['exchange']
  readonly confirmations?: Confirmations
  readonly personOf: PersonOf
}

/** Whoever has signed in, as a record names who wrote it, in the first of these roles that they have. */
export type PersonOf = (principal: Principal, roles: readonly Role[]) => Promise<Person>
export type Person = Extract<Producer, { readonly kind: 'person' }>

/** What `buildApp` takes: the context of the routes, and beside it what no route of records is handed. */
export type AppParts = Context &
  RecordsFor &
  Partial<Pick<SignInParts, 'accounts' | 'withGlass' | 'publicUrl'>> &
  Partial<WithAudit & WithRecalls & WithAcknowledging & WithDecisions> & {
    readonly desk?: WithDesk
    readonly logParts?: LogParts
    /** Speaks HTTPS with it. */
    readonly tls?: Tls | undefined
  }

/** A certificate with its chain, and its key, in PEM. */
export type Tls = { readonly cert: string; readonly key: string }

/** A context with the records that this asker may see: what views read. */
export type Seen = Context & { readonly records: VisibleRecords }

export const seenBy = (context: Context, { records }: { readonly records: VisibleRecords }): Seen => ({
  ...context,
  records,
})

/** Proofs that a version stands in its origin's log; wired to the node's transparency log. Undefined: not yet in a checkpoint. */
export type Proofs = {
  /** Of a record as somebody sees it: without the fields that it names as withheld. */
  readonly proofOf: (held: Held) => Promise<Proven | undefined>
}
export type Proven = Pick<RecordProof, 'leaf' | 'parcel' | 'proof' | 'keys'>

/** Whether an origin is heard of, so that its records are confirmed, or since when it is not. */
export type Confirmations = { readonly freshnessOf: (origin: NodeId) => Promise<Freshness> }

/** Which record types play which part, as the packs declare. */
export type RecordTypes = {
  readonly events: readonly string[]
  readonly impacts: readonly string[]
  readonly observations: readonly string[]
}

export function typesOf({ packs }: Pick<MosaicNode, 'packs'>): RecordTypes {
  return {
    events: [...new Set(packs.flatMap(({ fusion }) => fusion.map(({ writes }) => writes)))],
    observations: [...new Set(packs.flatMap(({ fusion }) => fusion.flatMap(({ reads }) => reads)))],
    impacts: packs.flatMap(({ assessors }) => assessors.map(({ writes }) => writes)),
  }
}

/** The pack whose fusion writes this type of event. */
export const packOf = ({ packs }: Pick<MosaicNode, 'packs'>, eventType: string): string =>
  packs.find(({ fusion }) => fusion.some(({ writes }) => writes === eventType))?.name ??
  eventType.split('.')[0] ??
  ''
