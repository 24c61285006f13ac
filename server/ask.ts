/** The two questions that any list or detail may be asked: of which realm, and as known when; and the page's cursor. */

import type { FastifyRequest } from 'fastify'
import { type Instant, instant, isRealm, type Realm } from '../engines/record/index.ts'
import type { Context } from './context.ts'
import { Refused } from './problems.ts'
import type { Bound, Place } from './tokens.ts'

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

/** The cursors of one route, for one asker, in one realm: opaque to all, and good for nothing else (`tokens.ts`). */
export type Cursors = {
  readonly cursorOf: (place: Place) => string
  /** Undefined where none was given; refused where it is not one of these. */
  readonly placeOf: (cursor: string | undefined) => Place | undefined
}

export function cursorsOf({ tokens }: Context, request: FastifyRequest, realm: string): Cursors {
  const bound = boundTo(request, realm)
  return {
    cursorOf: (place) => tokens.seal(place, bound),
    placeOf(cursor) {
      if (cursor === undefined) return undefined
      const place = tokens.open(cursor, bound)
      if (!place) throw noCursor()
      return place
    },
  }
}

export const boundTo = ({ asking, routeOptions }: FastifyRequest, realm: string): Bound => ({
  principal: asking.principal.id,
  realm,
  route: routeOptions.url ?? '',
})

export const noCursor = (): Refused =>
  new Refused(
    400,
    'server/no-cursor',
    'This cursor was not given to you for this list; start again without one.',
  )

/** What "now" is in a realm: the scenario's time in the realm of the open replay, the node's clock elsewhere. */
export function nowIn(context: Context, { realm, knownAt }: View): Instant {
  if (knownAt !== undefined) return knownAt
  const { replay, node } = context
  return replay && replay.scenario.realm === realm ? replay.setting.clock.now() : node.clock.now()
}
