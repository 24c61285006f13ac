/** Whom the message is for (CAP 1.2 §3.2.1 scope, restriction, addresses) and what the public must be told. */
import { field, fields } from '../node.ts'
import { at, type CapRule, isPublicWarning } from './rule.ts'

const publicClause = 'WMO guidance and common public profiles on CAP 1.2 §3.2.2'

export const scopeRules: readonly CapRule[] = [
  {
    rule: 'cap/restriction-missing',
    clause: 'CAP 1.2 §3.2.1 restriction',
    says: 'A restricted message must say what the restriction is.',
    *check({ root }) {
      const scope = field(root, 'scope')
      if (scope?.value === 'Restricted' && field(root, 'restriction') === undefined) yield at(scope)
    },
  },
  {
    rule: 'cap/restriction-without-restricted',
    clause: 'CAP 1.2 §3.2.1 restriction',
    says: 'A restriction is stated but the scope is not Restricted. Treat the message with care.',
    *check({ root }) {
      const restriction = field(root, 'restriction')
      if (restriction !== undefined && field(root, 'scope')?.value !== 'Restricted') yield at(restriction)
    },
  },
  {
    rule: 'cap/addresses-missing',
    clause: 'CAP 1.2 §3.2.1 addresses',
    says: 'A private message must name whom it is for.',
    *check({ root }) {
      const scope = field(root, 'scope')
      if (scope?.value === 'Private' && field(root, 'addresses') === undefined) yield at(scope)
    },
  },
  {
    rule: 'cap/public-without-info',
    clause: 'CAP 1.2 §3.1.2',
    says: 'A public alert or update tells the public nothing: it has no info block.',
    *check(message) {
      if (isPublicWarning(message) && message.infos.length === 0) yield at(message.root)
    },
  },
  lacks(
    'cap/public-without-expires',
    'expires',
    'No end is stated. Readers assume 24 hours after it was sent.',
  ),
  lacks('cap/public-without-description', 'description', 'Nothing describes the hazard.'),
  lacks('cap/public-without-area', 'area', 'No area is named.'),
  {
    rule: 'cap/area-without-shape',
    clause: publicClause,
    says: 'The area has neither polygon, circle nor code: no machine can tell who is inside.',
    *check(message) {
      if (!isPublicWarning(message)) return
      for (const info of message.infos) {
        for (const area of fields(info, 'area')) {
          if (!['polygon', 'circle', 'geocode'].some((name) => field(area, name) !== undefined))
            yield { place: area.path, value: field(area, 'areaDesc')?.value ?? '' }
        }
      }
    },
  },
]

function lacks(rule: string, name: string, says: string): CapRule {
  return {
    rule,
    clause: publicClause,
    says,
    *check(message) {
      if (!isPublicWarning(message)) return
      for (const info of message.infos)
        if (field(info, name) === undefined) yield { place: info.path, value: '' }
    },
  }
}
