/** The two questions that any list or detail may be asked: of which realm, and as known when; and the page's cursor. */
import { type Instant, instant, isRealm, type Realm } from '../engines/record/index.ts'
import type { Context } from './context.ts'
import { Refused } from './problems.ts'

export type View = { readonly realm: Realm; readonly knownAt?: Instant }

export function viewOf(
  context: Context,
  asked: { readonly realm?: string | undefined; readonly knownAt?: string | undefined },
): View {
  const realm = asked.realm ?? context.defaultRealm
  if (!isRealm(realm))
    throw new Refused(400, 'server/no-realm', `"${realm}" is no realm: actual, test, or exercise:NAME.`)
  return { realm, ...(asked.knownAt === undefined ? {} : { knownAt: instantOf(asked.knownAt, 'knownAt') }) }
}

export function instantOf(value: string, name: string): Instant {
  try {
    return instant(value)
  } catch {
    throw new Refused(
      400,
      'server/no-instant',
      `${name} takes an instant with its zone, such as 2019-11-26T03:10:00Z.`,
    )
  }
}

/** A cursor is opaque to the asker: base64url of where the page before ended. */
export const cursorOf = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url')

export function placeOf(cursor: string | undefined): readonly (string | number)[] | undefined {
  if (cursor === undefined) return undefined
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(place) && place.every((part) => typeof part === 'string' || typeof part === 'number'))
      return place
  } catch {
    // not one of ours: refused below
  }
  throw noCursor()
}

export const noCursor = (): Refused =>
  new Refused(400, 'server/no-cursor', 'This cursor was not given by this node; start again without one.')

/** What "now" is in a realm: the scenario's time in the realm of the open replay, the node's clock elsewhere. */
export function nowIn(context: Context, { realm, knownAt }: View): Instant {
  if (knownAt !== undefined) return knownAt
  const { replay, node } = context
  return replay && replay.scenario.realm === realm ? replay.setting.clock.now() : node.clock.now()
}
