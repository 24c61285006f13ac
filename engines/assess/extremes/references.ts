/** Reference methods of extreme values: the cases' own columns and words on our functions. */
import { type ReferenceCase, ReferenceDeparture, type ReferenceMethod } from '../contract.ts'
import { columnOf, listAt, numberAt, textAt } from '../reference-parts.ts'
import { distributions, paretoAbove } from './distributions/index.ts'
import {
  fitGev,
  fitGevTrend,
  fitGumbel,
  type GevFit,
  gevReturnLevel,
  gevReturnLevelWithError,
} from './gev-likelihood.ts'
import { lMomentsOf, lMomentsUnratioed } from './l-moments.ts'
import { fitLogPearson, logPearsonReturnLevel } from './log-pearson.ts'
import {
  clustersByRuns,
  exceedancesOf,
  extremalIndexByIntervals,
  fitPareto,
  peaksReturnLevel,
} from './peaks.ts'
import { allowedLoss95, profileInterval95, profileLoss } from './profile-interval.ts'

type ReadFile = (path: string) => Promise<string>

export const extremesReferences: readonly ReferenceMethod[] = [
  ...distributions.map(({ name }) => ({
    method: `quantile and cdf of ${name}`,
    run: async (one: ReferenceCase) => distributionItself(one),
  })),
  { method: 'L-moments and L-moment fits (lmom)', run: lMomentFits },
  {
    method: 'GEV and Gumbel maximum likelihood (evd::fgev, polished)',
    run: likelihood,
    namedAs: { returnLevelSe: 'se', deviance: 'nllh' },
  },
  { method: 'non-stationary GEV: location = b0 + b1*(year-mean(year))/10', run: trend },
  {
    method: 'log-Pearson III, moments of log10 (station skew, Bulletin 17B without outlier tests)',
    run: logPearson,
  },
  { method: 'peaks over threshold, GPD', run: peaks },
]

function distributionItself(one: ReferenceCase): Record<string, unknown> {
  const params = one.params ?? {}
  const name = textAt(params, 'distribution')
  const distribution = distributions.find((candidate) => candidate.name === name)
  const parameters = listAt(params, 'par') as readonly number[]
  const quantiles = (listAt(params, 'p') as readonly number[]).map((p) =>
    distribution?.quantile(p, parameters),
  )
  return {
    quantile: quantiles,
    cdf: quantiles.map((value) => distribution?.cdf(value ?? Number.NaN, parameters)),
    lmr: distribution?.lMoments?.(parameters),
  }
}

async function lMomentFits(one: ReferenceCase, file: ReadFile): Promise<Record<string, unknown>> {
  const sample = await sampleOf(one, file)
  const years = listAt(one.params ?? {}, 'returnPeriods') as readonly number[]
  const moments = lMomentsOf(sample)
  const [t3, t4, t5] = moments.ratios
  const trimmed = (below: number, above: number): Record<string, unknown> => {
    const { mean, scale, ratios } = lMomentsOf(sample, 4, { below, above })
    const label = `(${below},${above})`
    return {
      [`l${label}_1`]: mean,
      [`l${label}_2`]: scale,
      [`t${label}_3`]: ratios[0],
      [`t${label}_4`]: ratios[1],
    }
  }
  return {
    n: sample.length,
    lmoments: { l_1: moments.mean, l_2: moments.scale, t_3: t3, t_4: t4, t_5: t5 },
    lmomentsUnratioed: lMomentsUnratioed(sample, 5),
    trimmed10: trimmed(1, 0),
    trimmed11: trimmed(1, 1),
    fits: Object.fromEntries(
      distributions.map((distribution) => {
        const fit = distribution.fit(moments)
        if (fit.kind === 'infeasible') return [distribution.name, { error: fit.reason }]
        const returnLevels = years.map((T) => distribution.quantile(1 - 1 / T, fit.parameters))
        const cdfAtMax = distribution.cdf(Math.max(...sample), fit.parameters)
        const named = { par: fit.parameters, names: distribution.parameters, returnLevels, cdfAtMax }
        return [distribution.name, named]
      }),
    ),
  }
}

async function likelihood(one: ReferenceCase, file: ReadFile): Promise<Record<string, unknown>> {
  const sample = await sampleOf(one, file)
  const years = listAt(one.params ?? {}, 'returnPeriods') as readonly number[]
  const fit = fitGev(sample)
  const gumbel = fitGumbel(sample)
  const levels = years.map((T) => gevReturnLevelWithError(fit, T))
  const scaledBy = 10 ** Math.floor(Math.log10(deviationOf(sample)))
  return {
    loc: fit.location,
    scale: fit.scale,
    shape: fit.shape,
    nllh: fit.negativeLogLikelihood,
    se: fit.covariance.map((row, at) => Math.sqrt(row[at] ?? Number.NaN)),
    returnLevels: levels.map(({ level }) => level),
    returnLevelSe: levels.map(({ standardError }) => standardError),
    evdUnpolished: {
      scaledBy,
      par: [fit.location / scaledBy, fit.scale / scaledBy, fit.shape],
      deviance: 2 * (fit.negativeLogLikelihood - sample.length * Math.log(scaledBy)),
    },
    gumbel: {
      loc: gumbel.location,
      scale: gumbel.scale,
      nllh: gumbel.negativeLogLikelihood,
      returnLevels: years.map((T) => gevReturnLevel(gumbel, T)),
    },
    lrTestShape0: 2 * (gumbel.negativeLogLikelihood - fit.negativeLogLikelihood),
    profile95: profile(one, sample, fit),
  }
}

