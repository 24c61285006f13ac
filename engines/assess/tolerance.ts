/**
 * Tolerances of reference cases: how close a value must come, from the words a case states them in.
 *
 * `abs` and `rel` are numbers and hold for every value: |got − expected| ≤ abs + rel·|expected|. A named key overrides
 * them for that field and all below it, in words: "abs 0.05 km or rel 2e-3" (the looser of the two), "rel 1e-9",
 * "exact …", "integer, exact …", "2e-4 deg / 0.02 km" (degrees for longitudes, latitudes and angles, else kilometres).
 * Where a case states nothing for a field, 1e-6 absolute and relative. Words that say none of these are not guessed:
 * the case's own `abs` and `rel`, or the default, hold.
 *
 * Before that, three ways of stating are written out: `perField: { kap: 1e-5 }` is absolute and relative for that field;
 * "1e-3*scale" is that share of the expected `scale` at the root of the case; and a method may say that a field goes by
 * another word in the tolerance (`returnLevelSe` by `se`).
 */
import type { ReferenceCase } from './contract.ts'

export type Tolerance = {
  /** Largest difference allowed from this expected value in the field of this name. */
  readonly allowed: (expected: number, field: string) => number
}

const number = '([0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)'
const angles = new Set(['lon', 'lat', 'longitude', 'latitude', 'azimuth', 'strike', 'dip', 'rake'])

/** The tolerances of a case written out for its own expected values and field names. */
export function stateTolerance(
  stated: ReferenceCase['tolerance'],
  expected: unknown,
  namedAs: Readonly<Record<string, string>> = {},
): ReferenceCase['tolerance'] {
  if (stated === undefined) return undefined
  const perField: unknown = stated.perField
  const spread = isFields(perField)
    ? Object.entries(perField).map(([field, value]) => [field, `abs ${value} rel ${value}`] as const)
    : []
  const named = Object.entries(namedAs).flatMap(([field, word]) => {
    const value = stated[word]
    return stated[field] === undefined && value !== undefined ? [[field, value] as const] : []
  })
  const all = [...Object.entries(stated), ...spread, ...named]
  return Object.fromEntries(all.map(([field, value]) => [field, shareOf(value, expected)]))
}

/** The tolerance at the root of a case; `null` as inherited means that nothing was stated further up. */
export function rootTolerance(tolerance: ReferenceCase['tolerance']): Tolerance {
  const abs = numberOf(tolerance?.abs)
  const rel = numberOf(tolerance?.rel)
  if (abs === undefined && rel === undefined) return linear(1e-6, 1e-6)
  return linear(abs ?? 0, rel ?? 0)
}

/** What holds below `field`: its own tolerance when the case names it, else what held above. */
export function tolerateField(
  tolerance: ReferenceCase['tolerance'],
  field: string,
  above: Tolerance,
): Tolerance {
  if (field === 'abs' || field === 'rel') return above
  const stated = tolerance?.[field]
  if (stated === undefined) return above
  if (typeof stated === 'number') return linear(stated, 0)
  return fromWords(stated) ?? above
}

export function fromWords(words: string): Tolerance | undefined {
  const abs = find(words, `abs ${number}`)
  const rel = find(words, `rel ${number}`)
  if (abs !== undefined && rel !== undefined && / or /.test(words))
    return { allowed: (expected) => Math.max(abs, rel * Math.abs(expected)) }
  if (abs !== undefined || rel !== undefined) return linear(abs ?? 0, rel ?? 0)
  if (/\bexact\b/.test(words)) return linear(0, 0)
  const degrees = find(words, `${number} deg`)
  const kilometres = find(words, `${number} km`)
  if (degrees === undefined && kilometres === undefined) return undefined
  return {
    allowed: (_expected, field) => (angles.has(field) ? degrees : kilometres) ?? degrees ?? kilometres ?? 0,
  }
}

function shareOf(value: number | string, expected: unknown): number | string {
  const [, share, field] = (typeof value === 'string' && /^([-+.0-9eE]+)\*(\w+)$/.exec(value)) || []
  const whole = field !== undefined && isFields(expected) ? expected[field] : undefined
  return typeof whole === 'number' ? Number(share) * Math.abs(whole) : value
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const linear = (abs: number, rel: number): Tolerance => ({
  allowed: (expected) => abs + rel * Math.abs(expected),
})

function numberOf(value: number | string | undefined): number | undefined {
  const parsed = typeof value === 'string' ? Number(value) : value
  return parsed === undefined || Number.isNaN(parsed) ? undefined : parsed
}

function find(words: string, pattern: string): number | undefined {
  const found = new RegExp(pattern).exec(words)?.[1]
  return found === undefined ? undefined : Number(found)
}
