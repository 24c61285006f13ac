/**
 * What stations measure: by which names services call it, in which unit we keep it, what is impossible, and how long the
 * same value may stand.
 *
 * Bounds are physical or those of instruments, wide enough for the worst that was ever measured; a value outside is a
 * fault of the station and is held for a person. Instruments for gases and particles read a little below zero near their
 * detection limit; that much is let through. Numbers of the vocabulary of the European Environment Agency:
 * dd.eionet.europa.eu/vocabulary/aq/pollutant.
 */
export const propertyCodes = [
  'PM2.5',
  'PM10',
  'NO2',
  'O3',
  'SO2',
  'CO',
  'NO',
  'C6H6',
  'water-level',
  'discharge',
  'water-temperature',
  'dissolved-oxygen',
  'acidity',
  'conductivity',
  'precipitation',
  'air-temperature',
  'dose-rate',
] as const
export type PropertyCode = (typeof propertyCodes)[number]

export type Property = {
  readonly code: PropertyCode
  readonly title: string
  /** UCUM. */
  readonly unit: string
  /** Lower case, without spaces, points and underscores. */
  readonly names: readonly string[]
  /** Last part of the address in the European vocabulary. */
  readonly eea?: string
  readonly gramsPerMole?: number
  readonly possible: readonly [low: number, high: number]
  readonly because: string
  /** The same value for so many hours, and so many times, is an instrument that stands still. Absent: it may stand. */
  readonly flatAfter?: { readonly hours: number; readonly values: number }
  /** Zero itself is impossible: there is always some. */
  readonly isNeverZero?: boolean
}

const gas = { hours: 12, values: 12 } as const

