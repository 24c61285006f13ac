/** The hourly Common Air Quality Index (CITEAIR): 25 points a class, linear, above 100 at the slope of the last class. */
import { citeairHourly, type Pollutant } from './bands.ts'
import { byPollutant, type Concentrations, positionIn } from './european-index.ts'

export type CommonIndex = {
  readonly subIndices: Partial<Record<Pollutant, number>>
  readonly index: number | undefined
}

export function commonIndexOf(values: Concentrations): CommonIndex {
  const subIndices = byPollutant(
    values,
    (value, pollutant) => 25 * positionIn(value, citeairHourly[pollutant]),
  )
  const found = Object.values(subIndices)
  return { subIndices, index: found.length === 0 ? undefined : Math.max(...found) }
}
