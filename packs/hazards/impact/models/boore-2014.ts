/**
 * Boore, Stewart, Seyhan & Atkinson (2014), Earthquake Spectra 30, 1057–1085 (NGA-West2), base region, by Rjb, without
 * basin term. Strike-slip for |rake| ≤ 30° or ≥ 150°, reverse between 30° and 150°, normal for the rest.
 */
import { booreEtAl2014 } from '../coefficients/boore-2014.ts'
import { need, ramp, rowOf, type Scenario, type ShakingModel, withSpread } from './model.ts'

type Row = (typeof booreEtAl2014)['PGA']

export const boore2014: ShakingModel = {
  name: 'BooreEtAl2014',
  measures: Object.keys(booreEtAl2014),
  predict: (measure, scenario) => {
    const row = rowOf<Row>(booreEtAl2014, measure)
    const rockPga = Math.exp(onRock(booreEtAl2014.PGA, scenario))
    const mean = onRock(row, scenario) + site(row, need(scenario, 'vs30'), rockPga)
    const tau = ramp(scenario.mag, 4.5, row.tau1, 5.5, row.tau2)
    return withSpread(mean, tau, within(row, scenario))
  },
}

function onRock(row: Row, scenario: Scenario): number {
  const { mag } = scenario
  const d = mag - row.Mh
  const r = Math.hypot(need(scenario, 'rjb'), row.h)
  const source = d <= 0 ? row.e4 * d + row.e5 * d * d : row.e6 * d
  const path = (row.c1 + row.c2 * (mag - 4.5)) * Math.log(r) + (row.c3 + row.Dc3) * (r - 1)
  return faulting(row, need(scenario, 'rake')) + source + path
}

function faulting(row: Row, rake: number): number {
  if (Math.abs(rake) <= 30 || Math.abs(rake) >= 150) return row.e1
  return rake > 30 && rake < 150 ? row.e3 : row.e2
}

function site(row: Row, vs30: number, rockPga: number): number {
  const linear = row.c * Math.log(Math.min(vs30, row.Vc) / 760)
  const f2 = row.f4 * (Math.exp(row.f5 * (Math.min(vs30, 760) - 360)) - Math.exp(row.f5 * 400))
  return linear + f2 * Math.log((rockPga + 0.1) / 0.1)
}

/** Larger beyond R1 (regional differences of decay), smaller on soft soil. */
function within(row: Row, scenario: Scenario): number {
  const rjb = need(scenario, 'rjb')
  const vs30 = need(scenario, 'vs30')
  let phi = ramp(scenario.mag, 4.5, row.f1, 5.5, row.f2)
  if (rjb > row.R1) phi += row.DfR * Math.min(1, Math.log(rjb / row.R1) / Math.log(row.R2 / row.R1))
  // @NOTE at exactly 225 m/s the reference program subtracts the soil term twice; kept, so that results can be compared
  if (vs30 >= 225 && vs30 <= 300) phi -= row.DfV * (Math.log(300 / vs30) / Math.log(300 / 225))
  if (vs30 <= 225) phi -= row.DfV
  return phi
}
