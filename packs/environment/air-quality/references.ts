/** The reference method of air quality indices: the case's hourly table on our functions. */
import { columnOf, type ReferenceCase, type ReferenceMethod, textAt } from '../../../engines/assess/index.ts'
import { type Bands, european2017, european2020, type Pollutant, pollutants } from './bands.ts'
import { commonIndexOf } from './common-index.ts'
import { airQualityOf, asAveraged, type Concentrations, continuousEuropean } from './european-index.ts'

export const airQualityReferences: readonly ReferenceMethod[] = [
  {
    method: 'European Air Quality Index (EEA 2017, 2020, 2025 bands) and CITEAIR CAQI',
    run: async (one, file) => indices(await hoursOf(one, file)),
  },
]

function indices(hours: readonly Concentrations[]): Record<string, unknown> {
  const averaged = asAveraged(hours)
  const common = hours.map(commonIndexOf)
  const columns = (
    of: (pollutant: Pollutant) => readonly unknown[],
    only = pollutants as readonly Pollutant[],
  ) => Object.fromEntries(only.map((pollutant) => [pollutant, of(pollutant)]))
  return {
    eea2020: european(averaged, european2020, columns),
    eea2017: european(averaged, european2017, columns),
    runningMean24: columns((pollutant) => averaged.map((hour) => hour[pollutant]), ['PM2.5', 'PM10']),
    continuous2020: columns((pollutant) =>
      averaged.map((hour) => {
        const value = hour[pollutant]
        return value === undefined ? undefined : continuousEuropean(value, european2020[pollutant])
      }),
    ),
    caqiHourly: {
      subIndex: columns((pollutant) => common.map(({ subIndices }) => subIndices[pollutant])),
      index: common.map(({ index }) => index),
    },
  }
}

type Columns = (of: (pollutant: Pollutant) => readonly unknown[]) => Record<string, unknown>

function european(hours: readonly Concentrations[], bands: Bands, columns: Columns): Record<string, unknown> {
  const found = hours.map((hour) => airQualityOf(hour, bands))
  return {
    levels: columns((pollutant) => found.map(({ levels }) => levels[pollutant])),
    index: found.map(({ index }) => index),
    dominant: found.map(({ dominant }) => dominant),
    validTraffic: found.map(({ isCompleteForTraffic }) => isCompleteForTraffic),
    validBackground: found.map(({ isCompleteForBackground }) => isCompleteForBackground),
  }
}

async function hoursOf(
  one: ReferenceCase,
  file: (path: string) => Promise<string>,
): Promise<readonly Concentrations[]> {
  const csv = await file(textAt(one.input, 'file'))
  const table = pollutants.map((pollutant) => [pollutant, columnOf(csv, pollutant)] as const)
  const count = table[0]?.[1].length ?? 0
  return Array.from({ length: count }, (_, hour) =>
    Object.fromEntries(
      table.flatMap(([pollutant, column]) => {
        const value = column[hour] ?? ''
        return value === '' ? [] : [[pollutant, Number(value)]]
      }),
    ),
  )
}
