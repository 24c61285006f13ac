/**
 * Warnings counted: hits, misses, false alarms, and what follows from them (WMO-No. 1132, Guidelines on verification of
 * warnings; Wilks 2011, ch. 8).
 *
 *   POD probability of detection   hits / (hits + misses)
 *   FAR false alarm ratio          false alarms / (hits + false alarms)
 *   CSI threat score               hits / (hits + misses + false alarms)
 *   bias                           (hits + false alarms) / (hits + misses)
 *
 * Each share comes with its 95 % interval of Wilson (1927), which keeps within 0 … 1 and says how little three cases show.
 * Correct negatives are not defined: nobody counts how often nothing was warned of and nothing came, so accuracy and the
 * scores that need it (Heidke, Peirce) are left out rather than made up.
 */
export type Counts = { readonly hits: number; readonly misses: number; readonly falseAlarms: number }

/** Absent: there is nothing to divide by. */
export type Share = {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly of: number
}

export type Contingency = Counts & {
  readonly pod?: Share
  readonly far?: Share
  readonly csi?: Share
  readonly bias?: number
}

export function contingency({ hits, misses, falseAlarms }: Counts): Contingency {
  const pod = wilson(hits, hits + misses)
  const far = wilson(falseAlarms, hits + falseAlarms)
  const csi = wilson(hits, hits + misses + falseAlarms)
  return {
    hits,
    misses,
    falseAlarms,
    ...(pod && { pod }),
    ...(far && { far }),
    ...(csi && { csi }),
    ...(hits + misses > 0 && { bias: (hits + falseAlarms) / (hits + misses) }),
  }
}

const z = 1.959963984540054

export function wilson(successes: number, of: number): Share | undefined {
  if (of === 0) return undefined
  const value = successes / of
  const width = 1 + z ** 2 / of
  const center = (value + z ** 2 / (2 * of)) / width
  const reach = (z / width) * Math.sqrt((value * (1 - value)) / of + z ** 2 / (4 * of ** 2))
  return {
    value,
    low: successes === 0 ? 0 : Math.max(0, center - reach),
    high: successes === of ? 1 : Math.min(1, center + reach),
    of,
  }
}
