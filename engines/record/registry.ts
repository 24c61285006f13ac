/**
 * The schema registry: which record types a node knows, in which version, and how a body passes from one version to the
 * next and back. Types that it does not know travel all the same: stored, verified, forwarded, shown plainly.
 */
import { Compile, type Validator } from 'typebox/compile'
import { schemaIssues } from './check.ts'
import { type Issue, MosaicError } from './errors.ts'
import type { Migration, RecordDefinition } from './schema.ts'

/** A declaration of a record type that cannot stand: thrown at start, where the pack's author reads it. */
export class InvalidDefinition extends MosaicError {
  override readonly name = 'InvalidDefinition'
  override readonly code = 'record/invalid-definition'
}

export type Migrated =
  | { readonly kind: 'migrated'; readonly body: unknown; readonly schemaVersion: number }
  /** The type is not known here: the body is shown as it came. */
  | { readonly kind: 'unknown-type' }
  /** Newer than this node's definition, or older than its first migration. */
  | { readonly kind: 'no-path'; readonly from: number; readonly to: number }

export type Registry = {
  readonly definition: (type: string) => RecordDefinition | undefined
  readonly definitions: () => readonly RecordDefinition[]
  /** 1 for a type that is not known here. */
  readonly schemaVersion: (type: string) => number
  readonly isConfidential: (type: string) => boolean
  /** What the type's schema has against a body; nothing for an unknown type or another version of it. */
  readonly check: (type: string, body: unknown, schemaVersion?: number) => readonly Issue[]
  readonly migrate: (type: string, body: unknown, from: number, to?: number) => Migrated
  /** JSON Schema 2020-12 of the newest version, for peers to read. */
  readonly jsonSchema: (type: string) => object | undefined
}

export function createRegistry(definitions: readonly RecordDefinition[] = []): Registry {
  const known = new Map<string, { readonly definition: RecordDefinition; readonly validator: () => Checks }>()
  for (const definition of definitions) {
    refuseUnsound(definition, known.has(definition.type))
    known.set(definition.type, { definition, validator: once(() => Compile(definition.body) as Checks) })
  }
  const schemaVersion = (type: string) => known.get(type)?.definition.schemaVersion ?? 1

  return {
    definition: (type) => known.get(type)?.definition,
    definitions: () => [...known.values()].map(({ definition }) => definition),
    schemaVersion,
    isConfidential: (type) => known.get(type)?.definition.confidential === true,
    check(type, body, version = schemaVersion(type)) {
      const found = known.get(type)
      if (found === undefined || version !== found.definition.schemaVersion) return []
      return schemaIssues(found.validator(), body, 'record/body', '/body')
    },
    migrate(type, body, from, to = schemaVersion(type)) {
      const found = known.get(type)
      return found === undefined ? { kind: 'unknown-type' } : migrate(found.definition, body, from, to)
    },
    jsonSchema(type) {
      const found = known.get(type)?.definition
      return found && { $schema: dialect, $id: `mosaic:${type}:${found.schemaVersion}`, ...plain(found.body) }
    },
  }
}

type Checks = Pick<Validator, 'Check' | 'Errors'>
const dialect = 'https://json-schema.org/draft/2020-12/schema'
const plain = (schema: object): object => JSON.parse(JSON.stringify(schema))

/** Compiling a schema takes milliseconds: only for the types that a process meets. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function migrate(definition: RecordDefinition, body: unknown, from: number, to: number): Migrated {
  const steps = path(definition.migrations ?? [], from, to)
  if (steps === undefined) return { kind: 'no-path', from, to }
  const moved = steps.reduce((value, step) => (to > from ? step.up(value) : step.down(value)), body)
  return { kind: 'migrated', body: moved, schemaVersion: to }
}

/** The migrations to take, in order; undefined when one is missing. */
function path(migrations: readonly Migration[], from: number, to: number): readonly Migration[] | undefined {
  const [low, high] = from < to ? [from, to] : [to, from]
  const steps = Array.from({ length: high - low }, (_, n) =>
    migrations.find((step) => step.to === low + n + 1),
  )
  if (!steps.every((step) => step !== undefined)) return undefined
  return from < to ? steps : steps.reverse()
}

function refuseUnsound({ type, schemaVersion, migrations = [] }: RecordDefinition, isTaken: boolean): void {
  if (!/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/.test(type))
    throw new InvalidDefinition(`"${type}" is not a record type; write owner.name, lower case.`)
  if (isTaken) throw new InvalidDefinition(`${type} is declared twice; keep one of the two.`)
  if (!Number.isInteger(schemaVersion) || schemaVersion < 1)
    throw new InvalidDefinition(`${type} has schema version ${schemaVersion}; count from 1.`)
  const missing = Array.from({ length: schemaVersion - 1 }, (_, n) => n + 2).find(
    (to) => migrations.filter((step) => step.to === to).length !== 1,
  )
  if (missing !== undefined)
    throw new InvalidDefinition(`${type} needs exactly one migration to version ${missing}; add it.`)
}
