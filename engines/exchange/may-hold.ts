/** Our own policy, asked of what a peer sends: does its handling let this node have it? */
import { nodePrincipal, reader } from '../access/index.ts'
import type { Instant, Issue } from '../record/index.ts'
import type { ExchangeOptions } from './options.ts'
import type { MayHold } from './verify.ts'

/** As a peer's giver sees us: a guest, by name, organisation and clearances. Embargoes are judged when somebody asks. */
export function mayHoldOf({ keys, self }: Pick<ExchangeOptions, 'keys' | 'self'>, now: Instant): MayHold {
  const { organisation, purposes = [], police = [] } = self
  const clearances = self.clearances ?? [{ community: '*', upTo: 'TLP:AMBER' as const }]
  const principal = nodePrincipal({
    node: keys.node,
    ...(organisation !== undefined && { organisation }),
    clearances,
    purposes,
    police,
  })
  const asked = purposes.length === 0 ? (['public'] as const) : purposes
  const readers = asked.map((purpose) => reader({ principal, purpose, now, embargoNow: ever }))
  return (record, withheld) => {
    const held = { record, receivedAt: now, index: 0, withheld }
    if (readers.some(({ mayHave }) => mayHave(held))) return []
    const decision = readers[0]?.decide(held)
    return decision?.kind === 'refused' ? decision.reasons.map(issueOf) : []
  }
}

const ever = '9999-12-31T23:59:59.999Z' as Instant

const issueOf = ({
  rule,
  asks,
  has,
}: {
  readonly rule: string
  readonly asks: string
  readonly has: string
}): Issue => ({
  rule: 'exchange/not-for-us',
  place: '/handling',
  value: asks,
  message: `The rule ${rule} does not let this node have it: it has ${has}. Its giver should not have sent it.`,
})
