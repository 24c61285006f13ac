/** Meteoalarm's numbers of `awareness_type` and the kinds of hazard they mean; other schemes are shown in their own words. */
import type { NoticeSummary } from '../../server/schemas/index.ts'
import type { Kind } from '../events/kinds.tsx'

const scheme = 'awareness_type'
const awareness: { readonly [number: string]: Kind } = {
  1: 'wind',
  2: 'snow-ice',
  3: 'thunderstorm',
  4: 'fog',
  5: 'heat',
  6: 'cold',
  7: 'coastal',
  8: 'wildfire',
  9: 'avalanche',
  10: 'rain',
  12: 'flood',
  13: 'flood',
}

export const noticeKinds: readonly Kind[] = [...new Set(Object.values(awareness))]

export const kindOfNotice = ({ kind }: Pick<NoticeSummary, 'kind'>): Kind =>
  kind.flatMap((one) => (one.scheme === scheme ? (awareness[one.code] ?? []) : []))[0] ?? 'other'

/** As the node is asked for it. */
export const codesOfKind = (kind: string): string =>
  Object.entries(awareness)
    .flatMap(([number, own]) => (own === kind ? [`${scheme}:${number}`] : []))
    .join(',')
