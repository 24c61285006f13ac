/**
 * A condition: what a record's envelope must say for somebody to have it, as data. One value has two readings, and a
 * property test holds them together: `holds` asks it of a record in hand, `sqlOf` asks it of the database.
 *
 * A condition names no person and no rule of its own: `engines/access` makes one of a principal and the policy, and the
 * exchange makes one of what a peer may receive. The handling it speaks of is always the effective one.
 */
import type { AreaCode, Instant, NodeId, PoliceCode, Realm, RecordId, TlpLabel } from '../record/index.ts'

export type Condition =
  /** True when all hold; of none, true. */
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  /** True when one holds; of none, false. */
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  /** A condition under the name of the rule that it stands for, so that a refusal can say which rule decided. */
  | { readonly kind: 'rule'; readonly rule: string; readonly of: Condition }
  | { readonly kind: 'tlp-at-most'; readonly label: TlpLabel }
  /** Nobody is named: no restriction. */
  | { readonly kind: 'audience-open' }
  /** One of these is named. */
  | { readonly kind: 'audience-names'; readonly names: readonly string[] }
  /** No purpose is named: any. */
  | { readonly kind: 'purposes-open' }
  | { readonly kind: 'purposes-name'; readonly purpose: string }
  /** Every police code of the record is one of these; a record without codes fits. */
  | { readonly kind: 'police-within'; readonly codes: readonly PoliceCode[] }
  | { readonly kind: 'originator-control' }
  /** No embargo, or one that ends at or before this instant. */
  | { readonly kind: 'embargo-over'; readonly at: Instant }
  /** No retention, or one that ends at or after this instant. */
  | { readonly kind: 'retained'; readonly at: Instant }
  /** No field is marked. */
  | { readonly kind: 'unmarked' }
  | { readonly kind: 'origin-in'; readonly nodes: readonly NodeId[] }
  | { readonly kind: 'realm-in'; readonly realms: readonly Realm[] }
  /** `hazards.event`, or `hazards.*` for all of one owner. */
  | { readonly kind: 'type-in'; readonly types: readonly string[] }
  | { readonly kind: 'id-in'; readonly ids: readonly RecordId[] }
  /** One of its area codes is one of these (`asOf` is not compared). */
  | { readonly kind: 'area-in'; readonly areas: readonly Pick<AreaCode, 'scheme' | 'code'>[] }
  /** It stands in no area by code. */
  | { readonly kind: 'area-none' }
