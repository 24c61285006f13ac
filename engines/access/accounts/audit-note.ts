/**
 * What of the accounts belongs on the audit trail. A person's own acts stand under their name; what an operator does at
 * the machine stands under the node, with the user it was done to. Attempts at names that nobody has are for the log
 * alone: the trail is kept for years, and anybody can make them.
 */
import type { AuditAct, Noted } from '../audit/index.ts'
import type { Principal } from '../contract.ts'
import type { AccountHappening } from './contract.ts'

type Kind = AccountHappening['kind']

const acts: Readonly<Record<Kind, AuditAct>> = {
  'signed-in': 'sign-in',
  'sign-in-refused': 'sign-in',
  'sign-in-held-back': 'sign-in',
  'code-replayed': 'sign-in',
  'codes-shut': 'sign-in',
  'passkey-copied': 'sign-in',
  'provider-failed': 'sign-in',
  'signed-out': 'sign-out',
  'means-changed': 'administer',
  enrolled: 'administer',
  'user-added': 'administer',
  'user-changed': 'administer',
  'user-disabled': 'administer',
  'user-enabled': 'administer',
  'user-reset': 'administer',
  'token-added': 'administer',
  'token-revoked': 'administer',
}

const refusals: ReadonlySet<Kind> = new Set<Kind>([
  'sign-in-refused',
  'code-replayed',
  'codes-shut',
  'passkey-copied',
])

/** Undefined for what does not belong there. */
export function notedOf({ kind, account, what }: AccountHappening, node: string): Noted | undefined {
  if (account === undefined) return undefined
  const isOperators = kind.startsWith('user-')
  return {
    asking: {
      principal: named(isOperators ? 'node' : 'person', isOperators ? `node:${node}` : account),
      purpose: 'public',
    },
    act: acts[kind],
    outcome: refusals.has(kind) ? 'refused' : 'done',
    reason: what === undefined ? kind : `${kind}: ${what}`,
    ...(isOperators ? { query: { user: account } } : {}),
  }
}

/** A name on the trail; nothing is asked for by it. */
const named = (kind: 'node' | 'person', id: string): Principal => ({
  kind,
  id,
  standing: 'home',
  roles: [],
  clearances: [],
  purposes: [],
  police: [],
})
