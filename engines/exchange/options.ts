/** What an exchange is opened with, and what it then is. */
import type { Clearance, Purpose } from '../access/index.ts'
import type {
  Clock,
  Draft,
  Instant,
  MultilingualText,
  NodeId,
  PoliceCode,
  RecordId,
} from '../record/index.ts'
import type { OpenStore } from '../store/index.ts'
import type { NodeKeys, PublicKey, Signing, TransparencyLog } from '../tlog/index.ts'
import type { AgreedTime } from './agreed-time.ts'
import type { QuestionParts } from './answer-question.ts'
import type { RegionAnswer } from './ask-region.ts'
import type { ConsentsFor, NodeCard, Peer, PeerStatus, RecallHooks } from './contract.ts'
import type { Deliveries } from './deliveries.ts'
import type { ExchangeRoute, Handlers } from './handlers.ts'
import type { HeldRound } from './held-log.ts'
import type { Introduced } from './introduced.ts'
import type { Introduction, MeetOptions, PeerTerms } from './join.ts'
import type { LooksFor } from './looks.ts'
import type { Peers } from './peers.ts'
import type { PullParts } from './pull.ts'
import type { TypeSchema } from './schemas.ts'
import type { Settled } from './settle-origin.ts'
import type { Successions, Superseded } from './succession.ts'
import type { ExchangeHappening } from './take-from.ts'
import type { Question } from './wire.ts'

export type ExchangeOptions = {
  readonly store: OpenStore
  readonly log: TransparencyLog
  readonly keys: Pick<NodeKeys, 'node' | 'current' | 'all' | 'sign'>
  readonly clock: Clock
  /** What this node says of itself, and what its operators may hold. */
  readonly self: {
    readonly title: MultilingualText
    readonly organisation?: string
    readonly clearances?: readonly Clearance[]
    readonly purposes?: readonly Purpose[]
    readonly police?: readonly PoliceCode[]
  }
  /** 0 up to, not including, 1: spreads the attempts. */
  readonly random: () => number
  readonly randomBytes?: (count: number) => Uint8Array
  readonly on?: (happening: ExchangeHappening) => void
  readonly recall?: RecallHooks
  readonly consentsFor?: ConsentsFor
  /** Looks at records of an origin, told to that origin alone; nothing is told where it is absent. */
  readonly looksFor?: LooksFor
  /** For the audit: a peer asked a question and was given so many records. */
  readonly asked?: QuestionParts['asked']
  /** What other engines answer to peers beside the exchange's own. */
  readonly routes?: readonly ExchangeRoute[]
  /** Records that a peer brought and the store took. */
  readonly taken?: PullParts['taken']
  /** After how long a peer is said to leave out what another brought of the same origin; an hour where absent. */
  readonly withheldAfterMs?: number
  /** How long peers may hold our requests while they have nothing. */
  readonly waitMs?: number
}

export type Exchange = AsyncDisposable & {
  readonly handlers: Handlers
  readonly peers: Peers
  readonly status: () => Promise<readonly PeerStatus[]>
  /** Who answers at an address, with the fingerprint to compare. */
  readonly meet: (options: MeetOptions) => Promise<Introduction>
  readonly welcome: (
    introduction: Introduction,
    asked: { readonly fingerprint: string; readonly terms: PeerTerms },
  ) => Promise<Peer>
  readonly card: () => Promise<NodeCard>
  /** One question to every active peer, or to those named. */
  readonly ask: (
    question: Question,
    options: {
      readonly timeoutMs: number
      readonly nodes?: readonly NodeId[]
      readonly signal?: AbortSignal
    },
  ) => Promise<RegionAnswer>
  /** Who looked at records of this node, as a peer that holds them says. */
  readonly looksAt: (peer: NodeId, ids: readonly RecordId[]) => Promise<readonly unknown[]>
  /** The schema of a type, ours or as a peer published it. */
  readonly schemaOf: (type: string) => Promise<TypeSchema | undefined>
  /** What a peer was given, with its signature that it holds it; newest first. `provenOf` checks one. */
  readonly deliveries: Deliveries['list']
  /** All keys of a node that are known here, revoked ones marked. */
  readonly keysOf: (node: NodeId) => Promise<readonly PublicKey[]>
  /** Keys of origins that are no peers of ours, by whom they were introduced, contested ones among them. */
  readonly introduced: Introduced['all']
  /** A person compared fingerprints with the origin's operators. */
  readonly settleOrigin: (node: NodeId, fingerprint: string) => Promise<Settled>
  /** Who succeeded whom, as far as is known here, and which successions do not hold beside another. */
  readonly successions: () => Promise<Successions>
  /** Did the one take over what the other owned? */
  readonly speaksFor: (heir: NodeId, origin: NodeId) => Promise<boolean>
  /** Whose records does it own beside its own? */
  readonly ownedBy: (heir: NodeId) => Promise<readonly NodeId[]>
  /** Next versions of records of an origin that this node succeeds. */
  readonly supersede: (origin: NodeId, drafts: readonly Draft[]) => Promise<Superseded>
  /** When an origin, or who took over from it, was last heard of, by contact or through others. */
  readonly lastHeard: (origin: NodeId) => Promise<Instant | undefined>
  /** May our log be signed, and what our peers said of it where signing is held. */
  readonly signing: () => Promise<Signing>
  /** Asks every active peer what it last saw of our log, and signs again where that, or a person's reason, allows it. */
  readonly resumeSigning: (because?: string, signal?: AbortSignal) => Promise<HeldRound>
  /** By which embargoes are judged, everywhere on this node. */
  readonly agreedTime: () => Promise<AgreedTime>
  /** Takes from every active peer, keeps the log signed, until the signal aborts. */
  readonly live: (options: { readonly signal: AbortSignal }) => Promise<void>
}
