/**
 * A reactor reads the log from its checkpoint and appends what follows from each record, in one transaction with the
 * step of its checkpoint over it (`run-reactors.ts`), under keys derived from its inputs. It has no clock, no
 * randomness, no network: time comes from the records it reads.
 */
import type { Draft, Held, Realm, RecordId } from '../record/index.ts'
import type { Query } from './contract.ts'

/** What a reactor may look at: everything up to the record in hand, and its own types (which it wrote) to the end. */
export type ReactorView = {
  readonly read: (query: Omit<Query, 'realm' | 'upTo'>) => Promise<readonly Held[]>
  readonly get: (id: RecordId, version?: number) => Promise<Held | undefined>
  /**
   * The store let a release that the reactor named for this input not count (it was recalled, or ran out, since the
   * input came): asked again, name none.
   */
  readonly withoutReleases?: true
}

export type Reactor = {
  /** `owner/act`, for example `fuse/hazards.earthquake`; names the checkpoint. */
  readonly name: string
  /** Part of the producer of what it appends; a new version starts no replay by itself. */
  readonly version: string
  /** Types of record it is woken by. */
  readonly reads: readonly string[]
  /** Types it appends. `view` shows these without the bound, because only this reactor writes them. */
  readonly writes: readonly string[]
  /** What follows from one record. Called in log order, one at a time per reactor. */
  readonly react: (input: Held, view: ReactorView) => Promise<readonly Draft[]>
}

export type ReactorFailure = {
  readonly reactor: string
  readonly realm: Realm
  readonly id: RecordId
  readonly index: number
  readonly error: unknown
}
