/**
 * Whose message it is: by its sender, never by the address it was fetched from, because several services share a feed
 * and several feeds carry one service. A sender that the register does not name is its own authority, and says so.
 */
import { type CapPolicy, defaultCapPolicy } from '../../formats/index.ts'
import type { Authority, Register } from './contract.ts'

export type AuthorityOf = (sender: string) => Authority | undefined

/** Exact senders first, then hosts; built once for a register. */
export function authoritiesOf({ authorities }: Pick<Register, 'authorities'>): AuthorityOf {
  const bySender = new Map(
    authorities.flatMap((each) => each.senders.map((sender) => [sender, each] as const)),
  )
  const byHost = new Map(
    authorities.flatMap((each) => each.hosts.map((host) => [host.toLowerCase(), each] as const)),
  )
  return (sender) => {
    const exact = bySender.get(sender)
    if (exact !== undefined) return exact
    for (let host = hostOf(sender); host !== undefined; host = parentOf(host)) {
      const found = byHost.get(host)
      if (found !== undefined) return found
    }
    return undefined
  }
}

export const authorityId = (of: AuthorityOf, sender: string): string => of(sender)?.id ?? `sender:${sender}`

export const policyBy =
  (of: AuthorityOf) =>
  (sender: string | undefined): CapPolicy =>
    (sender === undefined ? undefined : of(sender)?.policy) ?? defaultCapPolicy

/** Of an address of the web or of mail, or a bare host name. */
export function hostOf(sender: string): string | undefined {
  const host = URL.parse(sender)?.hostname || sender.split('@').at(-1) || ''
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(host) ? host.toLowerCase() : undefined
}

const parentOf = (host: string): string | undefined => {
  const dot = host.indexOf('.')
  return dot === -1 ? undefined : host.slice(dot + 1)
}
