/**
 * The Canadian Fire Weather Index of a station, day after day: moisture codes, initial spread, build-up, the index and
 * the daily severity rating, with the danger classes of EFFIS.
 *
 * Method: Van Wagner 1987, equations 24 to 30b; DSR = 0.0272·FWI^1.77. Humidity of 100 % and more counts as 99.9999
 * (cffdrs) or 100 (1987). Codes start at 85, 6 and 15 unless given. The chain needs every day: a gap restarts it.
 */
import {
  type DayLength,
  droughtCode,
  duffMoistureCode,
  fineFuelMoistureCode,
  type MoistureConstant,
  moistureConstant,
  moistureOf,
  type NoonWeather,
} from './fuel-moisture.ts'

export type MoistureCodes = { readonly ffmc: number; readonly dmc: number; readonly dc: number }
export type FireWeather = MoistureCodes & {
  readonly isi: number
  readonly bui: number
  readonly fwi: number
  readonly dsr: number
}
export type FireWeatherOptions = {
  readonly start?: MoistureCodes
  readonly constant?: MoistureConstant
  readonly dayLength?: DayLength
}

export const springCodes: MoistureCodes = { ffmc: 85, dmc: 6, dc: 15 }

export function fireWeatherSeries(
  days: readonly NoonWeather[],
  options: FireWeatherOptions = {},
): readonly FireWeather[] {
  let codes = options.start ?? springCodes
  return days.map((weather) => {
    const today = fireWeatherOf(codes, weather, options)
    codes = today
    return today
  })
}

export function fireWeatherOf(
  yesterday: MoistureCodes,
  given: NoonWeather,
  { constant = moistureConstant.vanWagner1987, dayLength = 'by-latitude' }: FireWeatherOptions = {},
): FireWeather {
  const wettest = constant === moistureConstant.cffdrs ? 99.9999 : 100
  const relativeHumidityPercent = Math.min(given.relativeHumidityPercent, wettest)
  const weather = { ...given, relativeHumidityPercent }
  const ffmc = fineFuelMoistureCode(yesterday.ffmc, weather, constant)
  const dmc = duffMoistureCode(yesterday.dmc, weather, dayLength)
  const dc = droughtCode(yesterday.dc, weather, dayLength)
  const isi = initialSpread(moistureOf(ffmc, constant), weather.windKmh)
  const bui = buildUp(dmc, dc)
  const fwi = indexOf(isi, bui)
  return { ffmc, dmc, dc, isi, bui, fwi, dsr: 0.0272 * fwi ** 1.77 }
}

/** Upper bounds of the classes that EFFIS shows; a value on a bound belongs to the higher class. */
export const fireDangerClasses = [
  { name: 'very-low', below: 5.2 },
  { name: 'low', below: 11.2 },
  { name: 'moderate', below: 21.3 },
  { name: 'high', below: 38 },
  { name: 'very-high', below: 50 },
  { name: 'extreme', below: 70 },
  { name: 'very-extreme', below: Number.POSITIVE_INFINITY },
] as const
export type FireDanger = (typeof fireDangerClasses)[number]['name']

export const fireDangerOf = (fwi: number): FireDanger =>
  fireDangerClasses.find(({ below }) => fwi < below)?.name ?? 'very-extreme'

/** How fast a fire would spread, from fine fuel moisture and wind. */
function initialSpread(moisture: number, windKmh: number): number {
  const fuel = 91.9 * Math.exp(-0.1386 * moisture) * (1 + moisture ** 5.31 / 4.93e7)
  return 0.208 * Math.exp(0.05039 * windKmh) * fuel
}

/** How much fuel is there to burn, from DMC and DC. */
function buildUp(dmc: number, dc: number): number {
  if (dmc === 0) return 0
  const joint = (0.8 * dmc * dc) / (dmc + 0.4 * dc)
  if (joint >= dmc) return joint
  return Math.max(0, dmc - (1 - joint / dmc) * (0.92 + (0.0114 * dmc) ** 1.7))
}

function indexOf(isi: number, bui: number): number {
  const duff = bui > 80 ? 1000 / (25 + 108.64 / Math.exp(0.023 * bui)) : 0.626 * bui ** 0.809 + 2
  const b = 0.1 * isi * duff
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: equation 30b has 0.434, not log₁₀ e
  return b <= 1 ? b : Math.exp(2.72 * (0.434 * Math.log(b)) ** 0.647)
}
