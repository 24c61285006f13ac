/**
 * What a ground-motion or intensity model is: from a magnitude, a distance and a site to a mean and its spread.
 *
 * Units: magnitude Mw, distances km, depth km, vs30 m/s, rake degrees. Means are natural logarithms of g (PGA, SA)
 * or of cm/s (PGV), or intensity units (measure `MMI`). `tau` is between events, `phi` within one event, `sigma` both.
 * Distances: `rjb` to the surface projection of the rupture (Joyner-Boore), `rrup` to the rupture, `repi` to the
 * epicentre, `rhypo` to the hypocentre.
 */
import { MosaicError } from '../../../../engines/record/index.ts'

/** Gravity as the reference program takes it, m/s². */
export const gravity = 9.80665

export type Scenario = {
  readonly mag: number
  readonly rake?: number
  readonly rjb?: number
  readonly rrup?: number
  readonly repi?: number
  readonly rhypo?: number
  readonly vs30?: number
  /** False: vs30 is inferred from terrain, not measured. */
  readonly vs30measured?: boolean
  readonly hypo_depth?: number
  /** Attenuation region of ESHM20, 1 (slow) to 5 (fast decay); 0 unknown. */
  readonly region?: number
  readonly dip?: number
  readonly ztor?: number
  readonly rx?: number
  readonly z1pt0?: number
}

export type Prediction = {
  readonly mean: number
  readonly sigma: number
  readonly tau?: number
  readonly phi?: number
}

export type ShakingModel = {
  readonly name: string
  readonly measures: readonly string[]
  readonly predict: (measure: string, scenario: Scenario) => Prediction
}

export class ModelInputMissing extends MosaicError {
  override readonly name = 'ModelInputMissing'
  override readonly code = 'hazards/model-input-missing'
}

/** The input a model cannot do without. */
export function need(scenario: Scenario, field: keyof Scenario): number {
  const value = scenario[field]
  if (typeof value !== 'number')
    throw new ModelInputMissing(`The model needs "${field}" as a number; hand it in or choose another model.`)
  return value
}

/** The row of a coefficient table. */
export function rowOf<Row>(table: Readonly<Record<string, Row>>, measure: string): Row {
  const row = table[measure]
  if (row === undefined)
    throw new ModelInputMissing(
      `The model has no coefficients for "${measure}"; it has ${Object.keys(table).join(', ')}.`,
    )
  return row
}

/** Mean and both parts of the spread, added in squares. */
export const withSpread = (mean: number, tau: number, phi: number): Prediction => ({
  mean,
  sigma: Math.hypot(tau, phi),
  tau,
  phi,
})

/** Straight line from (x1, y1) to (x2, y2), level outside. */
export function ramp(x: number, x1: number, y1: number, x2: number, y2: number): number {
  if (x <= x1) return y1
  if (x >= x2) return y2
  return y1 + ((y2 - y1) * (x - x1)) / (x2 - x1)
}
