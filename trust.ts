/**
 * What makes a node one among others: its keys, its transparency log, who may sign in, what was looked at, what is taken
 * back, and the exchange with its peers. `node.ts` opens it when somebody first asks for it: most commands need none of
 * it, and sealed keys need their passphrase.
 */
import { randomBytes, scryptSync } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Accounts,
  type Audit,
  type AuditPolicy,
  type Clearance,
  dropLeftBehind,
  type KeysIn,
  keepAccess,
  looksAtPeers,
  type NodeLooks,
  nodePrincipal,
  notedOf,
  type OpenIdProvider,
  openAccounts,
  openAudit,
  type Purpose,
} from './engines/access/index.ts'
import {
  type Exchange,
  type ExchangeHappening,
  type Freshness,
  freshness,
  openExchange,
  openRecalls,
  type Peer,
  type Question,
  type Recalls,
} from './engines/exchange/index.ts'
import type { SourceDeclaration } from './engines/ingest/index.ts'
import {
  type Clock,
  type Instant,
  inLanguage,
  instant,
  type MultilingualText,
  millis,
  type NodeId,
  type PoliceCode,
  type RecordId,
} from './engines/record/index.ts'
import { type OpenStore, whenBack } from './engines/store/index.ts'
import {
  type Fork,
  LogDamaged,
  type OpenKeys,
  openKeys,
  openLog,
  openWitness,
  SecondRoot,
  type TransparencyLog,
  type Witness,
} from './engines/tlog/index.ts'
import type { NodeLog } from './node-log.ts'

/** What a node says of itself to others, and how it lets people in; part of its settings. */
export type TrustSettings = {
  /** Seals the node's private keys at rest, and what makes its people's sign-in codes. */
  readonly passphrase?: string
  /** Who runs the node. */
  readonly organisation?: { readonly id: string; readonly name: string }
  /** What the node's people may hold, as their own authorities cleared them; more than this is refused when it comes. */
  readonly holds?: {
    readonly clearances?: readonly Clearance[]
    readonly purposes?: readonly Purpose[]
    readonly police?: readonly PoliceCode[]
  }
  /** `https://mosaic.example`: where its page stands for everybody. */
  readonly publicUrl?: string
  readonly openIdProviders?: readonly OpenIdProvider[]
  /** Quotas, case numbers, broken glass, how long the trail is kept. */
  readonly auditPolicy?: AuditPolicy
}

export type Trust = AsyncDisposable & {
  readonly keys: OpenKeys
  readonly log: TransparencyLog
  readonly witness: Witness
  readonly accounts: Accounts
  readonly audit: Audit
  readonly recalls: Recalls
  readonly exchange: Exchange
  /** By which embargoes are judged: never later than what peers attest. */
  readonly embargoNow: () => Instant
  /** Whether an origin was heard of lately, so that a recall of its records could have come. */
  readonly freshnessOf: (origin: NodeId) => Promise<Freshness>
  /** What the peers that hold records of this node say of looks at them. */
  readonly looksElsewhere: (ids: readonly RecordId[]) => Promise<readonly NodeLooks[]>
  /** Finds the payloads that a record came in. */
  readonly keysIn: KeysIn
  /** Signs the log, takes from peers, obeys recalls, keeps retention and seals the trail, until the signal aborts. */
  readonly live: (signal: AbortSignal) => Promise<void>
}

export type TrustParts = {
  readonly settings: TrustSettings & { readonly name: NodeId; readonly title: MultilingualText }
  readonly store: OpenStore
  readonly clock: Clock
  readonly sources: readonly SourceDeclaration[]
  readonly log: NodeLog
}

