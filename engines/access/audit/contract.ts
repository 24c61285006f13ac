/**
 * The audit trail: who did what, to which records, for what purpose, under which case number, when, with what outcome
 * (Directive (EU) 2016/680, Art. 25: collection, alteration, consultation, disclosure, combination, erasure, with time,
 * reason and person). An entry names records and never holds their content.
 */
import type { Instant, RecordId } from '../../record/index.ts'
import type { Asking, Principal, Purpose, Role } from '../contract.ts'

export const auditActs = [
  'read',
  'search',
  'export',
  /** Handed to a peer node or to somebody outside. */
  'disclose',
  'change',
  'erase',
  /** A person's data were collected for that person (GDPR Art. 15, LED Art. 14). */
  'subject-access',
  'correct',
  /** A refusal that is none of the other acts refused. */
  'refuse',
  'sign-in',
  'sign-out',
  /** Accounts, roles, keys, peers, policy. */
  'administer',
  'break-glass',
  'review',
  /** The trail itself was read. */
  'oversee',
] as const
export type AuditAct = (typeof auditActs)[number]

/** `asked`: noted before it began. What became of it is an entry of its own, later, of the same words; without one, nobody knows. */
export const auditOutcomes = ['asked', 'done', 'refused', 'failed'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

/** What the caller tells; when it happened is the auditor's clock. */
export type Noted = {
  readonly asking: Pick<Asking, 'principal' | 'purpose' | 'caseNumber'>
  readonly act: AuditAct
  /** `done` when absent. */
  readonly outcome?: AuditOutcome
  /** Why it was done (the asker's word), or the code of what refused it. */
  readonly reason?: string
  /** Records whose content was given, changed, refused. */
  readonly subjects?: readonly RecordId[]
  /** A search as data; kept to 4,000 characters, beyond that as its digest. */
  readonly query?: unknown
  /** How many results it had. */
  readonly results?: number
}

/** One entry as it is chained; its canonical form is what the digest is over. */
export type AuditEntry = {
  readonly at: Instant
  readonly retainUntil: Instant
  readonly principal: string
  readonly kind: Principal['kind']
  readonly organisation?: string
  readonly roles: readonly Role[]
  readonly purpose: Purpose
  readonly caseNumber?: string
  readonly act: AuditAct
  readonly outcome: AuditOutcome
  readonly reason?: string
  readonly query?: unknown
  readonly results?: number
  readonly subjects?: Subjects
  /** Labels and audiences did not bind this principal then. */
  readonly glassBroken?: true
}

/** The records of one entry: their ids stand beside it, and this commits to them. */
export type Subjects = {
  readonly count: number
  /** SHA-256 over the ids, sorted, each followed by a line feed; hexadecimal. */
  readonly digest: string
  /** Larger reads are several entries: which of how many. */
  readonly part?: number
  readonly parts?: number
}

export type TrailEntry = AuditEntry & {
  readonly seq: number
  /** Hexadecimal. */
  readonly digest: string
  readonly records: readonly RecordId[]
}

export type TrailQuery = {
  readonly principal?: string
  readonly organisation?: string
  readonly purpose?: Purpose
  readonly caseNumber?: string
  readonly act?: AuditAct
  readonly outcome?: AuditOutcome
  readonly record?: RecordId
  readonly from?: Instant
  /** Before this instant. */
  readonly until?: Instant
  /** Entries before this one; newest first. */
  readonly before?: number
  readonly limit: number
}

/** One page; `next` goes into `before`, absent on the last. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next?: number }

/** One look at one record, as its owner may know it. */
export type Look = {
  readonly record: RecordId
  readonly at: Instant
  readonly act: AuditAct
  readonly kind: Principal['kind']
  readonly organisation?: string
  readonly roles: readonly Role[]
  readonly purpose: Purpose
  readonly caseNumber?: string
  readonly glassBroken?: true
  /** A node's name always; a person's only where the policy lets the asker know it. */
  readonly principal?: string
}

/** Counts for oversight: no content, no record ids, no names. */
export type Figure = {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string
  readonly organisation?: string
  readonly purpose: Purpose
  readonly act: AuditAct
  readonly outcome: AuditOutcome
  readonly count: number
}

export type PublicFigure = {
  readonly day: string
  readonly act: string
  readonly what: string
  readonly count: number
}

export type Figures = {
  readonly figures: readonly Figure[]
  /** Reads by anybody, counted and not traced. */
  readonly public: readonly PublicFigure[]
}

export type FiguresQuery = { readonly from: Instant; readonly until: Instant }

export type LooksQuery = {
  readonly ids: readonly RecordId[]
  readonly before?: number
  readonly limit?: number
  /** With the names of persons. */
  readonly named?: boolean
}

export type Auditor = AsyncDisposable & {
  /**
   * Written within 50 ms with what else happens then. Throws `access/audit-unavailable` once the trail cannot be written
   * for some seconds: what cannot be noted may not be answered.
   */
  readonly note: (noted: Noted) => void
  /** Answers when the entry is durable: for what must be on record before it is given. */
  readonly noteBefore: (noted: Noted) => Promise<void>
  /** Anybody's read of public data: one more, and nothing about whom. `what` is a route or a type, never an id. */
  readonly countPublic: (act: AuditAct, what: string) => void
  /** All that was noted so far is durable, or this throws. */
  readonly flush: () => Promise<void>
  readonly looks: (query: LooksQuery) => Promise<Page<Look>>
  readonly trail: (query: TrailQuery) => Promise<Page<TrailEntry>>
  readonly figures: (query: FiguresQuery) => Promise<Figures>
}
