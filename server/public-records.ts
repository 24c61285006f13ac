/**
 * The one way from the store to the web. As long as nobody signs in, whoever asks is anybody, so every list, count,
 * detail, feed and stream reads through here and sees only what anybody may have (`isPublic`): TLP:CLEAR, no audience,
 * purpose, police code, marked field or originator control, embargo passed, retention not.
 *
 * Routes are handed these records and never the store (see `context.ts`), so none can forget it.
 */
import { type Clock, type Held, isPublic, type RecordId } from '../engines/record/index.ts'
import type { Query, Store } from '../engines/store/index.ts'

export type PublicRecords = Pick<Store, 'read' | 'count' | 'follow' | 'head'> & {
  /** That version, when anybody may have it; the newest when none is named. */
  readonly get: Store['get']
}

export function publicRecords(store: Store, clock: Clock): PublicRecords {
  const read = (query: Query) => store.read({ ...query, public: true })
  return {
    read,
    count: (query) => store.count({ ...query, public: true }),
    head: () => store.head(),
    get: (id, version) => get(read, id, version),
    follow: (options) => follow(store, clock, options),
  }
}

async function get(read: Store['read'], id: RecordId, version?: number): Promise<Held | undefined> {
  const held = await read({ ids: [id], versions: version === undefined ? 'newest' : 'all' })
  return version === undefined ? held[0] : held.find(({ record }) => record.version === version)
}

async function* follow(
  store: Store,
  clock: Clock,
  options: Parameters<Store['follow']>[0],
): AsyncGenerator<readonly Held[]> {
  for await (const batch of store.follow(options)) {
    const now = clock.now()
    const shown = batch.filter(({ record }) => isPublic(record.handling, now))
    if (shown.length > 0) yield shown
  }
}
