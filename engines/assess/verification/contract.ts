/**
 * Verification: what was warned of, held against what was observed. A pack says how its warnings are read as
 * **forecasts**, what of its events counts as **observed**, and by how much time and distance the two may differ; the
 * engine matches, scores and keeps the score beside the evidence.
 */
import type { Geometry } from 'geojson'
import type { Held, Instant } from '../../record/index.ts'

export type Issuer = {
  readonly id: string
  readonly name: string
  /** ISO 3166-1 alpha-2 of the country that it warns. */
  readonly country?: string
}

/** One warning as a forecast: this matter, here, between these instants. */
export type IssuedForecast = {
  /** What it is about, in the pack's own word. */
  readonly matter: string
  readonly issuer: Issuer
  /** `advice` is addressed to an authority and warns no public. */
  readonly standing: 'warning' | 'advice'
  readonly countries: readonly string[]
  readonly issuedAt: Instant
  readonly from: Instant
  readonly until: Instant
  /** Its issuer took it back then. Before it began: it is withdrawn, and neither right nor wrong. */
  readonly endedAt?: Instant
  readonly level: string
  readonly certainty?: string
  /** Where one was given, 0–1. */
  readonly probability?: number
  /** Absent: nothing tells where. */
  readonly geometry?: Geometry
  /** First of its chain: an update refines a warning, and is not counted as a second one. */
  readonly isFirst: boolean
  readonly assumptions: readonly string[]
}

/** What one of those who saw it saw: from then to then, here. Nobody's warning is a sighting. */
export type Sighting = {
  readonly onset: Instant
  readonly end: Instant
  readonly geometry?: Geometry
  readonly by: string
}

/** What happened. A warning is held against the sightings that meet it: a flood comes to each country at its own hour. */
export type Observed = {
  readonly matter: string
  readonly level?: string
  readonly countries: readonly string[]
  readonly sightings: readonly Sighting[]
  /** Its extent was computed from what was seen: it settles hit or not, and no share of an area. */
  readonly computed?: string
}

export type Tolerance = {
  /** Named where a score is shown. */
  readonly name: string
  /** It may begin so much before the warning did. */
  readonly beforeMs: number
  /** And so much after the warning ran out. */
  readonly afterMs: number
  /** Between the warning's area and what was observed. */
  readonly km: number
}

export type VerificationRule<World = unknown> = {
  /** `hazards.warnings` */
  readonly name: string
  readonly version: string
  /** Types whose records are warnings. */
  readonly forecasts: readonly string[]
  /** Types whose records are events, with members that say what they rest on. */
  readonly events: readonly string[]
  /** Undefined: it is no forecast (a cancellation), or is told elsewhere. `later`: what supersedes it. */
  readonly forecast: (warning: Held, world: World, later: readonly Held[]) => IssuedForecast | undefined
  /** Undefined: nobody observed it. */
  readonly observed: (event: Held, members: readonly Held[], world: World) => Observed | undefined
  /** Grave enough that somebody should have warned of it: looked at from the event alone. */
  readonly isGrave: (event: Held) => boolean
  /** What nobody observes here cannot be verified, and counts for nobody and against nobody. */
  readonly isObservable: (matter: string) => boolean
  readonly tolerance: Tolerance
  /** Reports come late: so long after its end a warning is scored first. */
  readonly settleMs: number
  /** Who has warned within this time before an event is taken to warn of its matter in its country. */
  readonly remitMs: number
}

export const outcomes = ['hit', 'miss', 'false-alarm', 'not-verified', 'withdrawn'] as const
export type Outcome = (typeof outcomes)[number]
