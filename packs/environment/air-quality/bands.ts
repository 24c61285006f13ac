/**
 * Band tables of air quality indices: for each pollutant the upper bounds of its classes, in µg/m³.
 *
 * European Air Quality Index of the European Environment Agency as published in 2017 (five classes) and from 2020 (six
 * classes); hourly CAQI of the CITEAIR project (2012), which the ministry of North Macedonia shows. A later European
 * table follows the WHO guidelines of 2021; it is left out until its numbers are confirmed from the agency itself.
 */
export const pollutants = ['PM2.5', 'PM10', 'NO2', 'O3', 'SO2'] as const
export type Pollutant = (typeof pollutants)[number]
export type Bands = Readonly<Record<Pollutant, readonly number[]>>

export const european2020: Bands = {
  'PM2.5': [10, 20, 25, 50, 75],
  PM10: [20, 40, 50, 100, 150],
  NO2: [40, 90, 120, 230, 340],
  O3: [50, 100, 130, 240, 380],
  SO2: [100, 200, 350, 500, 750],
}

export const european2017: Bands = {
  'PM2.5': [10, 20, 25, 50],
  PM10: [20, 35, 50, 100],
  NO2: [40, 100, 200, 400],
  O3: [80, 120, 180, 240],
  SO2: [100, 200, 350, 500],
}

/** Classes of 25 points each. */
export const citeairHourly: Bands = {
  'PM2.5': [15, 30, 55, 110],
  PM10: [25, 50, 90, 180],
  NO2: [50, 100, 200, 400],
  O3: [60, 120, 180, 240],
  SO2: [50, 100, 350, 500],
}
