/**
 * What a bench reports: named figures with their unit and, where there is one, the aim. Percentiles are by nearest rank
 * (the smallest value with at least p percent of all values at or below it), so every figure reported was measured once.
 */
export type Aim = { readonly atMost: number } | { readonly atLeast: number }

export type Figure = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly aim?: Aim
}

export type Report = {
  readonly bench: string
  /** What was run, in words: sizes, rates, seeds. */
  readonly run: string
  readonly figures: readonly Figure[]
}

export const figure = (name: string, value: number, unit: string, aim?: Aim): Figure => ({
  name,
  value: rounded(value),
  unit,
  ...(aim && { aim }),
})

export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN
}

export const median = (values: readonly number[]): number => percentile(values, 50)

export const isReached = ({ value, aim }: Figure): boolean | undefined => {
  if (aim === undefined) return undefined
  return 'atMost' in aim ? value <= aim.atMost : value >= aim.atLeast
}

export function tableOf({ bench, run, figures }: Report): string {
  const lines = figures.map((one) => {
    const { name, value, unit, aim } = one
    const wanted =
      aim === undefined ? '' : `  aim ${'atMost' in aim ? `≤ ${aim.atMost}` : `≥ ${aim.atLeast}`}`
    const verdict = aim === undefined ? '' : isReached(one) ? '  reached' : '  NOT reached'
    return `  ${name.padEnd(58)} ${String(value).padStart(10)} ${unit}${wanted}${verdict}`
  })
  return [`${bench}: ${run}`, ...lines, ''].join('\n')
}

/** Four figures that count. */
const rounded = (value: number): number => Number(value.toPrecision(4))
