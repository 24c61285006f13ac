/**
 * Units as services write them, in UCUM's case-sensitive spelling, and the way from one to another.
 *
 * A volume share of a gas becomes a mass per volume at 293 K and 101.3 kPa, the conditions of Directive 2008/50/EC, annex
 * VI C: 24.0488 L/mol (R = 8.314462618 J/mol/K). What cannot be converted is not guessed at: `convert` says nothing.
 */
type Dimension =
  | 'mass-per-volume'
  | 'volume-share'
  | 'length'
  | 'flow'
  | 'temperature'
  | 'dose-rate'
  | 'share'
  | 'acidity'
  | 'conductivity'
  | 'speed'
  | 'pressure'

type Unit = {
  readonly ucum: string
  readonly dimension: Dimension
  readonly factor: number
  readonly offset?: number
}

const units: readonly (Unit & { readonly also: readonly string[] })[] = [
  {
    ucum: 'ug/m3',
    dimension: 'mass-per-volume',
    factor: 1,
    also: ['µg/m³', 'μg/m³', 'µg/m3', 'μg/m3', 'ug/m^3', 'ug.m-3', 'µg m-3', 'ug m-3'],
  },
  { ucum: 'mg/m3', dimension: 'mass-per-volume', factor: 1e3, also: ['mg/m³', 'mg.m-3', 'mg m-3'] },
  { ucum: 'ng/m3', dimension: 'mass-per-volume', factor: 1e-3, also: ['ng/m³', 'ng.m-3'] },
  { ucum: 'mg/L', dimension: 'mass-per-volume', factor: 1e6, also: ['mg/l', 'mg.L-1'] },
  { ucum: 'ug/L', dimension: 'mass-per-volume', factor: 1e3, also: ['µg/L', 'µg/l', 'ug/l'] },
  { ucum: '[ppm]', dimension: 'volume-share', factor: 1e3, also: ['ppm'] },
  { ucum: '[ppb]', dimension: 'volume-share', factor: 1, also: ['ppb'] },
  { ucum: 'm', dimension: 'length', factor: 1, also: ['metre', 'meter'] },
  { ucum: 'cm', dimension: 'length', factor: 1e-2, also: ['centimetre'] },
  { ucum: 'mm', dimension: 'length', factor: 1e-3, also: ['millimetre'] },
  { ucum: '[ft_i]', dimension: 'length', factor: 0.3048, also: ['ft'] },
  { ucum: 'm3/s', dimension: 'flow', factor: 1, also: ['m³/s', 'm^3/s', 'm3.s-1', 'm3 s-1', 'cumec'] },
  { ucum: 'L/s', dimension: 'flow', factor: 1e-3, also: ['l/s', 'L.s-1'] },
  { ucum: '[cft_i]/s', dimension: 'flow', factor: 0.028316846592, also: ['ft3/s', 'cfs'] },
  { ucum: 'Cel', dimension: 'temperature', factor: 1, also: ['°C', 'degC', 'C'] },
  { ucum: 'K', dimension: 'temperature', factor: 1, offset: -273.15, also: [] },
  { ucum: '[degF]', dimension: 'temperature', factor: 5 / 9, offset: (-32 * 5) / 9, also: ['°F', 'degF'] },
  { ucum: 'uSv/h', dimension: 'dose-rate', factor: 1, also: ['µSv/h', 'μSv/h'] },
  { ucum: 'nSv/h', dimension: 'dose-rate', factor: 1e-3, also: [] },
  { ucum: 'mSv/h', dimension: 'dose-rate', factor: 1e3, also: [] },
  { ucum: '%', dimension: 'share', factor: 1, also: ['percent'] },
  { ucum: '[pH]', dimension: 'acidity', factor: 1, also: ['pH'] },
  { ucum: 'uS/cm', dimension: 'conductivity', factor: 1, also: ['µS/cm', 'μS/cm'] },
  { ucum: 'm/s', dimension: 'speed', factor: 1, also: ['m.s-1', 'm s-1'] },
  { ucum: 'km/h', dimension: 'speed', factor: 1 / 3.6, also: [] },
  { ucum: 'hPa', dimension: 'pressure', factor: 1, also: ['mbar'] },
]

const bySpelling = new Map(
  units.flatMap((unit) => [unit.ucum, ...unit.also].map((spelling) => [spelling, unit] as const)),
)

/** UCUM's spelling of what a service wrote; undefined when no unit is known by it. */
export const ucumOf = (written: string): string | undefined => bySpelling.get(written.trim())?.ucum

const litresPerMole = (8.314462618 * 293) / 101.3

/** `gramsPerMole` of the gas, for the way between volume share and mass per volume. */
export function convert(
  value: number,
  { from, to, gramsPerMole }: { readonly from: string; readonly to: string; readonly gramsPerMole?: number },
): number | undefined {
  const [given, wanted] = [bySpelling.get(from.trim()), bySpelling.get(to)]
  if (given === undefined || wanted === undefined) return undefined
  if (given.ucum === wanted.ucum) return value
  const base = value * given.factor + (given.offset ?? 0)
  const bridged = bridge(base, given.dimension, wanted.dimension, gramsPerMole)
  if (bridged === undefined) return undefined
  return tidy((bridged - (wanted.offset ?? 0)) / wanted.factor)
}

/** Between dimensions in their base units: µg/m³ and parts per billion. */
function bridge(value: number, from: Dimension, to: Dimension, gramsPerMole?: number): number | undefined {
  if (from === to) return value
  if (gramsPerMole === undefined) return undefined
  const perPpb = gramsPerMole / litresPerMole
  if (from === 'volume-share' && to === 'mass-per-volume') return value * perPpb
  if (from === 'mass-per-volume' && to === 'volume-share') return value / perPpb
  return undefined
}

/** Without the noise of binary fractions: equal readings by two paths give equal bytes. */
const tidy = (value: number): number => Number(value.toPrecision(10))
