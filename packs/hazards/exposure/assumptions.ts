/** What an estimate of exposure takes for granted, as data: a stable key that catalogues translate, and English for the file. */
import type { ExposureBody } from './record.ts'

type Assumption = ExposureBody['assumptions'][number]

export const always: readonly Assumption[] = [
  {
    key: 'exposure-towns',
    text: 'Low counts only people of listed towns whose centre lies inside; high scales them to the population of the country, as if people outside listed towns were spread as the towns are.',
  },
  {
    key: 'exposure-residents',
    text: 'People are counted where they are registered, not where they are at that hour.',
  },
  {
    key: 'inside-is-not-hit',
    text: 'Everybody inside the area is counted; how many of them the hazard reaches is not known.',
  },
]

export const assumedRadius = (kind: string, radiusKm: number): Assumption => ({
  key: 'assumed-radius',
  text: 'Only a point is told; a circle of this radius (km) around it is taken for the area.',
  args: { kind, radiusKm },
})

export const noShape: Assumption = {
  key: 'no-shape',
  text: 'Only codes or a country are told, and no shape of them is held: nobody is counted there.',
}

export const partCoarse: Assumption = {
  key: 'part-without-shape',
  text: 'Some of what is told has no shape; people are counted in the part that has one.',
}

export const populationUnknown = (country: string): Assumption => ({
  key: 'population-unknown',
  text: 'The region states no population for this country; only people of listed towns are counted.',
  args: { country },
})

export const roughRivers = (bends: number): Assumption => ({
  key: 'rough-rivers',
  text: 'Rivers are rough lines; the way of the water is the length of the line to this many times it. Dams and tides are not considered.',
  args: { bends },
})
