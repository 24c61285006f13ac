/** What the store's tests do not care about: a draft that is sound, a store on a fresh database, a standing clock. */
import { testDatabase } from '../../test/support/database.ts'
import { actual, type Draft, instant, nodeId, SettableClock } from '../record/index.ts'
import { type OpenStore, openStore, type StoreOptions } from './open-store.ts'

export const atMainShock = instant('2019-11-26T02:54:12Z')

export const aReport = (parts: Partial<Draft> = {}): Draft => ({
  type: 'hazards.observation',
  key: 'us70006d0m',
  realm: actual,
  producer: { kind: 'source', name: 'usgs-earthquakes' },
  attribution: [{ source: 'usgs', licence: 'public domain', credit: 'U.S. Geological Survey' }],
  valid: { from: atMainShock, until: atMainShock },
  body: { magnitude: 6.4 },
  ...parts,
})

export type TestStore = AsyncDisposable & {
  readonly store: OpenStore
  readonly clock: SettableClock
  readonly url: string
  /** Another store on the same database, as a second process would have it. */
  readonly beside: (options?: Partial<StoreOptions>) => Promise<OpenStore>
}

export async function aStore(options: Partial<StoreOptions> = {}): Promise<TestStore> {
  const database = await testDatabase()
  const clock = new SettableClock(atMainShock)
  const settings = { url: database.url, node: nodeId('durres.example'), clock, connections: 3, ...options }
  const opened: OpenStore[] = []
  const beside = async (other: Partial<StoreOptions> = {}) => {
    const store = await openStore({ ...settings, ...other })
    opened.push(store)
    return store
  }
  return {
    store: await beside(),
    clock,
    url: database.url,
    beside,
    async [Symbol.asyncDispose]() {
      for (const store of opened) await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}
