/**
 * Warnings of others: what was received (`warn.alert`, one CAP message) and what follows from all of it together
 * (`warn.notice`, one warning of one kind for one area by one authority, with the whole chain behind it).
 *
 * Who may speak for whom, and the words in which a profile of CAP carries kind, level and areas, are data of the region.
 */
import type { CapAlert, CapInfo, CapPolicy, CapTriple } from '../../formats/index.ts'
import type { MultilingualText } from '../../record/index.ts'

/** One who issues warnings. Sources carry messages of several; the sender of the message says whose it is. */
export type Authority = {
  readonly id: string
  readonly names: MultilingualText
  /** Senders exactly as their messages write them. */
  readonly senders: readonly string[]
  /** Hosts: every sender at or below one of them (`cap@met.example`, `https://www.met.example`) is this authority. */
  readonly hosts: readonly string[]
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** What its signatures must be, and with which certificates. */
  readonly policy: CapPolicy
  /** By what right it warns; a sentence with its source. */
  readonly mandate: string
}

/** How a profile of CAP writes kind, level and areas. Names are compared without case. */
export type CapProfile = {
  /** Parameter whose leading number is the kind: `3; Thunderstorm`. */
  readonly kindParameter?: string
  /** Parameter whose leading number is the level: `2; yellow; Moderate`; `noWarning` is the number that says "none". */
  readonly levelParameter?: string
  readonly noWarning?: string
  /** Schemes whose codes each name one warning area, best first: an area with several codes of one is several areas. */
  readonly areaSchemes: readonly string[]
  /** Senders that write one scheme's name over another's codes. */
  readonly misnamed: readonly { readonly scheme: string; readonly prefix: string; readonly means: string }[]
}

export type Register = { readonly authorities: readonly Authority[]; readonly profile: CapProfile }

/** One received message as the resolver sees it. */
export type KnownAlert = {
  /** Key of its record. */
  readonly key: string
  readonly alert: CapAlert
  readonly triple: CapTriple
  readonly digest: string
  /** Milliseconds since 1970 at which it was recorded: the first copy of a triple wins. */
  readonly recordedMs: number
  /** It carries a signature that does not verify: any other copy comes before it. */
  readonly isForged: boolean
  /** Recorded by this node; a peer's copy never wins over our own. */
  readonly isOwn: boolean
  /** Messages of different handling never meet: what was said in confidence neither ends nor changes what is public. */
  readonly handling: string
}

export type Code = { readonly scheme: string; readonly code: string }

/** One warning in one message: its blocks in all languages, for one area. */
export type Segment = {
  readonly of: Pick<KnownAlert, 'alert' | 'triple'>
  readonly kind: readonly Code[]
  readonly kindKey: string
  readonly areaKey: string
  /** What tells the area: a code is the same in every message, a shape seldom, a name says little. */
  readonly areaBy: 'code' | 'shape' | 'name'
  readonly codes: readonly Code[]
  readonly level?: Code & { readonly text: string }
  readonly levelKey: string
  /** From onset, else effective, else sent. */
  readonly fromMs: number
  readonly onsetMs?: number
  readonly effectiveMs?: number
  readonly expiresMs: number
  readonly expiresAssumed: boolean
  /** No warning: says that there is none, or none any more. */
  readonly isAllClear: boolean
  /** It also ends what was said before about its kind and area. */
  readonly ends: boolean
  /** Blocks of the same matter, one for each language. */
  readonly infos: readonly CapInfo[]
}

export type Role = 'first' | 'copy' | 'update' | 're-issue' | 'cancel' | 'all-clear' | 'conflict'

export type ChainMessage = {
  readonly key: string
  readonly triple: CapTriple
  readonly role: Role
  /** Why it has this role: a word of `reasons`. */
  readonly because: Reason
}

export const reasons = [
  'earliest-known',
  'same-message',
  'same-fact',
  'times-within-60-min',
  'names-it',
  'names-only-cancelled',
  'other-content-under-one-name',
  'same-kind-and-area',
] as const
export type Reason = (typeof reasons)[number]

export type NoticeState = 'in-force' | 'ended' | 'superseded'

/** What the resolver says of one chain. */
export type Resolved = {
  readonly key: string
  readonly authority: string
  readonly state: NoticeState
  /** When a message ended or replaced it, milliseconds since 1970; it may run out before by itself. */
  readonly endedMs?: number
  /** The message whose words hold, or held last. */
  readonly shown: Segment
  /** Others that say the same fact: for languages that `shown` lacks. */
  readonly alike: readonly Segment[]
  readonly messages: readonly ChainMessage[]
  /** References to messages that this node does not hold, as written. */
  readonly dangling: readonly string[]
  readonly hold?: 'suspected-re-issue' | 'update-after-cancel'
}
