/** A node that holds records with a time, and what retention needs of it. */
import { createRegistry, type Draft, instant, nodeId } from '../../record/index.ts'
import { connect, type Sql } from '../../store/index.ts'
import { aReport, aStore, type TestStore } from '../../store/store.test-support.ts'
import { type Auditor, auditor, auditSealRecord } from '../audit/index.ts'
import type { Erasing } from './erase.ts'
import type { KeysIn } from './left-behind.ts'
import { retentionRecords } from './records.ts'

export const durres = nodeId('durres.example')
export const spring = instant('2020-03-01T00:00:00Z')

/** Payloads of these tests are JSON lists of keys. */
const keysIn: KeysIn = ({ source, bytes }) =>
  source === 'usgs-earthquakes'
    ? (JSON.parse(new TextDecoder().decode(bytes)) as string[]).map((key) => ({
        type: 'hazards.observation',
        key,
      }))
    : undefined

export type Keeping = TestStore & {
  readonly database: Sql
  readonly auditor: Auditor
  readonly erasing: Erasing
}

export async function aNodeThatKeeps(): Promise<Keeping> {
  const registry = createRegistry([auditSealRecord, ...retentionRecords])
  const test = await aStore({ registry })
  const database = connect(test.url, { max: 3 })
  const made = auditor(database, test.clock)
  return {
    ...test,
    database,
    auditor: made,
    erasing: { store: test.store, database, clock: test.clock, auditor: made, node: durres, keysIn },
    async [Symbol.asyncDispose]() {
      await made[Symbol.asyncDispose]()
      await database.end({ timeout: 5 })
      await test[Symbol.asyncDispose]()
    },
  }
}

/** A report that is to be erased in spring, unless `parts` says otherwise. */
export const aPassingReport = (key: string, parts: Partial<Draft> = {}): Draft =>
  aReport({ key, handling: { tlp: 'TLP:GREEN', retainUntil: spring }, ...parts })
