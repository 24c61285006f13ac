/** A refusal in data: which rule, what the record's handling asks, what the principal has. Names no content. */
import { type Handling, unreachable } from '../record/index.ts'
import type { Asking, PolicyRule, Principal, RefusalReason } from './contract.ts'
import { communitiesFor, rankOf, standingNames } from './principals.ts'

export const refusalOf = (rule: PolicyRule, asking: Asking, handling: Handling): RefusalReason => ({
  rule,
  asks: asks(rule, handling),
  has: has(rule, asking),
})

function asks(rule: PolicyRule, handling: Handling): string {
  switch (rule) {
    case 'label':
      return handling.tlp
    case 'audience':
      return `audience: ${listed(handling.audience, 'nobody', 'anybody')}`
    case 'purpose':
      return `purposes: ${listed(handling.purposes, 'none', 'any')}`
    case 'police-code':
      return `police codes: ${listed(handling.police, 'none', 'none')}`
    case 'embargo':
      return handling.embargoUntil === undefined ? 'no embargo' : `embargo until ${handling.embargoUntil}`
    case 'retention':
      return handling.retainUntil === undefined ? 'no end' : `kept until ${handling.retainUntil}`
    case 'originator-control':
      return handling.originatorControl === true ? 'the originator’s consent to pass it on' : 'no consent'
    default:
      return unreachable(rule)
  }
}

function has(rule: PolicyRule, { principal, purpose, now, embargoNow }: Asking): string {
  switch (rule) {
    case 'label':
      return `${standingOf(principal)}, ${clearanceOf(principal)}`
    case 'audience':
      return `names: ${listed([...standingNames(principal), ...communitiesFor(principal, 'TLP:CLEAR')], 'none')}`
    case 'purpose':
      return `asks for ${purpose}, may ask for ${listed(principal.purposes, 'none')}`
    case 'police-code':
      return `asks for ${purpose}, may ask for ${listed(principal.purposes, 'none')}, accepted ${listed(principal.police, 'no code')}`
    case 'embargo':
      return `it is ${embargoNow} by what is attested`
    case 'retention':
      return `it is ${now}`
    case 'originator-control':
      return 'no consent'
    default:
      return unreachable(rule)
  }
}

function standingOf({ kind, organisation, standing }: Principal): string {
  if (kind === 'public') return 'the public'
  const where = { home: 'of this node', client: 'served by this node', guest: 'guest of this node' }[standing]
  return organisation === undefined ? where : `${organisation}, ${where}`
}

function clearanceOf({ clearances }: Principal): string {
  if (clearances.length === 0) return 'no clearance'
  const highest = clearances.toSorted((a, b) => rankOf(b.upTo) - rankOf(a.upTo))
  return `cleared for ${highest.map(({ upTo, community }) => `${upTo} in ${community}`).join(', ')}`
}

const listed = (items: readonly string[] | undefined, empty: string, absent = empty): string => {
  if (items === undefined) return absent
  return items.length === 0 ? empty : items.join(', ')
}
