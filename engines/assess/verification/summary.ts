/**
 * Scores counted, made when they are read and never stored: over all, and per issuer, matter and country. Advice to an
 * authority is counted apart from warnings (`standing`), since it warned no public. An event that two issuers of one
 * country missed is one miss, unless it is asked issuer by issuer.
 */
import { brierScore, brierSkill, type Forecast } from '../scoring/binary.ts'
import { type ReliabilityBin, reliability } from '../scoring/reliability.ts'
import { type Contingency, contingency, type Share, wilson } from './contingency.ts'
import type { ScoreBody } from './records.ts'

export type LeadTimes = {
  readonly hits: number
  /** Hits whose warning came after the onset. */
  readonly late: number
  readonly medianS: number
  readonly lowS: number
  readonly highS: number
}

export type Areas = {
  readonly hits: number
  /** Means over the hits that both have an extent. */
  readonly warnedShareHit: number
  readonly observedShareWarned: number
  readonly threatScore: number
}

export type Probabilities = {
  readonly forecasts: number
  readonly brier: number
  /** Against always saying the base rate; absent where that is 0 or 1. */
  readonly skill?: number
  readonly bins: readonly ReliabilityBin[]
}

export type ScoreSummary = Contingency & {
  readonly scores: number
  readonly notVerified: number
  readonly leadTime?: LeadTimes
  readonly area?: Areas
  readonly probability?: Probabilities
  /** How often what was called so came: CAP's words of certainty, which are no numbers. */
  readonly certainty: readonly { readonly word: string; readonly happened: Share }[]
}

export const groupings = ['issuer', 'matter', 'country', 'standing'] as const
export type Grouping = (typeof groupings)[number]
export type ScoreGroup = { readonly by: Grouping; readonly name: string; readonly summary: ScoreSummary }

export function summarise(all: readonly ScoreBody[]): ScoreSummary {
  const counted = oncePerMiss(all.filter(({ isCounted }) => isCounted))
  const count = (outcome: ScoreBody['outcome']) => counted.filter((one) => one.outcome === outcome).length
  const leadTime = leadTimesOf(counted)
  const area = areasOf(counted)
  const probability = probabilitiesOf(counted)
  return {
    ...contingency({ hits: count('hit'), misses: count('miss'), falseAlarms: count('false-alarm') }),
    scores: all.length,
    notVerified: all.filter(({ outcome }) => outcome === 'not-verified').length,
    ...(leadTime && { leadTime }),
    ...(area && { area }),
    ...(probability && { probability }),
    certainty: certaintiesOf(counted),
  }
}

function oncePerMiss(scores: readonly ScoreBody[]): readonly ScoreBody[] {
  const seen = new Set<string>()
  return scores.filter(({ outcome, observed, countries }) => {
    if (outcome !== 'miss') return true
    const name = `${observed[0]?.id} ${countries.join(' ')}`
    return !seen.has(name) && seen.add(name)
  })
}

/** Largest group first. A score of several countries counts in each. */
export function groupedBy(all: readonly ScoreBody[], by: Grouping): readonly ScoreGroup[] {
  const names = [...new Set(all.flatMap((one) => namesOf(one, by)))]
  return names
    .map((name) => ({ by, name, summary: summarise(all.filter((one) => namesOf(one, by).includes(name))) }))
    .sort((a, b) => b.summary.scores - a.summary.scores || (a.name < b.name ? -1 : 1))
}

function namesOf(score: ScoreBody, by: Grouping): readonly string[] {
  switch (by) {
    case 'issuer':
      return [score.issuer.id]
    case 'matter':
      return [score.matter]
    case 'country':
      return score.countries
    case 'standing':
      return [score.standing]
  }
}

function leadTimesOf(scores: readonly ScoreBody[]): LeadTimes | undefined {
  const times = scores.flatMap(({ leadTimeS }) => leadTimeS ?? []).sort((a, b) => a - b)
  const [lowS, highS] = [times[0], times.at(-1)]
  if (lowS === undefined || highS === undefined) return undefined
  const middle = Math.floor(times.length / 2)
  const medianS =
    times.length % 2 === 1 ? (times[middle] ?? 0) : ((times[middle - 1] ?? 0) + (times[middle] ?? 0)) / 2
  return { hits: times.length, late: times.filter((time) => time < 0).length, medianS, lowS, highS }
}

function areasOf(scores: readonly ScoreBody[]): Areas | undefined {
  const areas = scores.flatMap(({ area }) => area ?? [])
  if (areas.length === 0) return undefined
  const mean = (of: (area: NonNullable<ScoreBody['area']>) => number): number =>
    areas.reduce((sum, one) => sum + of(one), 0) / areas.length
  return {
    hits: areas.length,
    warnedShareHit: mean(({ warnedShareHit }) => warnedShareHit),
    observedShareWarned: mean(({ observedShareWarned }) => observedShareWarned),
    threatScore: mean(({ threatScore }) => threatScore),
  }
}

function probabilitiesOf(scores: readonly ScoreBody[]): Probabilities | undefined {
  const forecasts = scores.flatMap(({ probability, outcome }): readonly Forecast[] =>
    probability === undefined ? [] : [{ probability, happened: outcome === 'hit' }],
  )
  if (forecasts.length === 0) return undefined
  const happened = forecasts.filter((one) => one.happened).length
  const hasBoth = happened > 0 && happened < forecasts.length
  return {
    forecasts: forecasts.length,
    brier: brierScore(forecasts),
    ...(hasBoth && { skill: brierSkill(forecasts) }),
    bins: reliability(forecasts, 10),
  }
}

const certainties = ['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'] as const

function certaintiesOf(scores: readonly ScoreBody[]): ScoreSummary['certainty'] {
  return certainties.flatMap((word) => {
    const own = scores.filter(({ warning }) => warning?.certainty === word)
    const happened = wilson(own.filter(({ outcome }) => outcome === 'hit').length, own.length)
    return happened === undefined ? [] : [{ word, happened }]
  })
}
