/**
 * What an impact estimate takes for granted, as data: a stable key that catalogues translate, and English for the file.
 */
import { crustalDepthKm, siteVs30 } from './shaking-field.ts'

export type Assumption = { key: string; text: string; args?: Record<string, string | number> }

export const always: readonly Assumption[] = [
  {
    key: 'point-source',
    text: 'The source is a point; distances to the rupture are averaged over all strikes of a line of the length usual for the magnitude.',
  },
  {
    key: 'mechanism-unknown',
    text: 'Faulting is taken as strike-slip; a reverse mechanism shakes about 0.1 MMI more, a normal one less.',
  },
  {
    key: 'generic-site',
    text: 'Every place stands on the same ground (vs30 in m/s); soft ground shakes up to one intensity unit more.',
    args: { vs30: siteVs30 },
  },
  {
    key: 'exposure-towns',
    text: 'Low counts only people of listed towns; high scales them to the population of the country, as if people outside listed towns were spread as the towns are.',
  },
  {
    key: 'exposure-residents',
    text: 'People are counted where they are registered, not where they are at that hour.',
  },
  {
    key: 'fatalities-empirical',
    text: "Deaths follow each country's past losses by intensity (PAGER, shaking only); G is the spread seen in that history.",
  },
  {
    key: 'no-economic-loss',
    text: 'Economic loss is not estimated: the region states no gross domestic product per head.',
  },
]

export const noDamagingShaking: Assumption = {
  key: 'no-damaging-shaking',
  text: 'Fewer than one death in a thousand such shocks is expected; the probabilities are computed from that value, not from the one half that PAGER puts in its place.',
}

export const deepSource = (depthKm: number): Assumption => ({
  key: 'deep-source',
  text: 'The source lies below the crust; crustal models by hypocentral distance are used, which understate the reach of shocks in a sinking slab.',
  args: { depthKm, crustalDepthKm },
})

export const foreArc: Assumption = {
  key: 'vrancea-fore-arc',
  text: 'Shocks below Vrancea are taken to decay in every direction as in the fore-arc (Wallachia, Moldavia); Transylvania shakes less than stated.',
}

export const lossModelStandIn = (country: string, model: string): Assumption => ({
  key: 'loss-model-stand-in',
  text: 'PAGER publishes no loss model for this country; that of the regional group is used.',
  args: { country, model },
})

export const noLossModel = (country: string): Assumption => ({
  key: 'no-loss-model',
  text: 'There is no loss model for this country; its deaths are not in the total.',
  args: { country },
})

export const populationUnknown = (country: string): Assumption => ({
  key: 'population-unknown',
  text: 'The region states no population for this country; only people of listed towns are counted.',
  args: { country },
})

export const magnitudeAsGiven = (type: string): Assumption => ({
  key: 'magnitude-not-moment',
  text: 'The models expect moment magnitude; the magnitude of this type is taken for it.',
  args: { type },
})
