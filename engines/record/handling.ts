/**
 * Handling: who may have a record and on what terms. A lattice: `join` of two handlings is the most restrictive of each
 * mark, so what is derived can never be freer than what it came from.
 *
 * TLP 2.0 (FIRST, August 2022), labels in the exact spelling of the standard. Police handling codes H0–H3 (Europol,
 * ADEP): H1 not as evidence without permission, H2 not passed on without permission, H3 other restrictions; H0 none.
 * `audience` absent means no restriction; empty means nobody.
 */

export const tlpLabels = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const
export type TlpLabel = (typeof tlpLabels)[number]
export const policeCodes = ['H0', 'H1', 'H2', 'H3'] as const
export type PoliceCode = (typeof policeCodes)[number]

import type { Instant } from './instant.ts'

export type Handling = {
  readonly tlp: TlpLabel
  /** Nodes, organisations or communities that may have it; sorted, no repeats. */
  readonly audience?: readonly string[]
  /** Passing it on needs the originator's consent. */
  readonly originatorControl?: boolean
  /** What it may be used for; sorted, no repeats. Absent: any. Empty: nothing. */
  readonly purposes?: readonly string[]
  /** Sorted, no repeats, never H0 beside another. */
  readonly police?: readonly PoliceCode[]
  /** Not released before this instant, whatever a node's clock says. */
  readonly embargoUntil?: Instant
  /** JSON pointer into the record → label of that field. */
  readonly fieldMarks?: { readonly [pointer: string]: TlpLabel }
  /** Content is erased after this instant; the commitment stays. */
  readonly retainUntil?: Instant
}

export const clear: Handling = { tlp: 'TLP:CLEAR' }