export async function openTrust(parts: TrustParts): Promise<Trust> {
  const { settings, store, clock, log: tell } = parts
  const { name: node, passphrase, organisation } = settings
  const database = store.database
  const keys = await openKeys({ database, node, clock, ...(passphrase !== undefined && { passphrase }) })
  const log = openLog({ database, node, clock, keys })
  const audit = openAudit({
    ...{ database, store, clock, node },
    ...(settings.auditPolicy && { policy: settings.auditPolicy }),
    alarm: ({ id, principal, until }) =>
      tell.error(
        { id, principal, until },
        'glass is broken: emergency access, to be reviewed by a second person',
      ),
    onTrouble: (error) =>
      tell.error(
        { reason: String(error) },
        'the audit trail cannot be written; reads are refused until it can',
      ),
  })
  const accounts = await openAccounts({
    sql: database,
    clock,
    random: randomBytes,
    node,
    title: inLanguage(settings.title, 'en')?.text ?? node,
    home: organisation ?? { id: node, name: node },
    ...(settings.openIdProviders && { providers: settings.openIdProviders }),
    ...(passphrase !== undefined && { key: accountKeyOf(passphrase) }),
    on: (happening) => {
      const { kind, account, what } = happening
      tell.info({ kind, account, ...(what !== undefined && { what }) }, 'an account')
      const noted = notedOf(happening, node)
      if (noted) audit.auditor.note(noted)
    },
  })
  const keysIn = keysInPayloads(parts.sources)
  const recalls = openRecalls({
    ...{ store, node, clock },
    ...(organisation && { organisation: organisation.id }),
    dropLeftBehind: (held) => dropLeftBehind(database, held, keysIn),
    speaksFor: (heir, origin) => exchange.speaksFor(heir, origin),
    ownedBy: (heir) => exchange.ownedBy(heir),
  })
  const exchange: Exchange = await openExchange({
    ...{ store, log, keys, clock },
    self: {
      title: settings.title,
      ...(organisation && { organisation: organisation.id }),
      ...settings.holds,
    },
    random: Math.random,
    on: (happening) => tellExchange(tell, happening),
    recall: { ...recalls, noteSent: (peer, refs) => noteSent({ audit, recalls, exchange }, peer, refs) },
    consentsFor: recalls.consentsFor,
    looksFor: audit.looksFor,
    asked: (peer, question, disclosed) => noteQuestion(audit, { peer, question, disclosed }),
    taken: (_, records) => recalls.taken(records),
  })
  const witness = openWitness({
    ...{ database, clock, keys },
    keysOf: async (origin) => {
      const peer = (await exchange.peers.all()).find(({ logOrigin }) => logOrigin === origin)
      return peer?.keys
        .filter(({ revokedAt }) => revokedAt === undefined)
        .map((key) => ({ ...key, node: peer.node }))
    },
    onFork: (fork) => markForked(exchange, fork),
  })
  const embargo = await embargoClock(exchange, clock)
  return {
    ...{ keys, log, witness, accounts, audit, recalls, exchange, keysIn },
    looksElsewhere: looksAtPeers(
      async () => (await exchange.peers.all()).map((peer) => peer.node),
      (peer, ids) => exchange.looksAt(peer, ids),
    ),
    embargoNow: embargo.now,
    freshnessOf: (origin) => freshness({ node, now: clock.now(), lastHeard: exchange.lastHeard }, origin),
    live: async (signal) => {
      await store.append(await keys.statements(), { unlessEver: true })
      await Promise.all([
        exchange.live({ signal }),
        recalls.live(signal),
        keepAccess({ store, database, clock, node, keysIn, auditor: audit.auditor }, signal),
        embargo.keep(signal),
        accounts.live(signal),
      ])
    },
    async [Symbol.asyncDispose]() {
      await exchange[Symbol.asyncDispose]()
      await audit[Symbol.asyncDispose]()
    },
  }
}

/** One passphrase for both; what seals the accounts is derived, so that neither key says anything of the other. */
const accountKeyOf = (passphrase: string): Uint8Array =>
  new Uint8Array(scryptSync(passphrase, 'mosaic-accounts-1', 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 }))

const lookEveryMs = 2000

/** The agreed time, asked for every two seconds and carried on by the clock in between. */
async function embargoClock(exchange: Pick<Exchange, 'agreedTime'>, clock: Clock) {
  const look = async (): Promise<number> => (await exchange.agreedTime()).aheadMs ?? 0
  let aheadMs = await look()
  return {
    now: (): Instant => (aheadMs === 0 ? clock.now() : instant(millis(clock.now()) - aheadMs)),
    async keep(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        aheadMs = await whenBack(look, signal)
        await sleep(lookEveryMs, undefined, { signal }).catch(() => {}) // aborted: the loop ends
      }
    },
  }
}

