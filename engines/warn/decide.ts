/**
 * A person's word on a proposal, as a record: `issue` sends the newest version as it stands, `end` cancels what is in
 * force, `decline` notes that somebody looked and said no. The issue reactor acts on it; the warning names the person.
 */
import type { Producer, RecordId } from '../record/index.ts'
import type { Appended, Store } from '../store/index.ts'
import type { ProposalBody } from './contract.ts'
import { DecisionUnfit } from './errors.ts'
import { decisionRecord, proposalRecord, type WarnDecisionBody } from './records.ts'

export type Person = Extract<Producer, { kind: 'person' }>
export type Word = {
  readonly proposal: RecordId
  /** The version that the person saw; refused when it is not the newest any more. */
  readonly version?: number
  readonly decision: WarnDecisionBody['decision']
  readonly by: Person
  readonly because: string
}

export async function decide(store: Store, word: Word): Promise<Appended> {
  const { proposal: id, decision, by, because } = word
  const proposal = await store.get(id)
  if (proposal?.record.type !== proposalRecord.type)
    throw new DecisionUnfit(`There is no proposal ${id} here; choose one that the node holds.`)
  const { version, realm, valid } = proposal.record
  if (word.version !== undefined && word.version !== version)
    throw new DecisionUnfit(
      `Proposal ${id} is at version ${version} by now, not ${word.version}; look at it again.`,
    )
  if (decision === 'issue' && (proposal.record.body as ProposalBody).state === 'end')
    throw new DecisionUnfit(`Proposal ${id} by now says to end the warning; decide "end" on it.`)
  const spoken = await store.count({ types: [decisionRecord.type], linkedTo: [id], linkType: 'derivedFrom' })
  const [appended] = await store.append([
    {
      type: decisionRecord.type,
      key: `${id}#${by.name}#${spoken + 1}`,
      realm,
      producer: by,
      valid,
      links: [{ type: 'derivedFrom', id, version }],
      body: { proposal: id, version, decision, because },
    },
  ])
  if (!appended) throw new DecisionUnfit(`The decision on ${id} was not written; try again.`)
  return appended
}

/** Sends the newest version of a proposal in a person's name. */
export const issueWarning = (
  store: Store,
  proposal: RecordId,
  by: Person,
  because = 'issued by the duty officer',
): Promise<Appended> => decide(store, { proposal, decision: 'issue', by, because })
