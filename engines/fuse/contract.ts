/**
 * Fusion: many reports of one thing become one event. A pack says when two reports are the same thing (`FusionRule`);
 * the engine clusters, keeps ids stable, asks people where it is unsure, and never forgets why.
 */
import type { Held, Place, RecordId, Validity } from '../record/index.ts'

/** Why two reports were, or were not, taken for one: a named measure, its value and unit, and what it added (−1..1). */
export type Reason = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly weight: number
}
export type Match = { readonly score: number; readonly reasons: readonly Reason[] }

/** One report, whatever the number of its revisions. */
export type Report<Body = unknown> = {
  /** The newest revision that is a report of this kind of thing. */
  readonly held: Held<Body>
  /** Its agency took it back since: it keeps its place in the event, but no longer counts. */
  readonly isWithdrawn: boolean
  /** Log index of its first version: who came first. */
  readonly firstIndex: number
  /** The same report as other nodes hold it: named beside this one, and counted for nothing. */
  readonly copies?: readonly RecordId[]
  /** Of it and its copies the one that came first. */
  readonly firstId?: RecordId
}

export type EventSummary = {
  readonly valid: Validity
  readonly place: Place
  readonly preferred: RecordId
  readonly figures: unknown
}

export type FusionRule<Body = unknown> = {
  /** `hazards.earthquake` */
  readonly name: string
  readonly version: string
  /**
   * The types whose records are reports. Of the rules that write one type at most one applies to a report, so that no
   * two events have one anchor.
   */
  readonly reads: readonly string[]
  readonly writes: string
  /** False: not a report of this kind of thing (a quarry blast), or withdrawn by its agency. */
  readonly applies: (body: Body) => boolean
  /** Which revision of one report is newer; larger wins. */
  readonly revisedAt: (body: Body) => number
  readonly hardLinks: (body: Body) => readonly string[]
  readonly agency: (body: Body) => string
  /**
   * Absent: two reports of one agency under different ids are different things, unless hard-linked. `false`: an agency
   * tells of one thing in many reports (a satellite passes over one fire again and again).
   */
  readonly agencyTellsApart?: false
  /** Reports that begin further apart in time than this are never one thing, milliseconds. */
  readonly windowMs: number
  /**
   * H3 cells outside which nothing can be one thing with this report; reports are then found by them as well as by
   * time. Absent: by time alone.
   */
  readonly within?: (report: Held<Body>) => readonly string[]
  /**
   * Absent: two groups join when their reports on average reach `ask`. `single`: when any two reports reach `merge`, for
   * what spreads and wanders (Sibson 1973, SLINK); of the scores only those that joined two groups are told then.
   */
  readonly linkage?: 'single'
  readonly match: (a: Held<Body>, b: Held<Body>) => Match
  /** At or above `merge`: one event without asking. Between `ask` and `merge`: a person decides. */
  readonly marks: { readonly merge: number; readonly ask: number }
  /** Figures of the event from its members, whatever their order. */
  readonly summarise: (members: readonly Held<Body>[]) => EventSummary
}

/** Body of every fused event, whatever the domain; the pack's own figures are under `figures`. */
export type EventBody<Figures = unknown> = {
  readonly state: 'active' | 'merged' | 'retracted'
  /** With `merged`: the event that it is an alias of. */
  readonly mergedInto?: RecordId
  readonly members: readonly {
    readonly id: RecordId
    readonly version: number
    readonly agency: string
    /** Taken back by its agency: it may hold the event's id, its figures do not count. */
    readonly withdrawn?: true
    /** The same report as other nodes hold it: one witness. */
    readonly copies?: readonly RecordId[]
  }[]
  readonly preferred?: RecordId
  readonly joined: readonly {
    readonly a: RecordId
    readonly b: RecordId
    readonly by: 'hard-link' | 'score' | 'person'
    readonly score?: number
    readonly reasons: readonly Reason[]
  }[]
  readonly figures?: Figures
}

/** `fuse.proposal`: the engine asks a person whether two reports are one thing; settled once they are, or are not. */
export type ProposalBody = {
  readonly state: 'open' | 'settled'
  readonly rule: string
  readonly a: RecordId
  readonly b: RecordId
  readonly score: number
  readonly reasons: readonly Reason[]
}
/** `fuse.decision`: a person says that two reports are (must-link) or are not (cannot-link) one thing; the newest wins. */
export type DecisionBody = {
  readonly rule: string
  readonly a: RecordId
  readonly b: RecordId
  readonly decision: 'must-link' | 'cannot-link' | 'withdrawn'
  readonly because: string
}
