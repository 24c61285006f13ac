/**
 * Exposure on a grid: how many people live in each band of a hazard's intensity, by country.
 *
 * Method: bins [k−0.5, k+0.5) on the intensity; people are summed per bin and country, then truncated to whole persons
 * (so that the sum of a million small cells is not lost). A cell without a population counts 0, one without a country
 * is left out. A country that touches the grid appears even where nobody is exposed.
 */
export type GridCell = {
  readonly intensity: number
  readonly people: number
  readonly country: string | undefined
}

/** People in bands 1…`bands`, by country. */
export function exposureByBand(
  cells: Iterable<GridCell>,
  bands = 10,
): ReadonlyMap<string, readonly number[]> {
  const sums = new Map<string, number[]>()
  for (const { intensity, people, country } of cells) {
    if (country === undefined) continue
    const sum = sums.get(country) ?? sums.set(country, new Array<number>(bands).fill(0)).get(country)
    const band = bandOf(intensity)
    if (sum !== undefined && band >= 1 && band <= bands && people > 0)
      sum[band - 1] = (sum[band - 1] ?? 0) + people
  }
  return new Map([...sums].map(([country, sum]) => [country, sum.map(Math.trunc)]))
}

export const bandOf = (intensity: number): number => Math.floor(intensity + 0.5)
