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

export function objectAt(fields: Fields, key: string): Fields {
  const value = fields[key]
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CaseIncomplete(`The case needs "${key}" as an object.`)
  return value as Fields
}

/** `input.columns` as rows. */
export function columnsOf(input: Fields): readonly Fields[] {
  const columns = objectAt(input, 'columns')
  const names = Object.keys(columns)
  const [first] = names
  if (first === undefined) throw new CaseIncomplete('The case has no columns.')
  return listAt(columns, first).map((_, row) =>
    Object.fromEntries(names.map((name) => [name, listAt(columns, name)[row]])),
  )
}

/** Rows of a plain CSV (no quoting: codes and numbers only) by the names in its first line. */
export function csvRows(text: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = text.trim().split(/\r?\n/)
  const names = head.split(',')
  return lines.map((line) => {
    const values = line.split(',')
    return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']))
  })
}

/** One column of a plain CSV (no quoting: codes and numbers only) by its name in the first line. */
export function columnOf(csv: string, name: string): readonly string[] {
  const [head = '', ...lines] = csv.trim().split(/\r?\n/)
  const at = head.split(',').indexOf(name)
  if (at < 0) throw new CaseIncomplete(`The table has no column "${name}".`)
  return lines.map((line) => line.split(',')[at] ?? '')
}
