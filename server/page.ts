/**
 * One page of a list that is ordered by when a thing holds, latest first, and filtered by what only its body says:
 * reads on until the page is full or there is no more, so that a page is never short because of a filter.
 *
 * The cursor is the place of the last item in that order, (`valid.from`, log index), which is unique, so things that
 * hold at the same instant are neither given twice nor passed over.
 */
import { type Held, isInstant } from '../engines/record/index.ts'
import type { Query } from '../engines/store/index.ts'
import { cursorOf, noCursor, placeOf } from './ask.ts'
import type { PublicRecords } from './public-records.ts'

const batch = 200

export type Page<Item> = { items: Item[]; next?: string }
type Place = NonNullable<Query['past']>

export async function pageByTime<Item>(
  records: PublicRecords,
  query: Omit<Query, 'order' | 'limit' | 'past'>,
  asked: { readonly cursor?: string | undefined; readonly limit: number },
  toItems: (held: readonly Held[]) => Promise<readonly (Item | undefined)[]>,
): Promise<Page<Item>> {
  const items: Item[] = []
  let past = placeIn(asked.cursor)
  for (;;) {
    const held = await records.read({ ...query, order: '-valid', limit: batch, ...(past ? { past } : {}) })
    const found = await toItems(held)
    for (const [at, { record, index }] of held.entries()) {
      past = { validFrom: record.valid.from, index }
      const item = found[at]
      if (item === undefined) continue
      items.push(item)
      if (items.length < asked.limit) continue
      const hasMore = held.length === batch || at < held.length - 1
      return hasMore ? { items, next: cursorOf([past.validFrom, past.index]) } : { items }
    }
    if (held.length < batch) return { items }
  }
}

function placeIn(cursor: string | undefined): Place | undefined {
  const place = placeOf(cursor)
  if (!place) return undefined
  const [validFrom, index] = place
  if (place.length !== 2 || !isInstant(validFrom) || !Number.isSafeInteger(index)) throw noCursor()
  return { validFrom, index: Number(index) }
}
