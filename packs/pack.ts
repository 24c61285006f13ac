/**
 * What a pack is: one security domain, declared by value. Importing a pack has no effect; `node.ts` registers it,
 * checks it, and keeps a broken one from stopping the others.
 */
import type { Assessor, Detector, ReferenceMethod, VerificationRule } from '../engines/assess/index.ts'
import type { FusionRule } from '../engines/fuse/index.ts'
import type { PartnerSource, SourceDeclaration } from '../engines/ingest/index.ts'
import type { Places } from '../engines/place/index.ts'
import type { Language, MultilingualText, RecordDefinition } from '../engines/record/index.ts'
import type { ReportTemplate } from '../engines/report/index.ts'
import type { Catalogue, RegionWarnings, WarningRule } from '../engines/warn/index.ts'

/** What packs may ask of the world beside records. */
export type World = { readonly places: Places }

/** A layer of the map: which records it shows and from where in the body it takes size, colour and label. */
export type Layer = {
  readonly id: string
  readonly title: MultilingualText
  readonly reads: string
  /** JSON pointers into the body. */
  readonly size?: string
  readonly level?: string
  readonly label?: string
}

export type PackRegion = World & { readonly warnings?: RegionWarnings }
export type RegionalRules = {
  // biome-ignore lint/suspicious/noExplicitAny: a list of rules over different bodies; each is checked where it is declared
  readonly fusion: readonly FusionRule<any>[]
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly warnings: readonly WarningRule<any>[]
}

export type Pack = {
  readonly name: string
  readonly title: MultilingualText
  readonly records: readonly RecordDefinition[]
  readonly sources: readonly SourceDeclaration[]
  /** Sources whose addresses are the region's data: feeds of other people's warnings. */
  readonly warningSources?: (warnings: RegionWarnings) => readonly SourceDeclaration[]
  /** Sources that let in partners only: worked where the operator's settings give an address and a key. */
  readonly partnerSources?: readonly PartnerSource[]
  // biome-ignore lint/suspicious/noExplicitAny: a list of rules over different bodies; each is checked where it is declared
  readonly fusion: readonly FusionRule<any>[]
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly assessors: readonly Assessor<any, any, World>[]
  readonly detectors?: readonly Detector<World>[]
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly warnings: readonly WarningRule<any>[]
  /** Rules that need the region's own data: its rivers, its towns, how its warnings are written. */
  readonly inRegion?: (region: PackRegion) => RegionalRules
  /** How warnings of this domain are held against what was observed. */
  readonly verification?: readonly VerificationRule<World>[]
  /** Warning and report texts, one catalogue per language. */
  readonly catalogues: Readonly<Record<Language, Catalogue>>
  /** Reports on this domain's records, and their texts. */
  readonly reports?: readonly ReportTemplate[]
  readonly reportCatalogues?: Readonly<Record<Language, Catalogue>>
  readonly layers: readonly Layer[]
  readonly references: readonly ReferenceMethod[]
}

export const definePack = (pack: Pack): Pack => pack