/** What a payload says, by the decoder of the source that it came from. */
function keysInPayloads(sources: readonly SourceDeclaration[]): KeysIn {
  const byId = new Map(sources.map((source) => [source.id, source]))
  return ({ source, ...payload }) =>
    byId
      .get(source)
      ?.decode(payload)
      .observations.map(({ type, key }) => ({ type, key }))
}

/** What a pull hands over is on the trail, and noted for recalls, before it leaves. */
async function noteSent(
  { audit, recalls, exchange }: Pick<Trust, 'audit' | 'recalls' | 'exchange'>,
  to: NodeId,
  refs: Parameters<Recalls['noteSent']>[1],
): Promise<void> {
  await recalls.noteSent(to, refs)
  const organisation = (await exchange.peers.get(to))?.organisation
  await audit.auditor.noteBefore({
    asking: {
      principal: nodePrincipal({ node: to, ...(organisation !== undefined && { organisation }) }),
      purpose: 'public',
    },
    act: 'disclose',
    subjects: [...new Set(refs.map(({ id }) => id))],
  })
}

/** A peer's question is on the audit trail before it is answered: something leaves the node. */
const noteQuestion = (
  { auditor }: Audit,
  asked: { readonly peer: Peer; readonly question: Question; readonly disclosed: number },
): Promise<void> => {
  const { node, organisation } = asked.peer
  const { purpose, caseNumber } = asked.question
  return auditor.noteBefore({
    asking: {
      principal: nodePrincipal({ node, ...(organisation !== undefined && { organisation }) }),
      purpose,
      ...(caseNumber !== undefined && { caseNumber }),
    },
    act: 'disclose',
    query: asked.question,
    results: asked.disclosed,
  })
}

async function markForked({ peers }: Exchange, { origin }: Fork): Promise<void> {
  const peer = (await peers.all()).find(({ logOrigin }) => logOrigin === origin)
  if (peer)
    await peers.setState(peer.node, 'forked', 'It asked for cosignatures under two histories of one size.')
}

function tellExchange(log: NodeLog, happening: ExchangeHappening): void {
  const { kind, ...facts } = happening
  const [level, message] = saidOf(happening)
  log[level]({ ...facts, ...(kind === 'broken' && { error: String(happening.error) }) }, message)
}

function saidOf(happening: ExchangeHappening): readonly [level: keyof NodeLog, message: string] {
  switch (happening.kind) {
    case 'received':
      return ['info', 'a peer sent records']
    case 'failed':
      return ['warn', 'a peer cannot be taken from; it is asked again later']
    case 'forked':
      return ['error', 'a peer showed two histories; nothing more is taken from it until a person decides']
    case 'paused':
      return [
        'error',
        'the quarantine of a peer is full; nothing more is taken from it until a person has looked',
      ]
    case 'withheld':
      return ['warn', 'a peer leaves out what another brought of the same origin; ask its operators']
    case 'clock-ahead':
      return [
        'error',
        'the clock of this machine runs ahead of every peer; embargoes are held until it is set',
      ]
    case 'not-witnessed':
      return ['warn', 'a peer did not cosign our log; it is asked again with the next checkpoint']
    case 'own-log-behind':
      return ['error', 'a peer has cosigned a longer log of ours than we have: was an old backup restored?']
    case 'log-held':
      return [
        'error',
        happening.reason === 'ahead'
          ? 'peers saw records of this log that this database does not hold: nothing more is signed; see mosaic log'
          : 'restored from a backup: nothing is signed until the peers say what they saw last; see mosaic log',
      ]
    case 'log-resumed':
      return ['info', 'this node signs its log again']
    case 'broken':
      return ['error', isOfLog(happening.error) ? logBroken : 'the exchange failed at something unexpected']
    default:
      return happening satisfies never
  }
}

const isOfLog = (error: unknown): boolean => error instanceof LogDamaged || error instanceof SecondRoot
const logBroken =
  'the log is not what was signed: nothing more is signed until a person has looked; run mosaic verify'
