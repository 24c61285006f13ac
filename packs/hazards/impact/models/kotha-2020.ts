/**
 * Kotha, Weatherill, Bindi & Cotton (2020), Bulletin of Earthquake Engineering 18, 4091–4125, from the European ESM
 * data, by Rjb; and its form in the 2020 European Seismic Hazard Model (Weatherill, Kotha & Cotton 2020, ibid. 18,
 * 5087–5117): anelastic decay by attenuation region (0 = whole of Europe), site by vs30, measured or inferred, and a
 * spread that falls with magnitude. The effective depth steps with the hypocentre: 4 km to 10, 8 km to 20, then 12 km.
 */
import {
  kothaESHM20c3regions,
  kothaESHM20phi0magnitude,
  kothaESHM20tauglobal,
  kothaEtAl2020,
  kothaEtAl2020ESHM20,
} from '../coefficients/kotha-2020.ts'
import { gravity, need, ramp, rowOf, type Scenario, type ShakingModel, withSpread } from './model.ts'

type Core = Pick<
  (typeof kothaEtAl2020)['PGA'],
  'e1' | 'b1' | 'b2' | 'b3' | 'c1' | 'c2' | 'c3' | 'tau_event_0' | 'phi_0'
>
type Eshm20 = (typeof kothaEtAl2020ESHM20)['PGA']
type Regions = Readonly<Record<string, number>>

export const kotha2020: ShakingModel = {
  name: 'KothaEtAl2020',
  measures: Object.keys(kothaEtAl2020),
  predict: (measure, scenario) => {
    const row = rowOf<(typeof kothaEtAl2020)['PGA']>(kothaEtAl2020, measure)
    const mean = median(row, row.c3, scenario) + toUnit(measure)
    return withSpread(mean, row.tau_event_0, Math.hypot(row.phi_0, row.phis2s))
  },
}

export const kotha2020Eshm20: ShakingModel = {
  name: 'KothaEtAl2020ESHM20',
  measures: Object.keys(kothaEtAl2020ESHM20),
  predict: (measure, scenario) => {
    const row = rowOf<Eshm20>(kothaEtAl2020ESHM20, measure)
    const mean = median(row, decay(row, measure, scenario), scenario) + site(row, scenario) + toUnit(measure)
    const single = rowOf<{ a: number; b: number }>(kothaESHM20phi0magnitude, measure)
    const toSite = scenario.vs30measured === true ? row.phi_s2s_obs : row.phi_s2s_inf
    const phi = Math.hypot(ramp(scenario.mag, 5, single.a, 6.5, single.b), toSite)
    return withSpread(mean, between(measure, scenario.mag), phi)
  },
}

function median(row: Core, c3: number, scenario: Scenario): number {
  const { mag } = scenario
  const depth = need(scenario, 'hypo_depth')
  const h = depth <= 10 ? 4 : depth > 20 ? 12 : 8
  const r = Math.hypot(need(scenario, 'rjb'), h)
  const r0 = Math.hypot(30, h)
  const d = mag - 5.7
  const source = d <= 0 ? row.b1 * d + row.b2 * d * d : row.b3 * d
  const path = (row.c1 + row.c2 * (mag - 4.5)) * Math.log(r / r0) + (c3 * (r - r0)) / 100
  return row.e1 + source + path
}

/** PGV has no regional term. */
function decay(row: Eshm20, measure: string, scenario: Scenario): number {
  const regions: Regions | undefined = (kothaESHM20c3regions as Readonly<Record<string, Regions>>)[measure]
  return regions?.[`region_${scenario.region ?? 0}`] ?? row.c3
}

function site(row: Eshm20, scenario: Scenario): number {
  const vs30 = Math.log(Math.min(need(scenario, 'vs30'), 1100))
  return scenario.vs30measured === true ? row.d0_obs + row.d1_obs * vs30 : row.d0_inf + row.d1_inf * vs30
}

function between(measure: string, mag: number): number {
  const t = kothaESHM20tauglobal[measure === 'PGV' ? 'PGV' : 'SA']
  if (mag <= 5) return ramp(mag, 4.5, t['tau1_M4.5'], 5, t['tau2_M5.0'])
  if (mag <= 5.5) return ramp(mag, 5, t['tau2_M5.0'], 5.5, t['tau3_M5.5'])
  return ramp(mag, 5.5, t['tau3_M5.5'], 6.5, t['tau4_M6.5'])
}

/** Published in ln cm/s² (accelerations) and ln cm/s. */
const toUnit = (measure: string): number => (measure === 'PGV' ? 0 : -Math.log(100 * gravity))
