/**
 * One page of a list that is ordered by when a thing holds, latest first, and filtered by what only its body says:
 * reads on until the page is full, there is no more, or 10,000 records were looked at.
 *
 * Every record it passes over is one that the asker may see, so neither the length of a page nor whether another follows
 * tells of any other. The cursor is the place of the last item in that order, (`valid.from`, log index), which is unique, so things that
 * hold at the same instant are neither given twice nor passed over.
 */

import type { FastifyRequest } from 'fastify'
import { type Held, isInstant } from '../engines/record/index.ts'
import type { Query } from '../engines/store/index.ts'
import { type Cursors, cursorsOf, noCursor } from './ask.ts'
import { audited } from './audit-hook.ts'
import type { Context } from './context.ts'
import type { VisibleQuery, VisibleRecords } from './visible-records.ts'

const batch = 200
/** Looked at for one page; a filter that nothing fits goes on with the next. */
const mostLookedAt = 10_000

export type Page<Item> = { items: Item[]; next?: string }
type Place = NonNullable<Query['past']>

export type Pages = {
  readonly records: VisibleRecords
  readonly cursors: Cursors
  /** What is about to be given goes on the audit trail first. */
  readonly note: (given: readonly Held[]) => Promise<void>
}

const questionIn = ({ method, routeOptions, query }: FastifyRequest) => ({
  route: `${method} ${routeOptions.url ?? ''}`,
  asked: query,
})

/** The pages of one list, for whoever asks. */
export const pagesOf = (context: Context, request: FastifyRequest, realm: string): Pages => ({
  records: request.records,
  cursors: cursorsOf(context, request, realm),
  note: (given) => audited(request, 'search', given, { query: questionIn(request), results: given.length }),
})

export async function pageByTime<Item>(
  { records, cursors, note }: Pages,
  query: Omit<VisibleQuery, 'order' | 'limit' | 'past'>,
  asked: { readonly cursor?: string | undefined; readonly limit: number },
  toItems: (held: readonly Held[]) => Promise<readonly (Item | undefined)[]>,
): Promise<Page<Item>> {
  const items: Item[] = []
  const given: Held[] = []
  let past = placeIn(cursors, asked.cursor)
  for (let lookedAt = batch; ; lookedAt += batch) {
    const held = await records.read({ ...query, order: '-valid', limit: batch, ...(past ? { past } : {}) })
    const found = await toItems(held)
    for (const [at, one] of held.entries()) {
      const { record, index } = one
      past = { validFrom: record.valid.from, index }
      const item = found[at]
      if (item === undefined) continue
      items.push(item)
      given.push(one)
      if (items.length < asked.limit) continue
      await note(given)
      const hasMore = held.length === batch || at < held.length - 1
      return hasMore ? { items, next: cursors.cursorOf([past.validFrom, past.index]) } : { items }
    }
    if (held.length < batch || lookedAt >= mostLookedAt) {
      await note(given)
      if (held.length < batch || !past) return { items }
      return { items, next: cursors.cursorOf([past.validFrom, past.index]) }
    }
  }
}

function placeIn({ placeOf }: Cursors, cursor: string | undefined): Place | undefined {
  const place = placeOf(cursor)
  if (!place) return undefined
  const [validFrom, index] = place
  if (place.length !== 2 || !isInstant(validFrom) || !Number.isSafeInteger(index)) throw noCursor()
  return { validFrom, index: Number(index) }
}
