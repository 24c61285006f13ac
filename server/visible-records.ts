/**
 * The one way from the store to the web, for whoever asks. Every list, count, detail, feed and stream reads through
 * here, and sees what the policy (`engines/access`) lets this asker have: whole records by a condition that the database
 * itself applies, so that pages, counts and order are made of nothing else; and within a record the fields that it marks
 * higher are taken out and named in `withheld`.
 *
 * A question about a field never finds a record by a field that is marked: who asks for what lies in area A would
 * otherwise learn by asking what the record may not tell. The store sees to that (`Query.where`).
 *
 * Routes are handed these records as `request.records` and never the store (see `context.ts`), so none can forget it.
 */
import type { FastifyInstance } from 'fastify'
import { type Asking, reader } from '../engines/access/index.ts'
import type { Held, RecordId } from '../engines/record/index.ts'
import type { Query, Store } from '../engines/store/index.ts'

/** `matching` says what is looked for; what may be seen is not the asker's to say. */
export type VisibleQuery = Omit<Query, 'where' | 'erased' | 'byMarked'>

export type VisibleRecords = {
  readonly read: (query: VisibleQuery) => Promise<readonly Held[]>
  readonly count: (query: VisibleQuery) => Promise<number>
  /** That version, when this asker may have it; the newest when none is named. */
  readonly get: (id: RecordId, version?: number) => Promise<Held | undefined>
  /** As the log goes on. What may be seen is judged anew at every look, since embargoes and retention end. */
  readonly follow: (options: Omit<Parameters<Store['follow']>[0], 'where'>) => AsyncIterable<readonly Held[]>
  /** Where the log stands: leaves the node in tokens only. */
  readonly head: () => Promise<number>
}

/** Who asks, judged at the moment of each question. */
export type Asker = () => Asking
export type RecordStore = Pick<Store, 'read' | 'count' | 'follow' | 'head'>

declare module 'fastify' {
  interface FastifyRequest {
    /** What the asker of this request may see. */
    readonly records: VisibleRecords
  }
}

export function visibleRecords(store: RecordStore, asker: Asker): VisibleRecords {
  const read = async (query: VisibleQuery) => {
    const { condition, view } = reader(asker())
    return (await store.read({ ...query, where: condition })).flatMap((held) => view(held) ?? [])
  }
  return {
    read,
    count: (query) => store.count({ ...query, where: reader(asker()).condition }),
    get: (id, version) => getVisible(read, id, version),
    follow: (options) => followVisible(store, asker, options),
    head: () => store.head(),
  }
}

/**
 * Adds `request.records`; who asks stands in `request.asking` (server/sign-in). A stream lasts longer than the instant it
 * was asked at, so each question is dated anew.
 */
export function handOutRecords(app: FastifyInstance, { recordsFor, instants }: RecordsFor): void {
  app.decorateRequest('records', {
    getter() {
      return recordsFor(() => ({ ...this.asking, ...instants() }))
    },
  })
}

export type RecordsFor = {
  readonly recordsFor: (asker: Asker) => VisibleRecords
  /** The node's clock, and the instant at which embargoes are judged. */
  readonly instants: () => Pick<Asking, 'now' | 'embargoNow'>
}

/** The same records, noting what was given, for the audit trail. */
export function noting(records: VisibleRecords): {
  readonly records: VisibleRecords
  readonly given: () => readonly Held[]
} {
  const given = new Map<string, Held>()
  const noted = (held: readonly Held[]) => {
    for (const one of held) given.set(one.record.id, one)
    return held
  }
  const get: VisibleRecords['get'] = async (id, version) =>
    noted([await records.get(id, version)].flatMap((one) => one ?? []))[0]
  return {
    records: { ...records, get, read: async (query) => noted(await records.read(query)) },
    given: () => [...given.values()],
  }
}

async function getVisible(
  read: VisibleRecords['read'],
  id: RecordId,
  version?: number,
): Promise<Held | undefined> {
  const held = await read({ ids: [id], versions: version === undefined ? 'newest' : 'all' })
  return version === undefined ? held[0] : held.find(({ record }) => record.version === version)
}

async function* followVisible(
  store: RecordStore,
  asker: Asker,
  options: Parameters<VisibleRecords['follow']>[0],
): AsyncGenerator<readonly Held[]> {
  const where = () => reader(asker()).condition
  for await (const batch of store.follow({ ...options, where })) {
    const { view } = reader(asker())
    const seen = batch.flatMap((held) => view(held) ?? [])
    if (seen.length > 0) yield seen
  }
}
