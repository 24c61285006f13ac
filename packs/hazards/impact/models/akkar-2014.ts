/**
 * Akkar, Sandıkkaya & Bommer (2014), Bulletin of Earthquake Engineering 12, 359–387: Europe and the Middle East, in
 * three versions by distance (Rjb, Repi, Rhyp). Faulting: normal for −135° < rake < −45°, reverse for 45° < rake < 135°.
 * Site: non-linear below 750 m/s, driven by the PGA on reference rock; linear above, level from 1000 m/s.
 */
import { akkarEtAlRepi2014, akkarEtAlRhyp2014, akkarEtAlRjb2014 } from '../coefficients/akkar-2014.ts'
import { need, rowOf, type Scenario, type ShakingModel, withSpread } from './model.ts'

type Row = (typeof akkarEtAlRjb2014)['PGA']

const akkar = (
  name: string,
  table: Readonly<Record<string, Row>>,
  distance: 'rjb' | 'repi' | 'rhypo',
): ShakingModel => ({
  name,
  measures: Object.keys(table),
  predict: (measure, scenario) => {
    const row = rowOf(table, measure)
    const rock = onRock(row, scenario, distance)
    const rockPga = measure === 'PGA' ? rock : onRock(rowOf(table, 'PGA'), scenario, distance)
    return withSpread(rock + site(row, need(scenario, 'vs30'), Math.exp(rockPga)), row.tau, row.sigma)
  },
})

function onRock(row: Row, scenario: Scenario, distance: 'rjb' | 'repi' | 'rhypo'): number {
  const { mag } = scenario
  const rake = need(scenario, 'rake')
  const slope = mag <= row.c1 ? row.a2 : row.a7
  const faulting = rake > -135 && rake < -45 ? row.a8 : rake > 45 && rake < 135 ? row.a9 : 0
  return (
    row.a1 +
    slope * (mag - row.c1) +
    row.a3 * (8.5 - mag) ** 2 +
    (row.a4 + row.a5 * (mag - row.c1)) * Math.log(Math.hypot(need(scenario, distance), row.a6)) +
    faulting
  )
}

function site(row: Row, vs30: number, pga: number): number {
  if (vs30 >= row.Vref) return row.b1 * Math.log(Math.min(vs30, row.Vcon) / row.Vref)
  const ratio = vs30 / row.Vref
  return (
    row.b1 * Math.log(ratio) +
    row.b2 * Math.log((pga + row.c * ratio ** row.n) / ((pga + row.c) * ratio ** row.n))
  )
}

export const akkar2014Rjb = akkar('AkkarEtAlRjb2014', akkarEtAlRjb2014, 'rjb')
export const akkar2014Repi = akkar('AkkarEtAlRepi2014', akkarEtAlRepi2014, 'repi')
export const akkar2014Rhyp = akkar('AkkarEtAlRhyp2014', akkarEtAlRhyp2014, 'rhypo')
