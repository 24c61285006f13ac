/**
 * The three fuel moisture codes of the Canadian Forest Fire Weather Index System, one day at a time, from weather at
 * noon local standard time.
 *
 * Method: Van Wagner 1987 (Forestry Technical Report 35), equations 1 to 26; day lengths by band of latitude and month
 * as in cffdrs. FFMC is the fine litter, DMC the loosely packed duff, DC the deep compact layer. All are dimensionless.
 */
export type NoonWeather = {
  readonly month: number
  readonly temperatureC: number
  readonly relativeHumidityPercent: number
  readonly windKmh: number
  /** In the 24 hours to noon. */
  readonly rainMm: number
  readonly latitude: number
}

/**
 * The constant of the moisture scale: 147.2 as published in 1985 and 1987, which EFFIS and most services keep, or
 * 250·59.5/101, which cffdrs took from 1.9 on. They differ by up to 0.12 FFMC and 0.25 FWI.
 */
export const moistureConstant = { vanWagner1987: 147.2, cffdrs: (250 * 59.5) / 101 } as const
export type MoistureConstant = (typeof moistureConstant)[keyof typeof moistureConstant]

export type DayLength = 'by-latitude' | 'as-at-46-north'

export const moistureOf = (ffmc: number, constant: MoistureConstant): number =>
  (constant * (101 - ffmc)) / (59.5 + ffmc)
export const codeOf = (moisture: number, constant: MoistureConstant): number =>
  clamp((59.5 * (250 - moisture)) / (constant + moisture), 0, 101)

/** Equations 1 to 10. Rain below 0.5 mm does not count. */
export function fineFuelMoistureCode(
  yesterday: number,
  weather: NoonWeather,
  constant: MoistureConstant,
): number {
  const rain = weather.rainMm - 0.5
  const before = moistureOf(yesterday, constant)
  const wetted = rain > 0 ? wettedBy(rain, before) : before
  const { drying, wetting } = equilibria(weather)
  const speed = (humidityPercent: number): number =>
    10 ** -(exchangeRate(humidityPercent, weather.windKmh) * 0.581 * Math.exp(0.0365 * weather.temperatureC))
  const humidity = weather.relativeHumidityPercent
  if (wetted > drying) return codeOf(drying + (wetted - drying) * speed(humidity), constant)
  if (wetted < wetting && wetted < drying)
    return codeOf(wetting - (wetting - wetted) * speed(100 - humidity), constant)
  return codeOf(wetted, constant)
}

/** Equations 11 to 17. Rain below 1.5 mm does not count; below −1.1 °C nothing dries. */
export function duffMoistureCode(yesterday: number, weather: NoonWeather, dayLength: DayLength): number {
  const hours = dayLengthHours(weather, dayLength)
  const warmth = Math.max(weather.temperatureC, -1.1) + 1.1
  const drying = 1.894e-4 * warmth * (100 - weather.relativeHumidityPercent) * hours
  return Math.max(0, (weather.rainMm > 1.5 ? duffAfterRain(yesterday, weather.rainMm) : yesterday) + drying)
}

/** Equations 18 to 23. Rain below 2.8 mm does not count; potential evaporation is never negative. */
export function droughtCode(yesterday: number, weather: NoonWeather, dayLength: DayLength): number {
  const warmth = Math.max(weather.temperatureC, -2.8) + 2.8
  const evaporation = Math.max(0, (0.36 * warmth + dayLengthFactor(weather, dayLength)) / 2)
  if (weather.rainMm <= 2.8) return Math.max(0, yesterday + evaporation)
  const effective = 0.83 * weather.rainMm - 1.27
  const stored = 800 * Math.exp(-yesterday / 400)
  return Math.max(0, yesterday - 400 * Math.log1p((3.937 * effective) / stored)) + evaporation
}

/** Moisture after effective rain, at most 250 %. Equations 3a, 3b. */
export function wettedBy(rainMm: number, moisture: number): number {
  const soaked = 42.5 * rainMm * Math.exp(-100 / (251 - moisture)) * (1 - Math.exp(-6.93 / rainMm))
  const heavy = moisture > 150 ? 0.0015 * (moisture - 150) ** 2 * Math.sqrt(rainMm) : 0
  return Math.min(250, moisture + soaked + heavy)
}

/** Moisture that fine fuel dries or wets towards. Equations 4 and 5. */
export function equilibria({
  temperatureC,
  relativeHumidityPercent: h,
}: Pick<NoonWeather, 'temperatureC' | 'relativeHumidityPercent'>): { drying: number; wetting: number } {
  const warm = 0.18 * (21.1 - temperatureC) * (1 - Math.exp(-0.115 * h))
  return {
    drying: 0.942 * h ** 0.679 + 11 * Math.exp((h - 100) / 10) + warm,
    wetting: 0.618 * h ** 0.753 + 10 * Math.exp((h - 100) / 10) + warm,
  }
}

/** Equations 6a and 7a; with the dryness instead of the humidity for wetting. */
export const exchangeRate = (humidityPercent: number, windKmh: number): number =>
  0.424 * (1 - (humidityPercent / 100) ** 1.7) +
  0.0694 * Math.sqrt(windKmh) * (1 - (humidityPercent / 100) ** 8)

function duffAfterRain(yesterday: number, rainMm: number): number {
  const effective = 0.92 * rainMm - 1.27
  const before = 20 + 280 / Math.exp(0.023 * yesterday)
  const after = before + (1000 * effective) / (48.77 + slope(yesterday) * effective)
  return Math.max(0, 43.43 * (5.6348 - Math.log(after - 20)))
}

function slope(code: number): number {
  if (code <= 33) return 100 / (0.5 + 0.3 * code)
  return code <= 65 ? 14 - 1.3 * Math.log(code) : 6.2 * Math.log(code) - 17.2
}

const hoursNorth = [6.5, 7.5, 9, 12.8, 13.9, 13.9, 12.4, 10.9, 9.4, 8, 7, 6]
const hoursTropicNorth = [7.9, 8.4, 8.9, 9.5, 9.9, 10.2, 10.1, 9.7, 9.1, 8.6, 8.1, 7.8]
const hoursTropicSouth = [10.1, 9.6, 9.1, 8.5, 8.1, 7.8, 7.9, 8.3, 8.9, 9.4, 9.9, 10.2]
const hoursSouth = [11.5, 10.5, 9.2, 7.9, 6.8, 6.2, 6.5, 7.4, 8.7, 10, 11.2, 11.8]
const factorNorth = [-1.6, -1.6, -1.6, 0.9, 3.8, 5.8, 6.4, 5, 2.4, 0.4, -1.6, -1.6]
const factorSouth = [6.4, 5, 2.4, 0.4, -1.6, -1.6, -1.6, -1.6, -1.6, 0.9, 3.8, 5.8]

function dayLengthHours({ latitude, month }: NoonWeather, dayLength: DayLength): number {
  const of = (hours: readonly number[]): number => hours[month - 1] ?? Number.NaN
  if (dayLength === 'as-at-46-north' || latitude > 30) return of(hoursNorth)
  if (latitude > 10) return of(hoursTropicNorth)
  if (latitude > -10) return 9
  return of(latitude > -30 ? hoursTropicSouth : hoursSouth)
}

function dayLengthFactor({ latitude, month }: NoonWeather, dayLength: DayLength): number {
  if (dayLength === 'as-at-46-north' || latitude > 20) return factorNorth[month - 1] ?? Number.NaN
  return latitude > -20 ? 1.4 : (factorSouth[month - 1] ?? Number.NaN)
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
