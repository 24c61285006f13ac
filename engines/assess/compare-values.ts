/**
 * Every expected value of a reference case against what our code gave, none skipped.
 *
 * Missing is `null`; "NaN", "Inf" and "-Inf" stand for the numbers that JSON cannot write; numbers within tolerance;
 * logicals and words alike; lists of equal length; every expected key present. More than expected is no fault.
 * A value that our method marks as a `ReferenceDeparture` is not judged but told, with its reason.
 */
import { type ReferenceCase, ReferenceDeparture } from './contract.ts'
import { rootTolerance, type Tolerance, tolerateField } from './tolerance.ts'

/** The value that lies farthest from what it should be, measured in tolerances. `where` is a JSON pointer. */
export type Farthest = { readonly where: string; readonly got: unknown; readonly expected: unknown }
export type Departed = Farthest & { readonly why: string }
export type Comparison = {
  readonly values: number
  readonly passed: boolean
  readonly worst?: Farthest
  /** Where our method gives another value on purpose, because it can show the reference to be wrong. */
  readonly departures?: readonly Departed[]
}

export function compareValues(
  expected: unknown,
  got: unknown,
  tolerance: ReferenceCase['tolerance'],
): Comparison {
  const seen: Seen = { values: 0, excess: -1, departures: [] }
  walk({ expected, got, where: '', field: '', tolerance: rootTolerance(tolerance) }, tolerance, seen)
  const { values, excess, worst, departures } = seen
  const passed = values > 0 && excess <= 1
  return {
    values,
    passed,
    ...(worst === undefined ? {} : { worst }),
    ...(departures.length === 0 ? {} : { departures }),
  }
}

type Seen = { values: number; excess: number; worst?: Farthest; readonly departures: Departed[] }
type Node = {
  readonly expected: unknown
  readonly got: unknown
  readonly where: string
  readonly field: string
  readonly tolerance: Tolerance
}

function walk(node: Node, stated: ReferenceCase['tolerance'], seen: Seen): void {
  const { expected, got, where, tolerance } = node
  if (got instanceof ReferenceDeparture)
    seen.departures.push({ where, got: got.value, expected, why: got.why })
  else if (Array.isArray(expected)) {
    if (Array.isArray(got) && got.length !== expected.length) note(node, Number.POSITIVE_INFINITY, seen)
    expected.forEach((value, at) => {
      const other: unknown = Array.isArray(got) ? got[at] : undefined
      walk({ ...node, expected: value, got: other, where: `${where}/${at}` }, stated, seen)
    })
  } else if (isObject(expected)) {
    for (const [field, value] of Object.entries(expected)) {
      const other = isObject(got) ? got[field] : undefined
      const below = tolerateField(stated, field, tolerance)
      const pointer = `${where}/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`
      walk({ expected: value, got: other, where: pointer, field, tolerance: below }, stated, seen)
    }
  } else note(node, excessOf(node), seen)
}

/** In tolerances: 0 is equal, up to 1 passes. */
function excessOf({ expected, got, field, tolerance }: Node): number {
  const wanted = plain(expected)
  const given = plain(got)
  if (Object.is(wanted, given) || (wanted === 0 && given === 0)) return 0
  if (typeof wanted !== 'number' || typeof given !== 'number') return Number.POSITIVE_INFINITY
  if (!Number.isFinite(wanted) || !Number.isFinite(given)) return Number.POSITIVE_INFINITY
  const difference = Math.abs(given - wanted)
  const allowed = tolerance.allowed(wanted, field)
  return allowed === 0 ? Number.POSITIVE_INFINITY : difference / allowed
}

function note(node: Node, excess: number, seen: Seen): void {
  seen.values += 1
  if (excess <= seen.excess) return
  seen.excess = excess
  seen.worst = { where: node.where, got: node.got === undefined ? null : node.got, expected: node.expected }
}

function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (value === 'NaN') return Number.NaN
  if (value === 'Inf') return Number.POSITIVE_INFINITY
  if (value === '-Inf') return Number.NEGATIVE_INFINITY
  return value
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
