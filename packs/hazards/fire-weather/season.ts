/**
 * When the fire season begins and ends, and what the winter leaves of the drought.
 *
 * Season: three days in a row warmer than 12 °C start it, three colder than 5 °C end it, each on the day after (Wotton
 * and Flannigan 1993). Drought code in spring: moisture of autumn, a share `carried` of it, plus a share `wetting` of
 * the winter's precipitation (Lawson and Armitage 2008); never below the usual start of 15.
 */
export type SeasonChange = { readonly day: number; readonly kind: 'start' | 'end' }

export function fireSeasons(
  dailyMaximaC: readonly number[],
  { startC = 12, endC = 5 }: { readonly startC?: number; readonly endC?: number } = {},
): readonly SeasonChange[] {
  const changes: SeasonChange[] = []
  let isOpen = false
  for (let day = 3; day < dailyMaximaC.length; day += 1) {
    const before = dailyMaximaC.slice(day - 3, day)
    if (!isOpen && before.every((value) => value > startC)) {
      isOpen = true
      changes.push({ day, kind: 'start' })
    } else if (isOpen && before.every((value) => value < endC)) {
      isOpen = false
      changes.push({ day, kind: 'end' })
    }
  }
  return changes
}

export function springDroughtCode(
  autumn: number,
  winterMm: number,
  { carried, wetting }: { readonly carried: number; readonly wetting: number },
): number {
  const stored = carried * 800 * Math.exp(-autumn / 400) + wetting * 3.94 * winterMm
  return Math.max(15, 400 * Math.log(800 / stored))
}
