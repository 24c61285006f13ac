/** An event in a few words: "Earthquake M 6.4, near Durrës". Place words are the agency's own where there is no better. */
import type { EventSummary } from '../../server/schemas/index.ts'
import { isKey } from '../text/catalogue.ts'
import { decimal, position } from '../text/format.ts'
import { pick, type Say } from '../text/use-text.tsx'

type Reader = { readonly say: Say; readonly locale: string; readonly language: string }

export const placeOf = (
  event: Pick<EventSummary, 'title' | 'region' | 'latitude' | 'longitude'>,
  language: string,
): string =>
  (event.title && pick(event.title, language)?.text) ??
  event.region ??
  position(event.latitude, event.longitude)

export function kindOf(event: Pick<EventSummary, 'kind'>, say: Say): string {
  const key = `event.kind.${event.kind}`
  return isKey(key) ? say(key) : event.kind
}

export function headlineOf(event: EventSummary, { say, locale, language }: Reader): string {
  const magnitude = event.magnitude === undefined ? '' : ` M ${decimal(event.magnitude, locale)}`
  return `${kindOf(event, say)}${magnitude}, ${placeOf(event, language)}`
}