/**
 * @NOTE the program behind these cases follows the profile with an optimiser that can stick, and then ends its interval
 * too early or gives none. Where it does, the loss at its end is below the limit, which our own fit shows; only then is
 * the end a departure.
 */
function profile(one: ReferenceCase, sample: readonly number[], fit: GevFit): unknown {
  const years = 100
  const interval = profileInterval95(sample, fit, years)
  if (interval === undefined) return null
  const { level, low, high } = interval
  const theirs = one.expected.profile95 as Readonly<Record<string, number>> | null
  if (theirs === null)
    return new ReferenceDeparture(interval, 'The reference found no interval; the profile has both ends.')
  const end = (ours: number, their: number | undefined): unknown => {
    if (their === undefined || Math.abs(their - level) >= Math.abs(ours - level) * 0.99) return ours
    const loss = profileLoss(sample, fit, { level: their, years })
    if (!(loss < 0.99 * allowedLoss95)) return ours
    const figures = `${loss.toFixed(3)} of ${allowedLoss95.toFixed(3)}`
    return new ReferenceDeparture(ours, `At the reference's end the likelihood has lost only ${figures}.`)
  }
  return { returnLevel100: level, low: end(low, theirs.low), high: end(high, theirs.high) }
}

async function trend(one: ReferenceCase, file: ReadFile): Promise<Record<string, unknown>> {
  const text = await file(textAt(one.input, 'file'))
  const [years, values] = [columnOf(text, 'year').map(Number), columnOf(text, 'value').map(Number)]
  const mean = years.reduce((sum, year) => sum + year, 0) / years.length
  const decades = years.map((year) => (year - mean) / 10)
  const fit = fitGevTrend(values, decades)
  const { location, scale, shape } = fit.atCovariateZero
  const last = location + fit.slope * (decades.at(-1) ?? 0)
  return {
    b0: location,
    b1PerDecade: fit.slope,
    scale,
    shape,
    nllh: fit.negativeLogLikelihood,
    returnLevel100LastYear: gevReturnLevel({ location: last, scale, shape }, 100),
  }
}

async function logPearson(one: ReferenceCase, file: ReadFile): Promise<Record<string, unknown>> {
  const fit = fitLogPearson(await sampleOf(one, file))
  const years = listAt(one.params ?? {}, 'returnPeriods') as readonly number[]
  return {
    mean: fit.mean,
    sd: fit.deviation,
    skew: fit.skew,
    returnLevels: years.map((T) => logPearsonReturnLevel(fit, T)),
  }
}

async function peaks(one: ReferenceCase, file: ReadFile): Promise<Record<string, unknown>> {
  const series = await sampleOf(one, file)
  const params = one.params ?? {}
  const threshold = numberAt(params, 'threshold')
  const observationsPerYear = numberAt(params, 'observationsPerYear')
  const above = exceedancesOf(series, threshold)
  const excesses = above.map((at) => (series[at] ?? 0) - threshold)
  const fit = fitPareto(excesses)
  const rate = above.length / series.length
  const { mean, scale } = lMomentsOf(excesses, 2)
  const byMoments = paretoAbove(0, mean, scale)
  const clusters = clustersByRuns(above, 3)
  return {
    nExceed: above.length,
    rate,
    scale: fit.scale,
    shape: fit.shape,
    nllh: fit.negativeLogLikelihood,
    returnLevels: (listAt(params, 'returnPeriods') as readonly number[]).map((years) =>
      peaksReturnLevel({ ...fit, threshold, rate, observationsPerYear }, years),
    ),
    lmomFit: { scale: byMoments.alpha, k: byMoments.k },
    clusters3: clusters,
    extremalIndexRuns3: clusters / above.length,
    extremalIndexIntervals: extremalIndexByIntervals(above),
    meanExcess: mean,
  }
}

function deviationOf(sample: readonly number[]): number {
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length
  return Math.sqrt(sample.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sample.length - 1))
}

async function sampleOf(one: ReferenceCase, file: ReadFile): Promise<readonly number[]> {
  const text = await file(textAt(one.input, 'file'))
  return columnOf(text, textAt(one.input, 'value'))
    .filter((value) => value !== '')
    .map(Number)
}
