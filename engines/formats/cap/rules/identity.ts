/** Who says it, and under which name (CAP 1.2 §3.2.1 identifier, sender). */
import { field } from '../node.ts'
import { at, type CapRule } from './rule.ts'

const forbidden = /[\s,<&]/
const says = 'No space, comma, "<" or "&" may stand here: references could not name this message.'

export const identityRules: readonly CapRule[] = [
  {
    rule: 'cap/identifier-characters',
    clause: 'CAP 1.2 §3.2.1 identifier',
    says,
    *check({ root }) {
      const node = field(root, 'identifier')
      if (node !== undefined && forbidden.test(node.value)) yield at(node)
    },
  },
  {
    rule: 'cap/sender-characters',
    clause: 'CAP 1.2 §3.2.1 sender',
    says,
    *check({ root }) {
      const node = field(root, 'sender')
      if (node !== undefined && forbidden.test(node.value)) yield at(node)
    },
  },
  {
    rule: 'cap/identifier-authority-arc',
    clause: 'WMO No. 1109 (Register of Alerting Authorities): 2.49.0.1 for alerts',
    says: 'The arc 2.49.0.0 names authorities; alerts use 2.49.0.1. The identifier was kept as it is.',
    *check({ root }) {
      const node = field(root, 'identifier')
      if (node !== undefined && /^(urn:oid:)?2\.49\.0\.0(\.|$)/i.test(node.value)) yield at(node)
    },
  },
  {
    rule: 'cap/sender-unknown',
    clause: 'policy of this node: knownSenders',
    says: 'This sender is not on the list of those who may speak in this feed.',
    *check({ root, policy }) {
      const node = field(root, 'sender')
      if (policy.knownSenders === undefined || node === undefined) return
      if (!policy.knownSenders.includes(node.value)) yield { ...at(node), withhold: true }
    },
  },
]
