/**
 * Chiou & Youngs (2014), Earthquake Spectra 30, 1117–1153 (NGA-West2), California, by Rrup, Rjb and Rx with the depth of
 * the rupture's top edge, dip, and the depth to 1 km/s (z1pt0, metres). No directivity. Reverse for 30° ≤ rake ≤ 150°,
 * normal for −120° ≤ rake ≤ −60°. Equation numbers are the paper's.
 */
import { chiouYoungs2014 as table } from '../coefficients/chiou-youngs-2014.ts'
import { need, ramp, rowOf, type Scenario, type ShakingModel, withSpread } from './model.ts'

type Row = (typeof table)['PGA']

export const chiouYoungs2014: ShakingModel = {
  name: 'ChiouYoungs2014',
  measures: Object.keys(table),
  predict: (measure, scenario) => {
    const row = rowOf<Row>(table, measure)
    const reference = source(row, scenario) + path(row, scenario) + hangingWall(row, scenario)
    const y = Math.exp(reference)
    const soft = softening(row, need(scenario, 'vs30'))
    const slope = 1 + (soft * y) / (y + row.phi4) // 1 + NL0: soft ground passes on less of a strong shock
    const tau = ramp(scenario.mag, 5, row.tau1, 6.5, row.tau2)
    const known = scenario.vs30measured === true ? 0.7 : row.sig3
    const phi = ramp(scenario.mag, 5, row.sig1, 6.5, row.sig2) * Math.sqrt(known + slope ** 2)
    return withSpread(reference + site(row, scenario, soft, y), Math.abs(slope) * tau, phi)
  },
}

/** Equation 11, source terms. */
function source(row: Row, scenario: Scenario): number {
  const { mag } = scenario
  const rake = need(scenario, 'rake')
  const isReverse = rake >= 30 && rake <= 150
  const isNormal = rake >= -120 && rake <= -60
  const small = Math.cosh(2 * Math.max(mag - 4.5, 0))
  const style = isReverse ? row.c1a + row.c1c / small : isNormal ? row.c1b + row.c1d / small : 0
  const top = need(scenario, 'ztor') - usualTop(mag, isReverse)
  const dip = Math.cos((need(scenario, 'dip') * Math.PI) / 180) ** 2
  return (
    row.c1 +
    style +
    (row.c7 + row.c7b / small) * top +
    (row.c11 + row.c11b / small) * dip +
    row.c2 * (mag - 6) +
    ((row.c2 - row.c3) / row.cn) * Math.log1p(Math.exp(row.cn * (row.cm - mag)))
  )
}

/** Equations 4 and 5: where the top edge of a rupture of this magnitude usually lies, km. */
const usualTop = (mag: number, isReverse: boolean): number =>
  isReverse
    ? Math.max(2.704 - 1.226 * Math.max(mag - 5.849, 0), 0) ** 2
    : Math.max(2.673 - 1.136 * Math.max(mag - 4.97, 0), 0) ** 2

function path(row: Row, scenario: Scenario): number {
  const { mag } = scenario
  const rrup = need(scenario, 'rrup')
  const near = row.c5 * Math.cosh(row.c6 * Math.max(mag - row.chm, 0))
  return (
    row.c4 * Math.log(rrup + near) +
    (row.c4a - row.c4) * Math.log(Math.hypot(rrup, row.crb)) +
    (row.cg1 + row.cg2 / Math.cosh(Math.max(mag - row.cg3, 0))) * rrup
  )
}

function hangingWall(row: Row, scenario: Scenario): number {
  const rx = need(scenario, 'rx')
  if (rx < 0) return 0
  const taper = 1 - Math.hypot(need(scenario, 'rjb'), need(scenario, 'ztor')) / (need(scenario, 'rrup') + 1)
  const across = row.c9a + (1 - row.c9a) * Math.tanh(rx / row.c9b)
  return row.c9 * Math.cos((need(scenario, 'dip') * Math.PI) / 180) * across * taper
}

/** How much stronger shaking loses on soft ground (negative). */
const softening = (row: Row, vs30: number): number =>
  row.phi2 * (Math.exp(row.phi3 * (Math.min(vs30, 1130) - 360)) - Math.exp(row.phi3 * (1130 - 360)))

/** Equation 12, with the usual z1pt0 of California for this vs30 (equation 1). */
function site(row: Row, scenario: Scenario, soft: number, y: number): number {
  const vs30 = need(scenario, 'vs30')
  const usual = Math.exp((-7.15 / 4) * Math.log((vs30 ** 4 + 570.94 ** 4) / (1360 ** 4 + 570.94 ** 4)))
  const deeper = scenario.z1pt0 === undefined ? 0 : scenario.z1pt0 - usual
  return (
    row.phi1 * Math.min(Math.log(vs30 / 1130), 0) +
    soft * Math.log((y + row.phi4) / row.phi4) +
    row.phi5 * (1 - Math.exp(-deeper / row.phi6))
  )
}
