/**
 * What passes between a browser and the node beside the requests' bodies: three cookies (the session, the step between
 * two requests of a sign-in, and that somebody has signed in here before), and where the page stands.
 *
 * Over HTTPS the cookies carry the prefix `__Host-` (RFC 6265bis §4.1.3.2): the browser takes them only with Secure,
 * Path=/ and no Domain, so no neighbouring name can plant one. Over plain HTTP there is sign-in on this machine only.
 * HttpOnly keeps them from scripts, SameSite=Lax from requests that other pages make.
 */

import { isIP } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RelyingParty, Visitor } from '../../engines/access/index.ts'
import { isLoopbackName } from '../guard.ts'
import { Refused } from '../problems.ts'
import type { SignInParts } from './parts.ts'

type CookieKind = 'session' | 'step' | 'device'

const names = {
  secure: { session: '__Host-mosaic', step: '__Host-mosaic-step', device: '__Host-mosaic-device' },
  local: { session: 'mosaic', step: 'mosaic-step', device: 'mosaic-device' },
} as const

/** Undefined where no cookie of ours may travel. */
const channelOf = ({ protocol, hostname }: FastifyRequest): keyof typeof names | undefined => {
  if (protocol === 'https') return 'secure'
  return isLoopbackName(bare(hostname)) || bare(hostname).endsWith('.localhost') ? 'local' : undefined
}

const deviceSeconds = 180 * 24 * 60 * 60

const bare = (hostname: string): string => hostname.toLowerCase().replace(/^\[|\]$/g, '')

export function cookieOf(request: FastifyRequest, kind: CookieKind): string | undefined {
  const channel = channelOf(request)
  return channel && request.cookies[names[channel][kind]]
}

export function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: CookieKind,
  value: string | undefined,
): void {
  const channel = channelOf(request)
  if (channel === undefined) throw notSecure()
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: channel === 'secure' } as const
  reply.header('cache-control', 'no-store')
  if (value === undefined) reply.clearCookie(names[channel][kind], options)
  else
    reply.setCookie(
      names[channel][kind],
      value,
      kind === 'device' ? { ...options, maxAge: deviceSeconds } : options,
    )
}

export function demandSecure(request: FastifyRequest): void {
  if (channelOf(request) === undefined) throw notSecure()
}

const notSecure = (): Refused =>
  new Refused(
    403,
    'sign-in/not-secure',
    'Sign in over HTTPS. A proxy that ends TLS in front of the node must say so: X-Forwarded-Proto: https.',
  )

export const visitorOf = (request: FastifyRequest): Visitor => ({
  address: request.ip,
  agent: (request.headers['user-agent'] ?? 'unknown').replace(/[^\x20-\x7e]/g, ' ').slice(0, 200),
  session: cookieOf(request, 'session'),
  device: cookieOf(request, 'device'),
})

/** Only an address that the operator named, or this machine's own: the Host header is the asker's word. */
export function originOf(request: FastifyRequest, { publicUrl }: SignInParts): string {
  const { host, hostname, protocol } = request
  if (publicUrl !== undefined && new URL(publicUrl).host === host.toLowerCase())
    return new URL(publicUrl).origin
  if (isLoopbackName(bare(hostname))) return `${protocol}://${host.toLowerCase()}`
  if (publicUrl !== undefined) return new URL(publicUrl).origin
  throw new Refused(
    409,
    'sign-in/no-public-address',
    'The node does not know by which address it is reached; its operator sets publicUrl in mosaic.json.',
  )
}

/** Undefined where passkeys cannot be bound: to an IP address (WebAuthn level 3, §5.1.3), or to nothing that is known. */
export function partyOf(request: FastifyRequest, parts: SignInParts): RelyingParty | undefined {
  const { publicUrl } = parts
  if (publicUrl === undefined && !isLoopbackName(bare(request.hostname))) return undefined
  const origin = originOf(request, parts)
  const rpId = bare(new URL(origin).hostname)
  return isIP(rpId) === 0 ? { origin, rpId } : undefined
}

export function demandParty(request: FastifyRequest, parts: SignInParts): RelyingParty {
  const party = partyOf(request, parts)
  if (party) return party
  throw new Refused(
    409,
    'sign-in/no-passkeys-here',
    'Passkeys are bound to a name. Open the page by its name (http://localhost instead of 127.0.0.1), or set publicUrl in mosaic.json.',
  )
}
