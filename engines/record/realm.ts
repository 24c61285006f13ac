/**
 * Realms keep what is real apart from what is played: `actual`, `test`, or one exercise by name. The realm is set when
 * something enters and never changes; what is derived stays in the realm of its inputs.
 */
import { InvalidRecord } from './errors.ts'
import type { NodeId, Realm } from './record.ts'

const exerciseShape = /^exercise:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** RFC 1123 host name, lower case: labels of up to 63, 253 in all. */
const nodeShape =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/

export const actual = 'actual' as Realm
export const testRealm = 'test' as Realm

export const isRealm = (value: unknown): value is Realm =>
  typeof value === 'string' && (value === actual || value === testRealm || exerciseShape.test(value))

export function realm(text: string): Realm {
  if (isRealm(text)) return text
  throw new InvalidRecord(
    `"${text}" is not a realm: write actual, test, or exercise: and a name of letters a-z, digits and hyphens.`,
  )
}

/** The realm of one exercise, from its name: `durres-2019` → `exercise:durres-2019`. */
export const exercise = (name: string): Realm => realm(`exercise:${name}`)

/** The name of the exercise, undefined when the realm is none. */
export const exerciseOf = (of: Realm): string | undefined =>
  of.startsWith('exercise:') ? of.slice('exercise:'.length) : undefined

export const isNodeId = (value: unknown): value is NodeId =>
  typeof value === 'string' && nodeShape.test(value)

export function nodeId(text: string): NodeId {
  if (isNodeId(text)) return text
  throw new InvalidRecord(
    `"${text}" is not a node's name: write it like a host name, lower case (durres.example).`,
  )
}
