/**
 * The shaking of one earthquake by epicentral distance: several models combined, with their spread.
 *
 * Models and weights. Crustal (depth up to 35 km): intensity straight from Rhypo by Allen 2012 (0.25, world-wide) and
 * Baumont 2018 (0.15, western Europe); Boore 2014, Akkar 2014 (Repi) and Kotha 2020 as in ESHM20 at 0.2 each, their PGA
 * and PGV carried to MMI by Worden 2012 with its term of distance and magnitude, PGA alone up to MMI V, PGV alone from
 * VII, a ramp between (Wald and others 1999, Earthquake Spectra 15, 557–564). Below Vrancea (60–200 km): Vacareanu 2015
 * (mean of PGA and SA(1.0)) 0.75, Allen 0.25. Deeper than 35 km elsewhere (the Hellenic slab): only models by Rhypo, Allen 2012 0.5, Akkar 2014 and Bindi 2014 at
 * 0.25 each, because a model by Rjb would put the full shaking on the epicentre; the assessment says that they are
 * crustal.
 *
 * Source: a point, as agencies report it first. Rjb is effective: the mean, over all strikes, of the distance to a line
 * of the length that Wells & Coppersmith (1994, all mechanisms: log10 L = −2.44 + 0.59 M) give, centred on the
 * epicentre. Style strike-slip, vs30 400 m/s (inferred; between EC8 classes B and C), as nothing is known of either.
 *
 * Spread: the weighted variance between models, plus the weighted mean of each model's between-event and within-event
 * variance. Where an equation publishes only their sum, 0.3 of the variance is taken as between-event (Boore 2014 and
 * ESHM20 near M 6: 0.30–0.33). `low` and `high` are the 16th and 84th percentile of a single place; `eventLow` and
 * `eventHigh` leave out the within-event part, which shifts single places and not the sum over a country.
 *
 * Cost: the curve is computed once at 1 km steps to 20 km, then 5 % steps, to where it falls below MMI 2.5 (at most
 * 800 km); places read it by linear interpolation (error below 0.01 MMI).
 */
import {
  akkar2014Repi,
  akkar2014Rhyp,
  allen2012Rhypo,
  baumont2018,
  bindi2014Rhyp,
  boore2014,
  kotha2020Eshm20,
  ramp,
  type Scenario,
  type ShakingModel,
  vacareanu2015,
  worden2012,
  worden2012Sigma,
  worden2012Slope,
} from './models/index.ts'

export const siteVs30 = 400
export const crustalDepthKm = 35
const largestRadiusKm = 800
const faintest = 2.5
const betweenShare = 0.3

export type Shaking = {
  readonly mmi: number
  readonly low: number
  readonly high: number
  readonly eventLow: number
  readonly eventHigh: number
}
export type ShakingField = {
  readonly models: readonly { readonly name: string; readonly weight: number }[]
  readonly at: (km: number) => Shaking
  /** Largest epicentral distance with at least this median; 0 when it is nowhere reached. */
  readonly radiusOf: (mmi: number) => number
}

type Member = {
  readonly model: ShakingModel
  readonly weight: number
  readonly measures?: readonly [string, string]
}
export type Source = {
  readonly mag: number
  readonly depthKm: number
  readonly lon: number
  readonly lat: number
}
export type SourceKind = 'crustal' | 'vrancea' | 'deep'
type Node = { readonly km: number; readonly mmi: number; readonly event: number; readonly place: number }
type Intensity = { readonly mmi: number; readonly tau: number; readonly phi: number }

const crustal: readonly Member[] = [
  { model: allen2012Rhypo, weight: 0.25 },
  { model: baumont2018, weight: 0.15 },
  { model: boore2014, weight: 0.2 },
  { model: akkar2014Repi, weight: 0.2 },
  { model: kotha2020Eshm20, weight: 0.2 },
]
const deep: readonly Member[] = [
  { model: allen2012Rhypo, weight: 0.5 },
  { model: akkar2014Rhyp, weight: 0.25 },
  { model: bindi2014Rhyp, weight: 0.25 },
]

const vrancea: readonly Member[] = [
  { model: vacareanu2015, weight: 0.75, measures: ['PGA', 'SA(1.0)'] },
  { model: allen2012Rhypo, weight: 0.25 },
]
const membersOf = { crustal, vrancea, deep } as const

/** The box and depths of the Vrancea zone as its catalogues draw them. */
export function sourceKind({ depthKm, lon, lat }: Source): SourceKind {
  if (depthKm <= crustalDepthKm) return 'crustal'
  const isVrancea = depthKm >= 60 && depthKm <= 200 && lon >= 25.8 && lon <= 27.3 && lat >= 45 && lat <= 46.2
  return isVrancea ? 'vrancea' : 'deep'
}

