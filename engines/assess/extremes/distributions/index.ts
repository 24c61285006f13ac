/** The distributions by their usual three-letter names. */
import type { Distribution } from './distribution.ts'
import { generalisedNormal } from './generalised-normal.ts'
import { generalisedExtremeValue, weibull } from './gev.ts'
import { kappa } from './kappa.ts'
import { generalisedLogistic, generalisedPareto } from './logistic-pareto.ts'
import { pearsonThree } from './pearson-three.ts'
import { exponential, gammaDistribution, gumbel, normal } from './two-parameter.ts'
import { wakeby } from './wakeby.ts'

export type { Distribution, Fit } from './distribution.ts'
export { generalisedNormal } from './generalised-normal.ts'
export { generalisedExtremeValue, weibull } from './gev.ts'
export { kappa } from './kappa.ts'
export { generalisedLogistic, generalisedPareto, paretoAbove } from './logistic-pareto.ts'
export { pearsonQuantile, pearsonThree } from './pearson-three.ts'
export { exponential, gammaDistribution, gumbel, normal } from './two-parameter.ts'
export { wakeby } from './wakeby.ts'

export const distributions: readonly Distribution[] = [
  exponential,
  gammaDistribution,
  generalisedExtremeValue,
  generalisedLogistic,
  generalisedNormal,
  generalisedPareto,
  gumbel,
  kappa,
  normal,
  pearsonThree,
  wakeby,
  weibull,
]
