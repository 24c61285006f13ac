/**
 * Acts: which role may do what. Roles say nothing about seeing records (`policy.ts` does); they say who may decide, pass
 * on, take back, and run the node. Duties are kept apart: who runs the node (administrator) decides nothing in the
 * matter; who oversees reads trails and figures and changes nothing; what one proposed or did alone is approved or
 * reviewed by a second person.
 *
 * A token holds at most the roles of who made it, and never what asks for a person. A peer node acts by no role: what it
 * may do stands in the exchange. A new act gets a line here or it does not compile.
 */
import type { Principal, Role } from './contract.ts'

type ActRule = {
  readonly roles: readonly Role[]
  /** Somebody signed in, in person. */
  readonly inPerson?: true
  /** Somebody else than who did what is now approved or reviewed. */
  readonly secondPerson?: true
  /** What the act is, as a refusal says it. */
  readonly says: string
}

const everyRole: readonly Role[] = [
  'public',
  'reader',
  'analyst',
  'duty-officer',
  'approver',
  'liaison',
  'publisher',
  'oversight',
  'administrator',
]
const signedIn: readonly Role[] = everyRole.filter((role) => role !== 'public')

export const actTable = {
  'read-records': { roles: everyRole, says: 'read what the policy lets through' },
  'export-records': {
    roles: ['analyst', 'duty-officer', 'approver', 'liaison', 'publisher'],
    says: 'export records',
  },
  'ask-region': { roles: ['analyst', 'duty-officer', 'approver', 'liaison'], says: 'ask the peers' },
  'make-own-token': { roles: signedIn, inPerson: true, says: 'make an API token' },

  'decide-fusion': { roles: ['analyst', 'duty-officer'], says: 'join or part reports' },
  'write-records': { roles: ['analyst', 'duty-officer', 'liaison'], says: 'write records' },
  'decide-warning': { roles: ['duty-officer'], inPerson: true, says: 'decide on a warning' },
  'see-desk': {
    roles: ['duty-officer', 'approver'],
    inPerson: true,
    says: 'see the drafts of the warning desk',
  },
  'approve-warning': {
    roles: ['approver'],
    inPerson: true,
    secondPerson: true,
    says: 'approve what another decided',
  },
  'run-exercise': { roles: ['duty-officer', 'administrator'], says: 'run an exercise' },
  'publish-text': { roles: ['publisher'], inPerson: true, says: 'publish reviewed texts' },
  'settle-quarantine': {
    roles: ['analyst', 'duty-officer', 'administrator'],
    says: 'settle what is held in quarantine',
  },

  'release-record': { roles: ['approver'], inPerson: true, says: 'release evidence to a wider audience' },
  'recall-record': {
    roles: ['liaison', 'approver', 'duty-officer'],
    inPerson: true,
    says: 'withdraw or tighten a record everywhere',
  },
  'give-consent': { roles: ['liaison', 'approver'], inPerson: true, says: 'consent to passing on' },
  'see-recalls': {
    roles: ['liaison', 'approver', 'duty-officer', 'oversight'],
    says: 'see who has confirmed a recall',
  },
  'ask-hit': { roles: ['analyst', 'duty-officer', 'liaison'], inPerson: true, says: 'ask hit or no hit' },

  'break-glass': {
    roles: ['analyst', 'duty-officer', 'liaison'],
    inPerson: true,
    says: 'see in an emergency what the policy keeps back',
  },
  'review-broken-glass': {
    roles: ['oversight', 'approver'],
    inPerson: true,
    secondPerson: true,
    says: 'review an emergency access',
  },
  'read-audit-trail': { roles: ['oversight'], inPerson: true, says: 'read the audit trail' },
  'read-audit-figures': { roles: ['oversight', 'administrator'], says: 'read the figures of the audit' },
  'see-who-looked': {
    roles: ['liaison', 'analyst', 'duty-officer', 'approver', 'oversight'],
    says: 'see who looked at a record of one’s own organisation',
  },
  'answer-data-subject': {
    roles: ['liaison', 'administrator'],
    inPerson: true,
    says: 'answer a request for access or correction by the person concerned',
  },

  'manage-users': { roles: ['administrator'], inPerson: true, says: 'manage users, roles and clearances' },
  'manage-peers': {
    roles: ['administrator'],
    inPerson: true,
    says: 'manage peers and what they may receive',
  },
  'see-peers': {
    roles: ['administrator', 'liaison', 'duty-officer', 'oversight'],
    says: 'see the state of peers',
  },
  'manage-keys': { roles: ['administrator'], inPerson: true, says: 'rotate or revoke keys' },
  'recover-keys': {
    roles: ['administrator', 'approver'],
    inPerson: true,
    secondPerson: true,
    says: 'recover the node’s key',
  },
  'back-up': { roles: ['administrator'], says: 'make or restore a backup' },
} as const satisfies Readonly<Record<string, ActRule>>

export type Act = keyof typeof actTable

export type ActDecision =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly act: Act; readonly because: ActRefusal }

export type ActRefusal =
  | { readonly code: 'access/role-missing'; readonly needs: readonly Role[]; readonly has: readonly Role[] }
  | { readonly code: 'access/person-needed'; readonly is: Principal['kind'] }
  | { readonly code: 'access/second-person-needed'; readonly first: string }

export const acts = Object.keys(actTable) as readonly Act[]

/** `first`: who did what is now approved or reviewed; leave out only for acts that need no second person. */
export function mayAct(principal: Principal, act: Act, first?: string): ActDecision {
  const because = refusal(principal, actTable[act], first)
  return because === undefined ? { kind: 'allowed' } : { kind: 'refused', act, because }
}

function refusal(principal: Principal, rule: ActRule, first?: string): ActRefusal | undefined {
  const { kind, id, roles } = principal
  if (kind === 'node' || !rule.roles.some((role) => roles.includes(role)))
    return { code: 'access/role-missing', needs: rule.roles, has: roles }
  if (rule.inPerson && kind !== 'person') return { code: 'access/person-needed', is: kind }
  if (rule.secondPerson && (first === undefined || first === id))
    return { code: 'access/second-person-needed', first: first ?? 'not said' }
  return undefined
}

/** One sentence for whoever is refused. */
export function sayRefusedAct(act: Act, because: ActRefusal): string {
  const { says } = actTable[act]
  switch (because.code) {
    case 'access/role-missing':
      return `To ${says} takes the role ${because.needs.join(' or ')}; ask the administrator of this node.`
    case 'access/person-needed':
      return `To ${says} takes a person who has signed in, not a ${because.is}.`
    case 'access/second-person-needed':
      return `To ${says} takes a second person, not the one who did it (${because.first}).`
  }
}
