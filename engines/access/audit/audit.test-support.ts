/** What the tests of the trail do not care about: a store with an auditor, an officer, records by number. */
import { hash } from 'node:crypto'
import { testDatabase } from '../../../test/support/database.ts'
import { type Instant, instant, type RecordId, SettableClock } from '../../record/index.ts'
import { connect, type Sql } from '../../store/index.ts'
import type { Asking, Principal, Purpose } from '../contract.ts'
import { type AuditorOptions, auditor } from './auditor.ts'
import type { Auditor } from './contract.ts'

export const morning = instant('2024-03-01T08:00:00Z')

export type Trail = AsyncDisposable & {
  readonly database: Sql
  readonly clock: SettableClock
  readonly auditor: Auditor
  readonly url: string
}

export async function aTrail(options: AuditorOptions = {}): Promise<Trail> {
  const fresh = await testDatabase()
  const database = connect(fresh.url, { max: 4 })
  const clock = new SettableClock(morning)
  const made = auditor(database, clock, options)
  return {
    database,
    clock,
    auditor: made,
    url: fresh.url,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([made[Symbol.asyncDispose]()]) // some tests take the trail away under it
      await database.end({ timeout: 5 })
      await fresh[Symbol.asyncDispose]()
    },
  }
}

export const anOfficer = (parts: Partial<Principal> = {}): Principal => ({
  kind: 'person',
  id: 'person:ana@durres.example',
  organisation: 'org-dcp',
  standing: 'home',
  roles: ['analyst'],
  clearances: [],
  purposes: ['civil-protection', 'law-enforcement', 'oversight'],
  police: [],
  ...parts,
})

export const asking = (
  principal: Principal = anOfficer(),
  purpose: Purpose = 'civil-protection',
  now: Instant = morning,
): Asking => ({ principal, purpose, now, embargoNow: now })

export const record = (n: number): RecordId => hash('sha1', String(n)) as RecordId
