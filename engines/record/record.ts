/**
 * The record: the one shape of everything that Mosaic knows. Observation, event, assessment, warning, a person's
 * decision: each is a record of some type, owned by its origin, superseded only by its origin, never edited.
 *
 * A `Draft` is what people, sources and reactors hand to the store; the store adds `id`, `version`, `origin`,
 * `recordedAt`, the joined handling and attribution, and returns the record.
 */
import type { Geometry } from 'geojson'
import type { Brand } from './brand.ts'
import type { Handling } from './handling.ts'
import type { Instant } from './instant.ts'

/** 40 lower-case hexadecimal digits: the first 160 bits of a hash of (origin, type, key, realm). */
export type RecordId = Brand<string, 'RecordId'>
/** The node that owns a record; lower-case host-like name, for example `durres.example`. */
export type NodeId = Brand<string, 'NodeId'>
/** `actual`, `test`, or one exercise: `exercise:durres-2019`. Reactors never cross realms. */
export type Realm = Brand<string, 'Realm'>

export type Producer =
  | { readonly kind: 'method'; readonly name: string; readonly version: string }
  | {
      readonly kind: 'person'
      readonly name: string
      readonly role?: string
      readonly authority?: string
      readonly mandate?: string
    }
  | { readonly kind: 'source'; readonly name: string }

export type Attribution = {
  readonly source: string
  /** SPDX identifier where there is one, else the licence's own name. */
  readonly licence: string
  /** The line that must stand beside the figure. */
  readonly credit: string
  readonly url?: string
}

/** When it holds in the world. An instant has `until` equal to `from`; `until` absent means open. */
export type Validity = { readonly from: Instant; readonly until?: Instant }

export type AreaCode = {
  /** `ISO3166-1`, `EMMA_ID`, `NUTS`, … */
  readonly scheme: string
  readonly code: string
  /** The day whose edition of the code list is meant, `YYYY-MM-DD`. */
  readonly asOf?: string
}

export type Place = {
  /** WGS 84, [lon, lat] in degrees; a third coordinate is metres above the ellipsoid. */
  readonly geometry?: Geometry
  readonly areas?: readonly AreaCode[]
  /** Compacted H3 cells that overlap the geometry, lower-case hexadecimal. */
  readonly cells?: readonly string[]
}

export const linkTypes = [
  'derivedFrom',
  'partOf',
  'about',
  'evidenceFor',
  'releases',
  'supersedes',
  'aliasOf',
  'answers',
  'releasedBy',
  'recalls',
  'consentsTo',
] as const
export type LinkType = (typeof linkTypes)[number]
/** A typed reference to one version of a record; `version` absent means the record as such, whatever its version. */
export type Link = { readonly type: LinkType; readonly id: RecordId; readonly version?: number }

export type MosaicRecord<Body = unknown> = {
  readonly id: RecordId
  readonly version: number
  readonly type: string
  readonly schemaVersion: number
  readonly origin: NodeId
  readonly key: string
  readonly realm: Realm
  readonly producer: Producer
  readonly attribution: readonly Attribution[]
  readonly recordedAt: Instant
  readonly valid: Validity
  readonly place?: Place
  readonly handling: Handling
  readonly links: readonly Link[]
  readonly body: Body
}

/** What a producer hands to the store. Handling absent: only the join of its inputs (`TLP:CLEAR` when it has none). */
export type Draft<Body = unknown> = {
  readonly type: string
  readonly key: string
  readonly realm: Realm
  readonly producer: Producer
  readonly attribution?: readonly Attribution[]
  readonly valid: Validity
  readonly place?: Place
  readonly handling?: Handling
  readonly links?: readonly Link[]
  readonly body: Body
}

/** A record as one node holds it: beside the envelope, when it came and where it stands in this node's log. */
export type Held<Body = unknown> = {
  readonly record: MosaicRecord<Body>
  readonly receivedAt: Instant
  readonly index: number
  /** Where it is stricter than the record's own: a later version, a recall, or an input tightened it. */
  readonly effective?: Handling
  /** JSON pointers of marked fields that are not in `record`: not given to this node, or taken out for this reader. */
  readonly withheld?: readonly string[]
}
