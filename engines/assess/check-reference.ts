/**
 * Reference cases through our own code: any file in the self-describing format (`method`, `input`, `params`,
 * `expected`, `tolerance`), so that every institution can validate its own installation.
 *
 * A folder is read recursively for `cases/*.json`; where it holds no folder `cases`, for every `*.json` but INDEX.json.
 * Results come in the order of the paths, files of a folder sorted by name. A method that nobody registered is
 * `unknown` and neither passes nor fails, unless it was asked for by name. A file that cannot be read as a case is
 * `malformed` and fails; the others still run.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { compareValues, type Departed, type Farthest } from './compare-values.ts'
import type { ReferenceCase, ReferenceMethod } from './contract.ts'
import { stateTolerance } from './tolerance.ts'

export type ReferenceResult = {
  readonly id: string
  readonly method: string
  readonly status: 'passed' | 'failed' | 'unknown' | 'malformed'
  /** `null`: not judged, because no code here has the method. */
  readonly passed: boolean | null
  /** How many expected values were compared. */
  readonly values: number
  /** The value farthest from its expectation, measured in tolerances; also where all pass. */
  readonly worst?: Farthest
  /** Values not judged, because our method can show that the reference is wrong there. */
  readonly departures?: readonly Departed[]
  readonly file: string
  /** What is wrong and what to do, where there was nothing to compare. */
  readonly message?: string
}

export type ReferenceOptions = {
  /** Only cases of this method; then having no code for it is a failure. */
  readonly method?: string
}

export async function* checkReference(
  paths: readonly string[],
  methods: readonly ReferenceMethod[],
  options: ReferenceOptions = {},
): AsyncIterable<ReferenceResult> {
  const byName = new Map(methods.map((method) => [method.method, method]))
  let found = 0
  for (const path of paths) {
    const files = await caseFiles(path)
    if (files.length === 0)
      yield malformed(path, 'There is no case file here; name a case or a folder of cases.')
    for (const file of files) {
      const result = await checkFile(file, byName, options)
      if (result === undefined) continue
      found += 1
      yield result
    }
  }
  if (options.method !== undefined && found === 0)
    yield {
      ...malformed(paths.join(' '), 'No case of this method was found; check its name and the paths.'),
      method: options.method,
    }
}

async function checkFile(
  file: string,
  methods: ReadonlyMap<string, ReferenceMethod>,
  options: ReferenceOptions,
): Promise<ReferenceResult | undefined> {
  const read = await readCase(file)
  if (typeof read === 'string') return malformed(file, read)
  if (options.method !== undefined && read.method !== options.method) return undefined
  const method = methods.get(read.method)
  if (method !== undefined) return run(file, read, method)
  return {
    id: read.id,
    method: read.method,
    status: 'unknown',
    passed: options.method === undefined ? null : false,
    values: 0,
    file,
    message: 'No code here has this method.',
  }
}

async function run(file: string, one: ReferenceCase, method: ReferenceMethod): Promise<ReferenceResult> {
  const head = { id: one.id, method: one.method, file }
  try {
    const got = await method.run(one, (path) => readFile(resolve(dirname(file), path), 'utf8'))
    const tolerance = stateTolerance(one.tolerance, one.expected, method.namedAs)
    const { values, passed, worst, departures } = compareValues(one.expected, got, tolerance)
    const status = passed ? 'passed' : 'failed'
    const empty = values === 0 ? { message: 'The case expects no value, so it shows nothing.' } : {}
    const farthest = worst === undefined ? {} : { worst }
    const departed = departures === undefined ? {} : { departures }
    return { ...head, status, passed, values, ...farthest, ...departed, ...empty }
  } catch (error) {
    const message = `The method could not run on this input: ${error instanceof Error ? error.message : String(error)}`
    return { ...head, status: 'failed', passed: false, values: 0, message }
  }
}

/** The case, or in words why the file is none. */
async function readCase(file: string): Promise<ReferenceCase | string> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    return `Not readable as JSON: ${error instanceof Error ? error.message : String(error)}`
  }
  if (!isObject(value)) return 'A case is a JSON object.'
  if (Array.isArray(value.params) && value.params.length === 0) value = { ...value, params: {} } // R's empty list
  return asCase(value)
}

function asCase(value: unknown): ReferenceCase | string {
  if (!isObject(value)) return 'A case is a JSON object.'
  for (const key of ['id', 'topic', 'method'])
    if (typeof value[key] !== 'string') return `A case needs "${key}" as text.`
  for (const key of ['input', 'expected'])
    if (!isObject(value[key])) return `A case needs "${key}" as an object.`
  for (const key of ['params', 'tolerance'])
    if (value[key] !== undefined && !isObject(value[key]))
      return `"${key}" of a case is an object, or left out.`
  return value as unknown as ReferenceCase
}

async function caseFiles(path: string): Promise<readonly string[]> {
  const about = await stat(path).catch(() => undefined) // absent: no files, which the caller reports
  if (about === undefined) return []
  if (!about.isDirectory()) return [path]
  const all = (await readdir(path, { recursive: true }))
    .filter((name) => name.endsWith('.json') && basename(name) !== 'INDEX.json')
    .map((name) => join(path, name))
    .sort()
  const inCases = all.filter((name) => basename(dirname(resolve(name))) === 'cases')
  return inCases.length > 0 ? inCases : all
}

const malformed = (file: string, message: string): ReferenceResult => ({
  id: basename(file, '.json'),
  method: '',
  status: 'malformed',
  passed: false,
  values: 0,
  file,
  message,
})

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
