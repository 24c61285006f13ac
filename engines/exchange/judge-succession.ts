/** A succession that came: does it hold, and beside those that are known? What it says holds for the rest of its batch. */
import { actual, type MosaicRecord } from '../record/index.ts'
import { tlogSuccession } from '../tlog/index.ts'
import { issue } from './issue.ts'
import { keysOf, type Origins } from './origins.ts'
import { claimOf, type Successions, successionsOf } from './succession.ts'
import type { Verdict } from './verify.ts'

export const isSuccession = ({ type, realm }: MosaicRecord): boolean =>
  type === tlogSuccession.type && realm === actual

type Judged = { readonly verdict: Verdict; readonly successions: Successions }

/** A succession that does not hold is not taken, and shown; one whose keys are not known yet says nothing so far. */
export async function judgeSuccession(
  { origins }: { readonly origins: Origins },
  verdict: Verdict,
  before: Successions,
): Promise<Judged> {
  if (verdict.kind !== 'sound') return { verdict, successions: before }
  const { arrival, record } = verdict
  const claim = await claimOf({ record }, arrival.proof.index, keysOf(origins))
  if (!('record' in claim)) {
    if (claim.reason === 'unknown-key') return { verdict, successions: before }
    return { verdict: unfit(verdict, 'exchange/succession-refused', claim.reason), successions: before }
  }
  const successions = successionsOf([...before.claims, claim])
  const { stands, second } = successions.decided(claim.from)
  if (!second.includes(claim)) return { verdict, successions }
  return {
    verdict: unfit(verdict, 'exchange/second-succession', `${claim.from} to ${stands?.to}`),
    successions: before,
  }
}

function unfit(
  { arrival, record }: Extract<Verdict, { readonly kind: 'sound' }>,
  rule: keyof typeof unfitSays,
  value: string,
): Verdict {
  const { parcel, proof } = arrival
  return {
    kind: 'wrong',
    item: { parcel, under: 0, proof },
    issues: [issue(rule, `${record.id}@${record.version}`, value, unfitSays[rule])],
  }
}

const unfitSays = {
  'exchange/succession-refused': 'No key of the old node in force signed this succession as it stands.',
  'exchange/second-succession':
    'Another succession of that node holds here already; nothing was changed. Ask the operators of both heirs.',
} as const
