/**
 * Bindi, Massa, Luzi, Ameri, Pacor, Puglia & Augliera (2014), Bulletin of Earthquake Engineering 12, 391–430: Europe
 * and the Middle East, by Rjb or Rhyp; the site by vs30 or by Eurocode 8 class (A from 800 m/s, B 360–800, C 180–360,
 * D below 180, each class with its lower bound). Published in log10 of cm/s² and cm/s; given here in natural logarithms.
 */
import { bindiEtAl2014Rhyp, bindiEtAl2014Rjb, bindiEtAl2014RjbEC8 } from '../coefficients/bindi-2014.ts'
import { gravity, need, rowOf, type Scenario, type ShakingModel } from './model.ts'

type Row = Omit<(typeof bindiEtAl2014Rjb)['PGA'], 'gamma'> & Site
type Site = {
  readonly gamma?: number
  readonly eA?: number
  readonly eB?: number
  readonly eC?: number
  readonly eD?: number
}

const bindi = (
  name: string,
  table: Readonly<Record<string, Row>>,
  distance: 'rjb' | 'rhypo',
): ShakingModel => ({
  name,
  measures: Object.keys(table),
  predict: (measure, scenario) => {
    const row = rowOf(table, measure)
    const log10 = median(row, scenario, need(scenario, distance)) + site(row, need(scenario, 'vs30'))
    const mean = measure === 'PGV' ? log10 * Math.LN10 : (log10 - 2) * Math.LN10 - Math.log(gravity)
    return {
      mean,
      sigma: row.sigma * Math.LN10,
      tau: row.tau * Math.LN10,
      phi: row.phi * Math.LN10,
    }
  },
})

function median(row: Row, scenario: Scenario, distanceKm: number): number {
  const d = scenario.mag - 6.75
  const r = Math.hypot(distanceKm, row.h)
  const source = d < 0 ? row.b1 * d + row.b2 * d * d : row.b3 * d
  const path = (row.c1 + row.c2 * (scenario.mag - 5.5)) * Math.log10(r) - row.c3 * (r - 1)
  return row.e1 + source + path + faulting(row, need(scenario, 'rake'))
}

function faulting(row: Row, rake: number): number {
  if (Math.abs(rake) <= 30 || Math.abs(rake) >= 150) return row.sofS
  return rake > 0 ? row.sofR : row.sofN
}

function site(row: Site, vs30: number): number {
  if (row.gamma !== undefined) return row.gamma * Math.log10(vs30 / 800)
  const term = vs30 >= 800 ? row.eA : vs30 >= 360 ? row.eB : vs30 >= 180 ? row.eC : row.eD
  return term ?? 0
}

export const bindi2014Rjb = bindi('BindiEtAl2014Rjb', bindiEtAl2014Rjb, 'rjb')
export const bindi2014Rhyp = bindi('BindiEtAl2014Rhyp', bindiEtAl2014Rhyp, 'rhypo')
export const bindi2014RjbEc8 = bindi('BindiEtAl2014RjbEC8', bindiEtAl2014RjbEC8, 'rjb')