export const properties: readonly Property[] = [
  {
    code: 'PM2.5',
    title: 'Fine particles',
    unit: 'ug/m3',
    names: ['pm25', 'particulatematter<25µm', 'fineparticulatematter'],
    eea: '6001',
    possible: [-10, 5000],
    because: 'smoke of wildfires reached some 3,000 µg/m³ by the hour',
    flatAfter: gas,
  },
  {
    code: 'PM10',
    title: 'Particles',
    unit: 'ug/m3',
    names: ['pm10', 'particulatematter<10µm'],
    eea: '5',
    possible: [-10, 20_000],
    because: 'dust storms reached some 10,000 µg/m³ by the hour',
    flatAfter: gas,
  },
  {
    code: 'NO2',
    title: 'Nitrogen dioxide',
    unit: 'ug/m3',
    names: ['no2', 'nitrogendioxide', 'nitrogendioxide(air)'],
    eea: '8',
    gramsPerMole: 46.0055,
    possible: [-10, 3000],
    because: 'London 1991, the worst hour on record in a street, had 800 µg/m³',
    flatAfter: gas,
  },
  {
    code: 'O3',
    title: 'Ozone',
    unit: 'ug/m3',
    names: ['o3', 'ozone'],
    eea: '7',
    gramsPerMole: 47.9982,
    possible: [-10, 1500],
    because: 'Los Angeles in the 1950s had some 1,300 µg/m³',
    flatAfter: gas,
  },
  {
    code: 'SO2',
    title: 'Sulphur dioxide',
    unit: 'ug/m3',
    names: ['so2', 'sulphurdioxide', 'sulfurdioxide', 'sulphurdioxide(air)'],
    eea: '1',
    gramsPerMole: 64.064,
    possible: [-10, 50_000],
    because: 'near smelters and eruptions some 10,000 µg/m³',
    flatAfter: gas,
  },
  {
    code: 'CO',
    title: 'Carbon monoxide',
    unit: 'mg/m3',
    names: ['co', 'carbonmonoxide', 'carbonmonoxide(air)'],
    eea: '10',
    gramsPerMole: 28.0101,
    possible: [-0.5, 500],
    because: 'above it nobody near the station would be alive',
    flatAfter: gas,
  },
  {
    code: 'NO',
    title: 'Nitrogen monoxide',
    unit: 'ug/m3',
    names: ['no', 'nitrogenmonoxide', 'nitricoxide'],
    eea: '38',
    gramsPerMole: 30.0061,
    possible: [-10, 5000],
    because: 'ten times the worst hours of streets',
    flatAfter: { hours: 24, values: 24 },
  },
  {
    code: 'C6H6',
    title: 'Benzene',
    unit: 'ug/m3',
    names: ['c6h6', 'benzene', 'benzene(air)'],
    eea: '20',
    gramsPerMole: 78.1118,
    possible: [-1, 5000],
    because: 'beyond the range of network analysers',
    flatAfter: { hours: 24, values: 24 },
  },
  {
    code: 'water-level',
    title: 'Water level over the gauge datum',
    unit: 'm',
    names: ['waterlevel', 'gaugeheight', 'stage', 'riverlevel', 'vodostaj', 'waterstage'],
    possible: [-30, 100],
    because: 'no river of the world rises 60 m, and datums lie a few metres off',
  },
  {
    code: 'discharge',
    title: 'Discharge',
    unit: 'm3/s',
    names: ['discharge', 'riverdischarge', 'streamflow', 'flow', 'protok'],
    possible: [0, 400_000],
    because: 'the Amazon in flood carries 340,000 m³/s',
  },
  {
    code: 'water-temperature',
    title: 'Water temperature',
    unit: 'Cel',
    names: ['watertemperature', 'rivertemperature'],
    possible: [-3, 60],
    because: 'sea water freezes at -2 °C; no river is hotter',
  },
  {
    code: 'dissolved-oxygen',
    title: 'Dissolved oxygen',
    unit: 'mg/L',
    names: ['dissolvedoxygen', 'oxygen'],
    possible: [0, 40],
    because: 'three times saturation in cold water',
  },
  {
    code: 'acidity',
    title: 'Acidity',
    unit: '[pH]',
    names: ['ph', 'acidity'],
    possible: [0, 14],
    because: 'the scale of acidity in water',
  },
  {
    code: 'conductivity',
    title: 'Electrical conductivity',
    unit: 'uS/cm',
    names: ['conductivity', 'electricalconductivity', 'specificconductance'],
    possible: [0, 300_000],
    because: 'saturated brine has some 250,000 µS/cm',
  },
  {
    code: 'precipitation',
    title: 'Precipitation',
    unit: 'mm',
    names: ['precipitation', 'rainfall', 'rain'],
    possible: [0, 2000],
    because: 'the most ever in a day is 1,825 mm',
  },
  {
    code: 'air-temperature',
    title: 'Air temperature',
    unit: 'Cel',
    names: ['airtemperature', 'temperature'],
    possible: [-60, 60],
    because: 'the extremes of Europe are -58.1 and 48.8 °C',
    flatAfter: { hours: 24, values: 24 },
  },
  {
    code: 'dose-rate',
    title: 'Ambient gamma dose rate',
    unit: 'uSv/h',
    names: ['doserate', 'gammadoserate', 'ambientdoserate', 'ambientdoseequivalentrate'],
    possible: [0.005, 1e7],
    because: 'sky and ground always give some 0.03 µSv/h',
    flatAfter: { hours: 72, values: 24 },
    isNeverZero: true,
  },
]

const byName = new Map(
  properties.flatMap((property) =>
    [property.code.toLowerCase(), ...property.names].map((name) => [spelled(name), property] as const),
  ),
)
const byCode = new Map(properties.map((property) => [property.code, property] as const))
const byEea = new Map(
  properties.flatMap((property) => (property.eea ? [[property.eea, property] as const] : [])),
)

/** UCUM. */
export const unitOfProperty = (code: PropertyCode): string => byCode.get(code)?.unit ?? ''

/** By address in the European vocabulary first, then by name; undefined when we do not know what it is. */
export function propertyNamed({
  id,
  name,
}: {
  readonly id?: string
  readonly name: string
}): Property | undefined {
  const number = /\/aq\/pollutant\/(\d+)$/.exec(id ?? '')?.[1]
  return (number && byEea.get(number)) || byName.get(spelled(name)) || byName.get(spelled(lastPart(id ?? '')))
}

const lastPart = (address: string): string => address.split(/[/#:]/).findLast((part) => part !== '') ?? ''

function spelled(name: string): string {
  return name.toLowerCase().replace(/[\s._-]/g, '')
}
