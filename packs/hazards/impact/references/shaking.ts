/**
 * Reference methods of shaking: each ground-motion and intensity model on a grid of scenarios, the conversion to
 * intensity and back, and distances to a planar rupture.
 */
import {
  columnsOf,
  listAt,
  numberAt,
  objectAt,
  type ReferenceCase,
  type ReferenceMethod,
} from '../../../../engines/assess/index.ts'
import {
  akkar2014Repi,
  akkar2014Rhyp,
  akkar2014Rjb,
  allen2012,
  allen2012Rhypo,
  baumont2018,
  bindi2011Repi,
  bindi2011RepiFixedH,
  bindi2014Rhyp,
  bindi2014Rjb,
  bindi2014RjbEc8,
  boore2014,
  cauzzi2014,
  cauzzi2014Ec8,
  chiouYoungs2014,
  faccioliCauzzi,
  faenzaMichelini,
  kotha2020,
  kotha2020Eshm20,
  type Prediction,
  type Scenario,
  type ShakingModel,
  worden2012,
  worden2012Inverse,
} from '../models/index.ts'
import { distancesTo, planarRupture } from '../rupture.ts'
import { distanceKm } from '../sphere.ts'

export const shakingModels: readonly ShakingModel[] = [
  akkar2014Rjb,
  akkar2014Repi,
  akkar2014Rhyp,
  allen2012,
  allen2012Rhypo,
  baumont2018,
  bindi2011Repi,
  bindi2011RepiFixedH,
  bindi2014Rjb,
  bindi2014Rhyp,
  bindi2014RjbEc8,
  boore2014,
  cauzzi2014,
  cauzzi2014Ec8,
  chiouYoungs2014,
  faccioliCauzzi,
  kotha2020,
  kotha2020Eshm20,
]

export const shakingReferences: readonly ReferenceMethod[] = [
  ...shakingModels.map((model) => ({
    method: model.name,
    run: async (one: ReferenceCase) => onGrid(model, one),
  })),
  { method: 'GMICE Worden 2012 and Faenza-Michelini', run: async (one) => conversions(one) },
  { method: 'planar rupture distances', run: async (one) => ruptureDistances(one) },
]

function onGrid(model: ShakingModel, one: ReferenceCase): Record<string, unknown> {
  const scenarios = columnsOf(one.input) as unknown as readonly Scenario[]
  const measures = listAt(one.params ?? {}, 'imts') as readonly string[]
  return Object.fromEntries(
    measures.map((measure) => [
      measure,
      asColumns(scenarios.map((scenario) => model.predict(measure, scenario))),
    ]),
  )
}

const asColumns = (predictions: readonly Prediction[]): Record<string, unknown> => ({
  mean: predictions.map(({ mean }) => mean),
  sigma: predictions.map(({ sigma }) => sigma),
  tau: predictions.map(({ tau }) => tau),
  phi: predictions.map(({ phi }) => phi),
})

/** The amplitudes and intensities to convert stand among the expected values; they come back as they are. */
function conversions(one: ReferenceCase): Record<string, unknown> {
  const km = listAt(one.input, 'distanceKm') as readonly number[]
  const magnitudes = listAt(one.params ?? {}, 'magnitudes') as readonly number[]
  const mag = numberAt(one.params ?? {}, 'inverseMagnitude')
  const known = (at: number, size: number) => ({ distanceKm: km[at] ?? Number.NaN, mag: size })
  const byMeasure = Object.keys(one.expected).map((measure) => {
    const given = objectAt(one.expected, measure)
    const amp = listAt(given, 'amp') as readonly number[]
    const mmi = listAt(given, 'mmi') as readonly number[]
    const worden = magnitudes.map((size) => [
      `worden_M${size.toFixed(1)}`,
      amp.map((a, at) => worden2012(measure, a, known(at, size))),
    ])
    const got = {
      amp,
      mmi,
      faenzaMichelini: amp.map((a) => faenzaMichelini(measure, a)),
      worden_nodist: amp.map((a) => worden2012(measure, a)),
      ...Object.fromEntries(worden),
      inverse_nodist: mmi.map((value) => worden2012Inverse(measure, value)),
      inverse_dist: mmi.map((value, at) => worden2012Inverse(measure, value, known(at, mag))),
    }
    return [measure, got] as const
  })
  return Object.fromEntries(byMeasure)
}

function ruptureDistances(one: ReferenceCase): Record<string, unknown> {
  const params = one.params ?? {}
  const [lon = 0, lat = 0, depth = 0] = listAt(params, 'hypocentre') as readonly number[]
  const hypocentre = { lon, lat, depth }
  const mechanism = {
    strike: numberAt(params, 'strike'),
    dip: numberAt(params, 'dip'),
    rake: numberAt(params, 'rake'),
  }
  const rupture = planarRupture(hypocentre, numberAt(params, 'mag'), mechanism)
  const sites = columnsOf(one.input) as unknown as readonly { lon: number; lat: number }[]
  const distances = sites.map((site) => distancesTo(rupture, site))
  const repi = sites.map((site) => distanceKm(site, hypocentre))
  return {
    corners: rupture.corners,
    area: rupture.area,
    width: rupture.width,
    ztor: rupture.ztor,
    rjb: distances.map(({ rjb }) => rjb),
    rrup: distances.map(({ rrup }) => rrup),
    rx: distances.map(({ rx }) => rx),
    ry0: distances.map(({ ry0 }) => ry0),
    repi,
    rhypo: repi.map((r) => Math.hypot(r, depth)),
  }
}
