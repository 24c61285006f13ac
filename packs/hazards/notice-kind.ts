/**
 * Which hazard a warning of another authority is about. First its codes: Meteoalarm's `awareness_type`, GLIDE, the event
 * codes of SAME (47 CFR 11.31), whichever it carries. Without any, the English words of its event; else it is `other`.
 * Words are looked for whole, the more particular first: "flash flood" before "rain", "snow storm" before "storm".
 */
import type { NoticeBody } from '../../engines/warn/index.ts'
import { type HazardKind, kindOfAwareness, kindOfGlide } from './kinds.ts'

const sameKinds: Readonly<Record<string, HazardKind>> = {
  AVA: 'avalanche',
  AVW: 'avalanche',
  BZW: 'snow-ice',
  CFA: 'coastal',
  CFW: 'coastal',
  DSW: 'wind',
  EQW: 'earthquake',
  FFA: 'flood',
  FFS: 'flood',
  FFW: 'flood',
  FLA: 'flood',
  FLS: 'flood',
  FLW: 'flood',
  FRW: 'wildfire',
  HMW: 'industrial-accident',
  HUA: 'cyclone',
  HUW: 'cyclone',
  HWA: 'wind',
  HWW: 'wind',
  NUW: 'radiation',
  RHW: 'radiation',
  SVA: 'thunderstorm',
  SVR: 'thunderstorm',
  TOA: 'thunderstorm',
  TOR: 'thunderstorm',
  TSA: 'tsunami',
  TSW: 'tsunami',
  VOW: 'volcano',
  WSA: 'snow-ice',
  WSW: 'snow-ice',
}

const words: readonly (readonly [RegExp, HazardKind])[] = [
  [/\bearthquakes?\b/, 'earthquake'],
  [/\btsunamis?\b/, 'tsunami'],
  [/\bvolcan/, 'volcano'],
  [/\b(landslides?|mudslides?|debris flows?)\b/, 'landslide'],
  [/\bavalanches?\b/, 'avalanche'],
  [/\b(coastal|storm surge|high waves?|rough sea)\b/, 'coastal'],
  [/\b(flash )?flood(s|ing)?\b/, 'flood'],
  [/\b(wild|forest|bush)[- ]?fires?\b/, 'wildfire'],
  [/\b(thunderstorms?|lightning|hail|tornado(es)?)\b/, 'thunderstorm'],
  [/\b(snow|ice|icy|freezing rain|blizzards?|frost|winter storm)\b/, 'snow-ice'],
  [/\b(cyclones?|hurricanes?|medicanes?)\b/, 'cyclone'],
  [/\bdroughts?\b/, 'drought'],
  [/\bfog\b/, 'fog'],
  [/\b(heat|high[- ]temperatures?|hot)\b/, 'heat'],
  [/\b(cold|low[- ]temperatures?)\b/, 'cold'],
  [/\b(wind|winds|gale|gusts)\b/, 'wind'],
  [/\b(rain|rainfall|downpour)\b/, 'rain'],
  [/\bstorms?\b/, 'storm'],
  [/\b(air pollution|air quality|smog)\b/, 'air-pollution'],
  [/\b(water pollution|oil spill)\b/, 'water-pollution'],
  [/\b(industrial accident|chemical|hazardous materials?)\b/, 'industrial-accident'],
  [/\b(radiation|radiological|nuclear)\b/, 'radiation'],
]

export function kindOfNotice({ kind, texts }: Pick<NoticeBody, 'kind' | 'texts'>): HazardKind {
  for (const { scheme, code } of kind) {
    const name = scheme.toLowerCase()
    if (name === 'awareness_type') return kindOfAwareness(Number(code))
    if (name === 'glide') return kindOfGlide(code)
    const coded = name === 'same' ? sameKinds[code.toUpperCase()] : undefined
    if (coded !== undefined) return coded
  }
  const said = inEnglish(texts.event)?.toLowerCase() ?? kind.map(({ code }) => code).join(' ')
  return words.find(([word]) => word.test(said))?.[1] ?? 'other'
}

/** The English telling of a text, whatever its tag says of the country; else the first by its tag. */
export function inEnglish(texts: Readonly<Record<string, string>>): string | undefined {
  const tags = Object.keys(texts).sort()
  const tag = tags.find((one) => one.toLowerCase().split('-')[0] === 'en') ?? tags[0]
  return tag === undefined ? undefined : texts[tag]
}
