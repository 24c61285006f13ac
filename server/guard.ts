/**
 * Two attacks that a page elsewhere can mount through the browser of somebody who sits at this machine:
 *
 * - DNS rebinding: a page of `evil.example` lets its own name resolve to 127.0.0.1 and then reads us as if we were its
 *   own server. A node that listens on loopback therefore answers only to names of this machine, and to those it is
 *   told (`MOSAIC_HOST_NAMES`, for a proxy in front of it).
 * - Cross-site requests: a page elsewhere posts to us. What changes something is refused unless it comes from our own
 *   page (`Sec-Fetch-Site`, W3C Fetch Metadata; else `Origin`), or from a program, which sends neither.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from './context.ts'
import { Refused } from './problems.ts'

export function guard(app: FastifyInstance, { isLoopback, hostNames }: Context): void {
  app.addHook('onRequest', async (request) => {
    if (isLoopback && !isOurs(request.headers.host, hostNames))
      throw new Refused(
        403,
        'server/unknown-host',
        'This node answers to the names of its own machine; MOSAIC_HOST_NAMES names others.',
      )
    if (!isReading(request) && isFromElsewhere(request))
      throw new Refused(403, 'server/cross-site', "Only the node's own page, or a program, may do this.")
  })
}

/** `127.0.0.1:8420`, `[::1]:8420`, `localhost`: without the port. */
const nameOf = (host: string): string => host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')

function isOurs(host: string | undefined, known: readonly string[]): boolean {
  if (host === undefined) return true // HTTP/1.0: no browser sends it so
  const name = nameOf(host.toLowerCase())
  return isLoopbackName(name) || name.endsWith('.localhost') || known.includes(name)
}

/** An address of this machine itself. */
export const isLoopbackName = (name: string): boolean =>
  name === 'localhost' || name === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)

const isReading = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD'

function isFromElsewhere({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const { origin } = headers
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}
