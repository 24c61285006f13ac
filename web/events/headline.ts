/** An event in a few words: "Earthquake M 6.4, near Durrës". Place words are the agency's own where there is no better. */
import type { EventSummary } from '../../server/schemas/index.ts'
import { isKey } from '../text/catalogue.ts'
import { decimal, position } from '../text/format.ts'
import { pick, type Say } from '../text/use-text.tsx'

type Reader = { readonly say: Say; readonly locale: string; readonly language: string }

type Placed = Pick<EventSummary, 'title' | 'region' | 'near' | 'latitude' | 'longitude'>

export function placeOf(event: Placed, { language, say }: Pick<Reader, 'language' | 'say'>): string {
  const titled = (event.title && pick(event.title, language)?.text) ?? event.region
  if (titled !== undefined) return titled
  const { near } = event
  if (near) return near.km < 2 ? near.town : say('event.near', { km: Math.round(near.km), town: near.town })
  return position(event.latitude, event.longitude)
}

export function kindOf(event: Pick<EventSummary, 'kind'>, say: Say): string {
  const key = `event.kind.${event.kind}`
  return isKey(key) ? say(key) : event.kind
}

export function headlineOf(event: EventSummary, { say, locale, language }: Reader): string {
  const magnitude = event.magnitude === undefined ? '' : ` M ${decimal(event.magnitude, locale)}`
  return `${kindOf(event, say)}${magnitude}, ${placeOf(event, { language, say })}`
}
