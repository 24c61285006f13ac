/** Reference methods of fire weather: the cases' columns on our functions. */
import {
  csvRows,
  listAt,
  numberAt,
  objectAt,
  type ReferenceCase,
  type ReferenceMethod,
  textAt,
} from '../../../engines/assess/index.ts'
import { type FireWeather, fireWeatherSeries } from './fire-weather-index.ts'
import { type MoistureConstant, moistureConstant, type NoonWeather } from './fuel-moisture.ts'
import { hourlyFineFuelMoistureCode } from './hourly.ts'
import { fireSeasons, springDroughtCode } from './season.ts'

type ReadFile = (path: string) => Promise<string>

export const fireWeatherReferences: readonly ReferenceMethod[] = [
  {
    method: 'Canadian FWI system, daily',
    run: (one, file) => daily(one, file, moistureConstant.cffdrs),
  },
  {
    method: 'Canadian FWI system with constant 147.2 (Van Wagner 1987)',
    run: (one, file) => daily(one, file, moistureConstant.vanWagner1987),
  },
  { method: 'hourly FFMC (Van Wagner 1977)', run: hourly },
  { method: 'fire season start/end (Wotton & Flannigan 1993)', run: seasons },
  { method: 'over-wintering DC', run: async (one) => overWinter(one) },
]

async function daily(
  one: ReferenceCase,
  file: ReadFile,
  constant: MoistureConstant,
): Promise<Record<string, unknown>> {
  const params = one.params ?? {}
  const init = objectAt(params, 'init')
  const start = { ffmc: numberAt(init, 'ffmc'), dmc: numberAt(init, 'dmc'), dc: numberAt(init, 'dc') }
  const days = csvRows(await file(textAt(one.input, 'file'))).map(
    (row): NoonWeather => ({
      month: Number(row.mon),
      latitude: Number(row.lat),
      temperatureC: Number(row.temp),
      relativeHumidityPercent: Number(row.rh),
      windKmh: Number(row.ws),
      rainMm: Number(row.prec),
    }),
  )
  const dayLength = params.latAdjust === true ? 'by-latitude' : 'as-at-46-north'
  const series = fireWeatherSeries(days, { start, constant, dayLength })
  const column = (key: keyof FireWeather): readonly number[] => series.map((day) => day[key])
  return {
    FFMC: column('ffmc'),
    DMC: column('dmc'),
    DC: column('dc'),
    ISI: column('isi'),
    BUI: column('bui'),
    FWI: column('fwi'),
    DSR: column('dsr'),
  }
}

async function hourly(one: ReferenceCase, file: ReadFile): Promise<Record<string, unknown>> {
  const rows = csvRows(await file(textAt(one.input, 'file')))
  const starts = listAt(one.params ?? {}, 'ffmcOld') as readonly number[]
  const from = (start: number): readonly number[] => {
    let code = start
    return rows.map((row) => {
      const weather = {
        temperatureC: Number(row.temp),
        relativeHumidityPercent: Number(row.rh),
        windKmh: Number(row.ws),
        rainMm: Number(row.prec),
      }
      code = hourlyFineFuelMoistureCode(code, weather, moistureConstant.cffdrs)
      return code
    })
  }
  return Object.fromEntries(starts.map((start) => [`ffmc${start}`, from(start)]))
}

async function seasons(one: ReferenceCase, file: ReadFile): Promise<Record<string, unknown>> {
  const rows = csvRows(await file(textAt(one.input, 'file')))
  const params = one.params ?? {}
  const maxima = rows.map(({ tmax }) => Number(tmax))
  const dateOf = (day: number): string => {
    const { yr = '', mon = '', day: date = '' } = rows[day] ?? {}
    return `${yr}-${mon.padStart(2, '0')}-${date.padStart(2, '0')}`
  }
  const run = (suffix: '' | '2'): unknown => {
    const limits = { startC: numberAt(params, `start${suffix}`), endC: numberAt(params, `end${suffix}`) }
    const changes = fireSeasons(maxima, limits)
    return {
      date: single(changes.map(({ day }) => dateOf(day))),
      type: single(changes.map(({ kind }) => kind)),
    }
  }
  return { wf93: run(''), wf93b: run('2') }
}

/** The cases write a list of one as the value itself. */
const single = (values: readonly string[]): unknown => (values.length === 1 ? values[0] : values)

/** @NOTE the case gives its inputs DCf and rw beside the result. */
function overWinter(one: ReferenceCase): Record<string, unknown> {
  const params = one.params ?? {}
  const numbers = (fields: Readonly<Record<string, unknown>>, key: string): readonly number[] =>
    listAt(fields, key) as readonly number[]
  const [autumn, rain] = [numbers(one.expected, 'DCf'), numbers(one.expected, 'rw')]
  const [carried, wetting] = [numbers(params, 'a'), numbers(params, 'b')]
  const at = (list: readonly number[], index: number): number => list[index] ?? Number.NaN
  return {
    DCf: autumn,
    rw: rain,
    spring: autumn.map((code, index) =>
      springDroughtCode(code, at(rain, index), { carried: at(carried, index), wetting: at(wetting, index) }),
    ),
  }
}
