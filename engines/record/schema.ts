/**
 * Record types: `owner.name`, a version, a TypeBox schema for the body, and migrations between versions.
 * One definition gives the static type, the validator, and the JSON Schema that peers can read.
 */
import type { Static, TSchema } from 'typebox'

export type Migration = {
  /** The version that `up` leads to; `down` leads back to `to - 1`. */
  readonly to: number
  readonly up: (body: unknown) => unknown
  readonly down: (body: unknown) => unknown
}

export type RecordDefinition<Schema extends TSchema = TSchema> = {
  readonly type: string
  readonly schemaVersion: number
  /** The standards whose words the body uses, for example `QuakeML 1.2`. */
  readonly terms?: string
  readonly body: Schema
  readonly migrations?: readonly Migration[]
  /** Ids become a keyed hash with the node's secret, so that a guessable key cannot be confirmed by trying. */
  readonly confidential?: boolean
}

export type BodyOf<Definition extends RecordDefinition> = Static<Definition['body']>

export const defineRecord = <Schema extends TSchema>(
  definition: RecordDefinition<Schema>,
): RecordDefinition<Schema> => definition
