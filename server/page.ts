/**
 * One page of a list that is ordered by when a thing holds, latest first, and filtered by what only its body says:
 * reads on until the page is full or there is no more, so that a page is never short because of a filter.
 */
import { type Held, instant } from '../engines/record/index.ts'
import type { Query, Store } from '../engines/store/index.ts'
import { cursorOf, placeOf } from './ask.ts'

const batch = 200

export type Page<Item> = { items: Item[]; next?: string }

export async function pageByTime<Item>(
  store: Store,
  query: Omit<Query, 'order' | 'limit'>,
  asked: { readonly cursor?: string | undefined; readonly limit: number },
  toItems: (held: readonly Held[]) => Promise<readonly (Item | undefined)[]>,
): Promise<Page<Item>> {
  const items: Item[] = []
  let place = placeOf(asked.cursor)
  for (;;) {
    const held = await after(store, query, place)
    const found = await toItems(held)
    for (const [at, one] of held.entries()) {
      const item = found[at]
      place = [one.record.valid.from, one.index]
      if (item === undefined) continue
      items.push(item)
      if (items.length === asked.limit)
        return withNext(items, place, held.length === batch || at < held.length - 1)
    }
    if (held.length < batch) return { items }
  }
}

/** The next batch in the order `valid.from` descending, then log index descending. */
async function after(
  store: Store,
  query: Omit<Query, 'order' | 'limit'>,
  place: readonly (string | number)[] | undefined,
): Promise<readonly Held[]> {
  if (!place) return store.read({ ...query, order: '-valid', limit: batch })
  const [from, index] = place
  const until = instant(String(from))
  const bounded = query.validUntil === undefined || until < query.validUntil ? until : query.validUntil
  const tied = await store.count({ ...query, validUntil: bounded, validFrom: bounded })
  const held = await store.read({ ...query, validUntil: bounded, order: '-valid', limit: batch + tied })
  const rest = held.filter(
    ({ record, index: at }) =>
      record.valid.from < until || (record.valid.from === until && at < Number(index)),
  )
  return rest.slice(0, batch)
}

const withNext = <Item>(items: Item[], place: readonly (string | number)[], hasMore: boolean): Page<Item> =>
  hasMore ? { items, next: cursorOf(place) } : { items }
