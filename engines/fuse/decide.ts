/** A person says that two reports are, or are not, one thing; or takes an earlier word back. */
import type { Draft, Producer, Realm, RecordId, Validity } from '../record/index.ts'
import { pairKey } from './cluster.ts'
import type { DecisionBody } from './contract.ts'

export function decisionDraft(decision: {
  readonly rule: string
  readonly a: RecordId
  readonly b: RecordId
  readonly decision: DecisionBody['decision']
  readonly because: string
  readonly by: Extract<Producer, { kind: 'person' }>
  readonly realm: Realm
  readonly at: Validity['from']
}): Draft<DecisionBody> {
  const { rule, a, b, because, by, realm, at } = decision
  return {
    type: 'fuse.decision',
    key: `${rule}|${pairKey(a, b)}`,
    realm,
    producer: by,
    valid: { from: at },
    links: [
      { type: 'about', id: a },
      { type: 'about', id: b },
    ],
    body: { rule, a, b, decision: decision.decision, because },
  }
}
