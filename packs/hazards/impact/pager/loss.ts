/**
 * Expected losses of shaking after PAGER's empirical model (Jaiswal & Wald 2010, Earthquake Spectra 26, 1017–1037;
 * economic: 2013, Earthquake Spectra 29; programs of the U.S. Geological Survey, public domain).
 *
 * The rate of loss at intensity m is Φ(ln(m/θ)/β) for m = 5…9; people at 10 count as at 9. Fatalities = Σ people · rate;
 * dollars = Σ people · GDP per head · α · rate. Both are **truncated** to a whole number where PAGER reports one.
 */
import { normalCdf } from './normal.ts'

export type Lognormal = {
  readonly theta: number
  readonly beta: number
  /** G: the spread of ln(observed/expected) in the model's own history. */
  readonly l2g: number
}
export type LossModel = {
  readonly fatality: Lognormal
  readonly economic: Lognormal & { readonly alpha: number }
}

/** People at intensity 1…10. */
export type Exposure = readonly number[]

export const lossRate = (model: Pick<Lognormal, 'theta' | 'beta'>, mmi: number): number =>
  normalCdf(Math.log(mmi / model.theta) / model.beta)

/** Not truncated. */
export function expectedLoss(model: Lognormal, exposure: Exposure): number {
  let sum = 0
  for (let mmi = 5; mmi <= 10; mmi += 1) sum += (exposure[mmi - 1] ?? 0) * lossRate(model, Math.min(mmi, 9))
  return sum
}

export const expectedDollars = (model: LossModel, exposure: Exposure, gdpPerHead: number): number =>
  expectedLoss(
    model.economic,
    exposure.map((people) => people * gdpPerHead * model.economic.alpha),
  )

/** The spread of several countries together: over those with losses, or over all when none has any; at most 2.5. */
export function combinedG(countries: readonly { readonly l2g: number; readonly expected: number }[]): number {
  const losing = countries.filter(({ expected }) => expected > 0)
  const counted = losing.length > 0 ? losing : countries
  return Math.min(2.5, Math.sqrt(counted.reduce((sum, { l2g }) => sum + l2g * l2g, 0)))
}

/** Population of a census year carried to the event's year at a constant yearly rate. */
export const grownPopulation = (people: number, rate: number, fromYear: number, toYear: number): number =>
  Math.round(people * (1 + rate) ** (toYear - fromYear))
