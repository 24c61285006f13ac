/**
 * A command of `mosaic`: its words, its options, and what it does. Data goes to stdout, talk to stderr; with `--json`
 * stdout is one JSON object a line. Exit 0 done, 1 refused or failed, 2 wrong usage.
 */
export type Option = {
  readonly type: 'string' | 'boolean'
  readonly help: string
  /** What stands for the value in the usage: `N`, `FILE`. */
  readonly value?: string
  readonly multiple?: boolean
}

export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

export type Run = {
  /** Its name, for example `user add`. */
  readonly command: string
  readonly values: Values
  readonly positionals: readonly string[]
  readonly json: boolean
  readonly out: Output
  readonly signal: AbortSignal
}

export type Output = {
  /** A line of data. */
  readonly line: (text: string) => void
  /** One JSON object, on a line of its own. */
  readonly object: (value: unknown) => void
  /** A line of talk. */
  readonly say: (text: string) => void
  /** A line of talk that replaces the one before, where a person watches. */
  readonly progress: (text: string) => void
}

export type ExitCode = 0 | 1 | 2

export type Command = {
  /** `replay`, `cap validate`. */
  readonly name: string
  readonly summary: string
  /** What a newcomer should know, with an example. */
  readonly teaches: string
  readonly arguments?: string
  /** How many positional arguments, at least and at most. */
  readonly takes: readonly [min: number, max: number]
  readonly options: Readonly<Record<string, Option>>
  readonly run: (run: Run) => Promise<ExitCode>
}

export const text = (values: Values, name: string): string | undefined => {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** A number from an option; throws `Misused` when it is none or out of bounds. */
export function number(
  values: Values,
  name: string,
  bounds: readonly [min: number, max: number],
): number | undefined {
  const value = text(values, name)
  if (value === undefined) return undefined
  const parsed = value.trim() === '' ? Number.NaN : Number(value)
  const [min, max] = bounds
  if (!(parsed >= min && parsed <= max))
    throw new Misused(`--${name} takes a number from ${min} to ${max}, not "${value}".`)
  return parsed
}

/** A whole number from an option. */
export function whole(values: Values, name: string, bounds: readonly [min: number, max: number]) {
  const value = number(values, name, bounds)
  if (value !== undefined && !Number.isInteger(value))
    throw new Misused(`--${name} takes a whole number, not ${value}.`)
  return value
}

/** Wrong usage: said with the command's own usage, exit 2. */
export class Misused extends Error {
  override readonly name = 'Misused'
}
