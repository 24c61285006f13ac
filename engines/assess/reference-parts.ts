/** Reading the parts of a reference case; what is not there is an error that names it. */
import { MosaicError } from '../record/index.ts'

export class CaseIncomplete extends MosaicError {
  override readonly name = 'CaseIncomplete'
  override readonly code = 'assess/reference-case-incomplete'
}

type Fields = Readonly<Record<string, unknown>>

export function listAt(fields: Fields, key: string): readonly unknown[] {
  const value = fields[key]
  if (!Array.isArray(value)) throw new CaseIncomplete(`The case needs "${key}" as a list.`)
  return value
}

export function numberAt(fields: Fields, key: string): number {
  const value = fields[key]
  if (typeof value !== 'number') throw new CaseIncomplete(`The case needs "${key}" as a number.`)
  return value
}

export function textAt(fields: Fields, key: string): string {
  const value = fields[key]
  if (typeof value !== 'string') throw new CaseIncomplete(`The case needs "${key}" as text.`)
  return value
}

/** One column of a plain CSV (no quoting: codes and numbers only) by its name in the first line. */
export function columnOf(csv: string, name: string): readonly string[] {
  const [head = '', ...lines] = csv.trim().split(/\r?\n/)
  const at = head.split(',').indexOf(name)
  if (at < 0) throw new CaseIncomplete(`The table has no column "${name}".`)
  return lines.map((line) => line.split(',')[at] ?? '')
}
