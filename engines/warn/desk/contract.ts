/**
 * The warning desk: what people write before a warning goes out, and what they do with it.
 *
 * A draft is content in the words of CAP 1.2, with texts in every language of the country it speaks to. It is composed,
 * checked, submitted, approved by others, and issued; each of these is a version of the draft or a record of its own, by
 * a named person. What a draft is at a moment follows from these records in the order of the log (`life.ts`).
 */
import type {
  CapCategory,
  CapCertainty,
  CapPair,
  CapPoint,
  CapResponseType,
  CapSeverity,
  CapUrgency,
} from '../../formats/index.ts'
import type { AreaCode, Instant, Language, RecordId } from '../../record/index.ts'

/** An account of this node: names may be alike, ids are not. */
export type DeskPerson = { readonly id: string; readonly name: string; readonly role: DeskRole }
export const deskRoles = ['duty-officer', 'approver'] as const
export type DeskRole = (typeof deskRoles)[number]

export type DraftArea = {
  readonly desc: Readonly<Record<Language, string>>
  /** [lat, lon], as CAP writes points. */
  readonly polygons: readonly (readonly CapPoint[])[]
  readonly circles: readonly { readonly center: CapPoint; readonly radiusKm: number }[]
  readonly geocodes: readonly AreaCode[]
}

export const wordNames = ['event', 'headline', 'description', 'instruction'] as const
export type Words = Readonly<Record<(typeof wordNames)[number], string>>
export type DraftText = Words & {
  /** People changed what the catalogue wrote, or wrote it themselves. */
  readonly isEdited: boolean
  /** All entries of the catalogue that it was written from have a reviewer. */
  readonly fromReviewed: boolean
  /** Who read these very words in this language; gone with the next change of them. */
  readonly reviewed?: { readonly by: string; readonly on: Instant }
}

export type DraftContent = {
  readonly country: string
  readonly hazard: string
  /** The issue rule, by its id; absent: the first that covers it. */
  readonly rule?: string
  readonly category: readonly CapCategory[]
  readonly responseType: readonly CapResponseType[]
  readonly urgency: CapUrgency
  readonly severity: CapSeverity
  readonly certainty: CapCertainty
  readonly eventCode: readonly CapPair[]
  readonly parameter: readonly CapPair[]
  /** Absent: when it is sent. */
  readonly effective?: Instant
  readonly onset?: Instant
  readonly expires: Instant
  readonly areas: readonly DraftArea[]
  readonly note?: string
  readonly texts: Readonly<Record<Language, DraftText>>
}

export const purposes = ['alert', 'update', 'cancel'] as const
export type DraftPurpose = (typeof purposes)[number]

export const draftSteps = ['submit', 'approve', 'return', 'issue', 'withdraw'] as const
export type DraftStep = (typeof draftSteps)[number]

export type Ref = { readonly id: RecordId; readonly version: number }
/** What a draft was made from, in the versions of that day. */
export type Evidence = Ref & { readonly type: string }

/** A thing that the checks found, with where in the content it stands. */
export type Finding = {
  readonly rule: string
  /** Errors keep a draft from being submitted and issued. */
  readonly level: 'error' | 'warning'
  /** JSON pointer into the content. */
  readonly place: string
  readonly value: string
  readonly message: string
  /** A person may set this rule aside, with a reason that whoever approves reads. */
  readonly mayOverride: boolean
}

/** How the node wants its desk to work. */
export type DeskRules = {
  /** How many people beside the authors must approve, by severity. */
  readonly approvals: Readonly<Record<CapSeverity, number>>
  /** A warning ends at the latest so many days after it is sent. */
  readonly maxDays: number
}

/** Two pairs of eyes on all that may frighten or hurt; the mildest may go out alone. */
export const defaultDeskRules: DeskRules = {
  approvals: { Extreme: 1, Severe: 1, Moderate: 1, Minor: 0, Unknown: 1 },
  maxDays: 14,
}