export function shakingField(source: Source): ShakingField {
  const { mag, depthKm } = source
  const members = membersOf[sourceKind(source)]
  const nodes: Node[] = []
  for (let km = 0; km <= largestRadiusKm; km = km < 20 ? km + 1 : km * 1.05) {
    const node = combine(members, scenarioAt(mag, depthKm, km), km)
    nodes.push(node)
    if (node.mmi < faintest) break
  }
  return {
    models: members.map(({ model, weight }) => ({ name: model.name, weight })),
    at: (km) => shakingOf(interpolate(nodes, km)),
    radiusOf: (mmi) => radiusOf(nodes, mmi),
  }
}

function scenarioAt(mag: number, depthKm: number, km: number): Scenario {
  return {
    mag,
    rake: 0,
    repi: km,
    rhypo: Math.max(Math.hypot(km, depthKm), 1),
    rjb: effectiveRjb(mag, km),
    hypo_depth: depthKm,
    vs30: siteVs30,
    vs30measured: false,
    region: 0,
  }
}

const strikes = [7.5, 22.5, 37.5, 52.5, 67.5, 82.5].map((degrees) => (degrees * Math.PI) / 180)

export function effectiveRjb(mag: number, km: number): number {
  const half = 10 ** (-2.44 + 0.59 * mag) / 2
  const sum = strikes.reduce(
    (total, angle) => total + Math.hypot(Math.max(0, km * Math.cos(angle) - half), km * Math.sin(angle)),
    0,
  )
  return sum / strikes.length
}

function combine(members: readonly Member[], scenario: Scenario, km: number): Node {
  const each = members.map(({ model, weight, measures = ['PGA', 'PGV'] }) => ({
    weight,
    ...intensityOf(model, measures, scenario),
  }))
  const mmi = each.reduce((sum, one) => sum + one.weight * one.mmi, 0)
  const between = each.reduce((sum, one) => sum + one.weight * ((one.mmi - mmi) ** 2 + one.tau ** 2), 0)
  const within = each.reduce((sum, one) => sum + one.weight * one.phi ** 2, 0)
  return { km, mmi, event: Math.sqrt(between), place: Math.sqrt(between + within) }
}

function intensityOf(
  model: ShakingModel,
  measures: readonly [string, string],
  scenario: Scenario,
): Intensity {
  if (model.measures.includes('MMI')) {
    const { mean, sigma } = model.predict('MMI', scenario)
    return { mmi: mean, tau: sigma * Math.sqrt(betweenShare), phi: sigma * Math.sqrt(1 - betweenShare) }
  }
  const known = { distanceKm: scenario.rhypo ?? 0, mag: scenario.mag }
  const [a, b] = measures.map((measure) => {
    const { mean, tau = 0, phi = 0 } = model.predict(measure, scenario)
    const slope = worden2012Slope(measure, Math.exp(mean))
    return {
      mmi: worden2012(measure, Math.exp(mean), known),
      tau: slope * tau,
      phi: Math.hypot(slope * phi, worden2012Sigma(measure)),
    }
  }) as [Intensity, Intensity]
  const share = measures[1] === 'PGV' ? ramp((a.mmi + b.mmi) / 2, 5, 0, 7, 1) : 0.5
  const mix = (x: number, y: number) => x + share * (y - x)
  return { mmi: mix(a.mmi, b.mmi), tau: mix(a.tau, b.tau), phi: mix(a.phi, b.phi) }
}

const clip = (mmi: number): number => Math.min(10, Math.max(1, mmi))

const shakingOf = ({ mmi, event, place }: Node): Shaking => ({
  mmi: clip(mmi),
  low: clip(mmi - place),
  high: clip(mmi + place),
  eventLow: clip(mmi - event),
  eventHigh: clip(mmi + event),
})

function interpolate(nodes: readonly Node[], km: number): Node {
  let [low, high] = [0, nodes.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((nodes[middle] as Node).km <= km) low = middle
    else high = middle
  }
  const [a, b] = [nodes[low] as Node, nodes[high] as Node]
  const t = a === b ? 0 : Math.min(1, (km - a.km) / (b.km - a.km))
  const between = (x: number, y: number) => x + t * (y - x)
  return {
    km,
    mmi: between(a.mmi, b.mmi),
    event: between(a.event, b.event),
    place: between(a.place, b.place),
  }
}

function radiusOf(nodes: readonly Node[], mmi: number): number {
  const last = nodes.findLastIndex((node) => node.mmi >= mmi)
  const [a, b] = [nodes[last], nodes[last + 1]]
  if (a === undefined) return 0
  return b === undefined ? a.km : a.km + ((b.km - a.km) * (a.mmi - mmi)) / (a.mmi - b.mmi)
}
