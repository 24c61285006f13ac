/**
 * What kind of event: from the words and codes that sources use to QuakeML's `EventType`.
 *
 * Two-letter codes are the nomenclature that NEIC, ISC and EMSC agreed on (Storchak et al., 26 March 2012) for ISF: the
 * first letter is the certainty (k known, s suspected, f felt, d damaging, u unstated), the second the kind.
 */
import { type SeismicEventType, seismicEventTypes } from './event.ts'

export type Kind = {
  readonly eventType?: SeismicEventType
  readonly typeCertainty?: 'known' | 'suspected'
  /** The word is none that we know; it was read as `other event`. */
  readonly isUnknown?: boolean
}

const aliases: Readonly<Record<string, SeismicEventType>> = {
  eq: 'earthquake',
  quarry: 'quarry blast',
  'mine explosion': 'mining explosion',
  'rock slide': 'rockslide',
  icequake: 'ice quake',
  meteor: 'meteorite',
  'induced earthquake': 'induced or triggered event',
  other: 'other event',
}

const kinds: Readonly<Record<string, SeismicEventType>> = {
  e: 'earthquake',
  m: 'mining explosion',
  h: 'chemical explosion',
  x: 'experimental explosion',
  n: 'nuclear explosion',
  r: 'rock burst',
  i: 'induced or triggered event',
  l: 'landslide',
  v: 'volcanic eruption',
}

/** Words: QuakeML's own, USGS's variants. Empty, or the text "null" (old EMSC QuakeML): the source does not say. */
export function kindFromWords(words: string | undefined): Kind {
  const word = (words ?? '').trim().toLowerCase().replaceAll('_', ' ')
  if (word === '' || word === 'null') return {}
  const found = seismicEventTypes.find((type) => type === word) ?? aliases[word]
  return found === undefined ? { eventType: 'other event', isUnknown: true } : { eventType: found }
}

/** `ke`, `sm`, `kh`, `ue`, `ls` … */
export function kindFromCode(code: string | undefined): Kind {
  const text = (code ?? '').trim().toLowerCase()
  if (text === '' || text === 'null' || text === 'uk') return {}
  if (text === 'ls') return { eventType: 'landslide' }
  const eventType = /^[ksfdu][a-z]$/.test(text) ? kinds[text.slice(1)] : undefined
  if (eventType === undefined) return { eventType: 'other event', isUnknown: true }
  if (text.startsWith('u')) return { eventType }
  return { eventType, typeCertainty: text.startsWith('s') ? 'suspected' : 'known' }
}
