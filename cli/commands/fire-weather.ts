/** The fire weather of a station, from a table of its noon weather. */
import { type CsvRow, readCsv, readSeriesNumber } from '../../engines/formats/index.ts'
import {
  type FireWeatherDay,
  fireWeatherOfStation,
  moistureConstant,
  type StationDay,
} from '../../packs/hazards/pack.ts'
import { type Command, Misused, number, text, type Values } from '../command.ts'
import { readFileOf } from '../read-file.ts'

const columns = ['date', 'temperature', 'humidity', 'wind', 'rain'] as const

export const fireWeather: Command = {
  name: 'fire-weather',
  summary:
    'Compute the Canadian Fire Weather Index of a station, day by day, with the danger classes of EFFIS.',
  teaches: [
    `FILE is a CSV with the columns ${columns.join(', ')}: weather at noon, in °C, %, km/h, and mm of the`,
    '24 hours before. Codes carry over from day to day; --start gives those of the day before as FFMC,DMC,DC, else they are the',
    'usual ones of spring. A missing day starts them anew, and it is said.',
    '',
    'Example: mosaic fire-weather docs/examples/noon-weather.csv --latitude 38 --json',
  ].join('\n'),
  arguments: 'FILE',
  takes: [1, 1],
  options: {
    latitude: { type: 'string', value: 'DEGREES', help: 'of the station: length of day follows from it' },
    start: { type: 'string', value: 'FFMC,DMC,DC', help: 'codes of the day before (default 85,6,15)' },
    cffdrs: { type: 'boolean', help: 'the moisture constant of cffdrs in place of 147.2' },
  },
  run: async (run) => {
    const latitude = number(run.values, 'latitude', [-90, 90])
    if (latitude === undefined) throw new Misused('Say the --latitude of the station.')
    const start = startOf(run.values)
    const table = readCsv(await readFileOf(run.positionals[0] ?? ''), { required: columns })
    if (!table.ok) {
      run.out.say(`${table.issue.place} ${table.issue.rule}: ${table.issue.message}`)
      return 1
    }
    const days = table.rows.map(dayOf)
    const wrong = table.rows.filter((_, at) => days[at] === undefined)
    for (const { line } of wrong)
      run.out.say(`line ${line} is left out: a date, or one of four numbers, is missing or cannot be.`)
    const constant = run.values['cffdrs'] === true ? moistureConstant.cffdrs : moistureConstant.vanWagner1987
    const found = fireWeatherOfStation(
      days.flatMap((day) => day ?? []),
      latitude,
      { constant, ...(start && { start }) },
    )
    for (const day of found) {
      if (run.json) run.out.object(day)
      else run.out.line(lineOf(day))
    }
    if (found.some(({ isSettled }) => !isSettled))
      run.out.say(
        'Codes that began with those of spring have not settled yet on the first days of their chain.',
      )
    return found.length === 0 ? 1 : 0
  },
}

function dayOf({ cells }: CsvRow): StationDay | undefined {
  const { date = '' } = cells
  const [temperatureC, relativeHumidityPercent, windKmh, rainMm] = columns
    .slice(1)
    .map((name) => readSeriesNumber(cells[name] ?? ''))
  const isDay = /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(date))
  if (!isDay || temperatureC === undefined || relativeHumidityPercent === undefined) return undefined
  if (windKmh === undefined || rainMm === undefined) return undefined
  const isPossible =
    Math.abs(temperatureC) <= 60 &&
    relativeHumidityPercent >= 0 &&
    relativeHumidityPercent <= 100 &&
    windKmh >= 0 &&
    windKmh <= 400 &&
    rainMm >= 0 &&
    rainMm <= 2000
  return isPossible ? { date, temperatureC, relativeHumidityPercent, windKmh, rainMm } : undefined
}

function startOf(values: Values) {
  const given = text(values, 'start')
  if (given === undefined) return undefined
  const [ffmc, dmc, dc, ...more] = given.split(',').map((part) => readSeriesNumber(part))
  if (ffmc === undefined || dmc === undefined || dc === undefined || more.length > 0)
    throw new Misused(`--start takes three numbers such as 85,6,15, not "${given}".`)
  if (ffmc < 0 || ffmc > 101 || dmc < 0 || dc < 0)
    throw new Misused('FFMC lies between 0 and 101; DMC and DC are not below 0.')
  return { ffmc, dmc, dc }
}

function lineOf({ date, fwi, danger, ffmc, dmc, dc, isSettled }: FireWeatherDay): string {
  const codes = [ffmc, dmc, dc].map((code) => code.toFixed(1)).join(' ')
  return `${date}  FWI ${fwi.toFixed(1)}  ${danger}  FFMC DMC DC ${codes}${isSettled ? '' : '  (not settled)'}`
}
