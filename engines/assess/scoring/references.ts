/** Reference methods of scoring: the cases' own columns and words on our functions. */
import { type ReferenceCase, ReferenceDeparture, type ReferenceMethod } from '../contract.ts'
import { listAt, numberAt } from '../reference-parts.ts'
import {
  areaUnderCurve,
  averagePrecision,
  brierScore,
  brierSkill,
  confusionAt,
  curve,
  type Forecast,
  falseAlarmRate,
  fOne,
  hitRate,
  logLoss,
  matthews,
  precision,
} from './binary.ts'
import { compareForecasts } from './compare-forecasts.ts'
import { type CountForecast, countScores, integralTransform } from './counts.ts'
import {
  continuousRankedProbability,
  fairContinuousRankedProbability,
  ignoranceBits,
  intervalScore,
} from './ensemble.ts'
import { isotonicCalibration, reliability } from './reliability.ts'

type Numbers = readonly number[]

export const scoringReferences: readonly ReferenceMethod[] = [
  { method: 'binary early-warning scores', run: async (one) => binary(one) },
  {
    method: 'ViEWS 2023/24 challenge metrics on ensemble forecasts of fatalities',
    run: async (one) => ensembles(one),
  },
  {
    method: 'scores for Poisson / negative binomial forecasts, PIT histogram, Diebold-Mariano',
    run: async (one) => counts(one),
  },
]

function binary(one: ReferenceCase): Record<string, unknown> {
  const probabilities = listAt(one.input, 'forecast') as Numbers
  const happened = listAt(one.input, 'y') as Numbers
  const forecasts = probabilities.map(
    (probability, at): Forecast => ({ probability, happened: happened[at] === 1 }),
  )
  const params = one.params ?? {}
  const confusions = (listAt(params, 'thresholds') as Numbers).map(
    (threshold) => [String(threshold), confusionAt(forecasts, threshold)] as const,
  )
  const each = (of: (confusion: (typeof confusions)[number][1]) => unknown): Record<string, unknown> =>
    Object.fromEntries(confusions.map(([name, confusion]) => [name, of(confusion)]))
  const down = curve(forecasts)
  const up = down.toReversed()
  const bins = reliability(forecasts, numberAt(params, 'calibrationBins'))
  const calibrated = isotonicCalibration(forecasts)
  const at = listAt(one.expected, 'isotonicAt') as Numbers
  return {
    auc: areaUnderCurve(forecasts),
    averagePrecision: averagePrecision(forecasts),
    brier: brierScore(forecasts),
    logLoss: logLoss(forecasts),
    brierSkill: brierSkill(forecasts),
    mcc: each(matthews),
    f1: each(fOne),
    confusion: each(({ correctNegatives, falseAlarms, misses, hits }) => ({
      tn: correctNegatives,
      fp: falseAlarms,
      fn: misses,
      tp: hits,
    })),
    fpr: [0, ...down.map(falseAlarmRate)],
    tpr: [0, ...down.map(hitRate)],
    precision: [...up.map(precision), 1],
    recall: [...up.map(hitRate), 0],
    calibrationTrue: bins.map(({ observedRate }) => observedRate),
    calibrationPredicted: bins.map(({ meanForecast }) => meanForecast),
    isotonicAt: at,
    isotonic: at.map(calibrated),
  }
}

function ensembles(one: ReferenceCase): Record<string, unknown> {
  const params = one.params ?? {}
  const [edges, level] = [listAt(params, 'bins') as Numbers, numberAt(params, 'intervalLevel')]
  const observed = listAt(one.input, 'observed') as Numbers
  const samples = listAt(one.input, 'samples') as readonly Numbers[]
  const each = (of: (members: Numbers, value: number) => number): Numbers =>
    samples.map((members, at) => of(members, observed[at] ?? Number.NaN))
  const scores = {
    crps: each(continuousRankedProbability),
    crpsFair: each(fairContinuousRankedProbability),
    ign: each((members, value) => ignoranceBits(members, value, edges)),
    mis: each((members, value) => intervalScore(members, value, level)),
  }
  return {
    ...scores,
    means: Object.values(scores).map(meanOf),
    pointForecastMeans: new ReferenceDeparture(
      undefined,
      'The case does not give the point forecast that these means were computed from.',
    ),
  }
}

/** @NOTE the comparison is of the forecast means against the mean of the observed counts. */
function counts(one: ReferenceCase): Record<string, unknown> {
  const observed = listAt(one.input, 'observed') as Numbers
  const means = listAt(one.input, 'mu') as Numbers
  const sizes = listAt(one.input, 'size') as Numbers
  const poisson = means.map((mean): CountForecast => ({ mean }))
  const negativeBinomial = means.map((mean, at): CountForecast => ({ mean, size: sizes[at] ?? Number.NaN }))
  const columns = (forecasts: readonly CountForecast[]): Record<string, unknown> => {
    const scores = forecasts.map((forecast, at) => countScores(forecast, observed[at] ?? Number.NaN))
    return {
      logs: scores.map(({ logarithmic }) => logarithmic),
      rps: scores.map(({ rankedProbability }) => rankedProbability),
      dss: scores.map(({ dawidSebastiani }) => dawidSebastiani),
      ses: scores.map(({ squaredError }) => squaredError),
    }
  }
  const average = meanOf(observed)
  const [first, second] = [
    observed.map((value, at) => value - (means[at] ?? Number.NaN)),
    observed.map((value) => value - average),
  ]
  const comparison = (horizon: number, power: number): Record<string, unknown> => {
    const { statistic, probability } = compareForecasts(first, second, { horizon, power })
    return { stat: statistic, p: probability }
  }
  const cases = negativeBinomial.map((forecast, at) => ({ forecast, observed: observed[at] ?? 0 }))
  return {
    poisson: columns(poisson),
    negbin: columns(negativeBinomial),
    pit: integralTransform(cases, numberAt(one.params ?? {}, 'pitBins')),
    dm1: comparison(1, 2),
    dm3: comparison(3, 1),
  }
}

const meanOf = (values: Numbers): number => values.reduce((sum, value) => sum + value, 0) / values.length
