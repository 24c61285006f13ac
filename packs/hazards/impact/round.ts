/** Rounding of published figures: no more digits than the method carries, and the same bytes at every run. */
export const decimals = (value: number, digits: number): number => Number(value.toFixed(digits)) + 0

export const significant = (value: number, digits = 3): number =>
  value === 0 ? 0 : Number(value.toPrecision(digits))
