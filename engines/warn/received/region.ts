/** What a region states of the warnings of others: who may speak, and where their messages stand. All of it is data. */
import type { Attribution, MultilingualText } from '../../record/index.ts'
import type { WarningProfile } from '../profile.ts'
import type { Register } from './contract.ts'

/** An address that carries CAP messages of one or several authorities: it is polled as one, whoever speaks in it. */
export type WarningFeed = {
  /** `meteoalarm-croatia`: the id of the source. */
  readonly id: string
  readonly title: MultilingualText
  readonly url: string
  /** `messages`: they stand in the answer. `index`: the answer links to them. */
  readonly form: 'messages' | 'index'
  /** Hosts beside its own that an index may link to. */
  readonly hosts: readonly string[]
  /** ISO 3166-1 alpha-2 of the countries that it speaks of. */
  readonly countries: readonly string[]
  readonly attribution: Attribution
  readonly intervalMs: number
}

export type RegionWarnings = {
  readonly register: Register
  readonly feeds: readonly WarningFeed[]
  /** Parameters that the region's own warnings carry beside CAP's words. */
  readonly writes?: WarningProfile
}
