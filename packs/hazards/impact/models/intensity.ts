/**
 * Intensity prediction equations: macroseismic intensity straight from magnitude and distance.
 *
 * - Allen, Wald & Worden (2012), Journal of Seismology 16, 409–433: MMI, active crust world-wide, by Rrup or Rhypo.
 * - Faccioli & Cauzzi (2006), 1st European Conference on Earthquake Engineering and Seismology: MCS, Italy.
 * - Bindi, Parolai, Oth, Abdrakhmatov, Muraliev & Zschau (2011), Geophysical Journal International 187: MSK, Central
 *   Asia; with the hypocentre's depth, or with a fixed depth of 15 km.
 * - Baumont, Manchuel, Traversa, Durouchoux, Nayman & Ameri (2018), Bulletin of Earthquake Engineering 16: France.
 * MSK, MCS and MMI are taken for one scale here, as their authors and ShakeMap do; they differ by up to half a unit.
 */
import {
  allenEtAl2012,
  allenEtAl2012Rhypo,
  baumontEtAl2018High2210IAVGDC30n7,
  bindiEtAl2011Repi,
  bindiEtAl2011RepiFixedH,
  faccioliCauzzi2006,
} from '../coefficients/intensity.ts'
import { need, type Prediction, type Scenario, type ShakingModel } from './model.ts'

const intensity = (name: string, predict: (scenario: Scenario) => Prediction): ShakingModel => ({
  name,
  measures: ['MMI'],
  predict: (_measure, scenario) => predict(scenario),
})

export const allen2012 = intensity('AllenEtAl2012', (scenario) => {
  const c = allenEtAl2012.MMI
  const r = need(scenario, 'rrup')
  const near = 1 + c.c3 * Math.exp(scenario.mag - 5)
  return {
    mean: c.c0 + c.c1 * scenario.mag + c.c2 * Math.log(Math.hypot(r, near)),
    sigma: c.s1 + c.s2 / (1 + (r / c.s3) ** 2),
  }
})

export const allen2012Rhypo = intensity('AllenEtAl2012Rhypo', (scenario) => {
  const c = allenEtAl2012Rhypo.MMI
  const r = need(scenario, 'rhypo')
  const near = c.m1 + c.m2 * Math.exp(scenario.mag - 5)
  const far = r > 50 ? c.c4 * Math.log(r / 50) : 0
  return {
    mean: c.c0 + c.c1 * scenario.mag + c.c2 * Math.log(Math.hypot(r, near)) + far,
    sigma: c.s1 + c.s2 / (1 + (r / c.s3) ** 2),
  }
})

export const faccioliCauzzi = intensity('FaccioliCauzzi2006', (scenario) => {
  const c = faccioliCauzzi2006.MMI
  const mean = c.c1 + c.c2 * scenario.mag + c.c3 * Math.log(Math.hypot(need(scenario, 'repi'), c.h))
  return { mean, sigma: c.sigma }
})

type Bindi2011 = (typeof bindiEtAl2011Repi)['MMI']

function bindi2011(c: Bindi2011, mag: number, repi: number, h: number): Prediction {
  const r = Math.hypot(repi, h)
  return { mean: c.a1 * mag + c.a2 - c.a3 * Math.log10(r / h) - c.a4 * (r - h), sigma: c.sigma }
}

export const bindi2011Repi = intensity('BindiEtAl2011Repi', (scenario) =>
  bindi2011(bindiEtAl2011Repi.MMI, scenario.mag, need(scenario, 'repi'), need(scenario, 'hypo_depth')),
)

export const bindi2011RepiFixedH = intensity('BindiEtAl2011RepiFixedH', (scenario) =>
  bindi2011(bindiEtAl2011RepiFixedH.MMI, scenario.mag, need(scenario, 'repi'), 15),
)

export const baumont2018 = intensity('BaumontEtAl2018High2210IAVGDC30n7', (scenario) => {
  const c = baumontEtAl2018High2210IAVGDC30n7.MMI
  const r = need(scenario, 'rhypo')
  return {
    mean: c.c1 + c.c2 * scenario.mag + c.beta * Math.log10(r) + c.gamma * r,
    sigma: Math.hypot(c.we, c.be),
  }
})
