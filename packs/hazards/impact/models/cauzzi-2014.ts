/**
 * Cauzzi, Faccioli, Vanini & Bianchini (2015), Bulletin of Earthquake Engineering 13, 1587–1612: global, by Rrup. The
 * published quantity is log10 of displacement in cm; PGA is the pseudo-acceleration at 0.01 s. Normal for −150° < rake
 * ≤ −30°, reverse for 30° < rake ≤ 150°. Site by vs30 or by Eurocode 8 class.
 */
import { cauzziEtAl2014 } from '../coefficients/cauzzi-2014.ts'
import { gravity, need, rowOf, type Scenario, type ShakingModel, withSpread } from './model.ts'

type Row = (typeof cauzziEtAl2014)['PGA']
type Site = (row: Row, vs30: number) => number

const cauzzi = (name: string, site: Site): ShakingModel => ({
  name,
  measures: Object.keys(cauzziEtAl2014),
  predict: (measure, scenario) => {
    const row = rowOf<Row>(cauzziEtAl2014, measure)
    const log10 = median(row, scenario) + site(row, need(scenario, 'vs30'))
    return withSpread(log10 * Math.LN10 + toUnit(measure), row.tM * Math.LN10, row.f * Math.LN10)
  },
})

function median(row: Row, scenario: Scenario): number {
  const { mag } = scenario
  const rake = need(scenario, 'rake')
  const faulting = rake > -150 && rake <= -30 ? row.fN : rake > 30 && rake <= 150 ? row.fR : row.fSS
  const path = (row.r1 + row.r2 * mag) * Math.log10(need(scenario, 'rrup') + row.r3)
  return row.c1 + row.m1 * mag + row.m2 * mag * mag + path + faulting
}

const byVs30: Site = (row, vs30) => row.bV * Math.log10(vs30 / row.VA)
const byClass: Site = (row, vs30) => (vs30 >= 800 ? 0 : vs30 >= 360 ? row.sB : vs30 >= 180 ? row.sC : row.sD)

/** ln of the factor from displacement (cm) to g at the period; PGV is published as cm/s. */
function toUnit(measure: string): number {
  if (measure === 'PGV') return 0
  const period = measure === 'PGA' ? 0.01 : Number(measure.slice(3, -1))
  return Math.log(((2 * Math.PI) / period) ** 2 * (0.01 / gravity))
}

export const cauzzi2014 = cauzzi('CauzziEtAl2014', byVs30)
export const cauzzi2014Ec8 = cauzzi('CauzziEtAl2014Eurocode8', byClass)
