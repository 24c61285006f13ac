/** Earthquake reports as the pack decodes them, each of a shock of its own: every draft becomes a row. */
import { dryRunPayload } from '../engines/ingest/index.ts'
import { actual, type Draft, instant } from '../engines/record/index.ts'
import { packs } from '../node.ts'
import { emscMessage, randomFrom, smallShocks } from './shocks.ts'

export function* observations(seed: number): Generator<Draft, undefined> {
  const source = packs.flatMap(({ sources }) => sources).find(({ id }) => id === 'emsc-earthquakes-live')
  if (source === undefined) throw new Error('the source that this bench decodes with is gone')
  const now = Date.now()
  let count = 0
  for (const shock of smallShocks(randomFrom(seed), now)) {
    const bytes = Buffer.from(emscMessage({ ...shock, eventId: `bench${String(count++).padStart(9, '0')}` }))
    const payload = { bytes, mediaType: 'application/json', receivedAt: instant(now) }
    yield* dryRunPayload({ source, payload, realm: actual }).drafts
  }
}

export const take = <Item>(from: Iterator<Item, undefined>, count: number): Item[] =>
  Array.from({ length: count }, () => {
    const next = from.next()
    if (next.done) throw new Error('the load ran dry')
    return next.value
  })
