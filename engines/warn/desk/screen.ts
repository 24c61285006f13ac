/**
 * What stands on the duty screen: each proposal that wants a warning, and each message of this node in force that no
 * proposal raises. How high, follows from the severity, by versions in the order of the log; what people did about it,
 * from their actions.
 *
 *     Extreme → emergency    Severe → alarm    Moderate → warn    Minor → alert    Unknown → warn
 *     ended, declined, expired, cancelled → normal
 */
import type { CapSeverity } from '../../formats/index.ts'
import type { Held, Instant, Realm, RecordId } from '../../record/index.ts'
import { chainIdOf, type HeldWarning, inForce } from '../chain.ts'
import type { ProposalBody } from '../contract.ts'
import { decisionRecord, proposalRecord, type WarnDecisionBody, warningRecord } from '../records.ts'
import type { Reads } from './draft-file.ts'
import { type Duty, type DutySignal, type DutyState, dutyAfter } from './duty.ts'
import { type DutyActionBody, dutyActionRecord } from './records.ts'

export type ScreenItem = {
  readonly subject: RecordId
  readonly kind: 'proposal' | 'warning'
  readonly held: Held<ProposalBody> | HeldWarning
  readonly duty: Duty
  readonly actions: readonly Held<DutyActionBody>[]
}

export type ScreenReads = {
  readonly read: (query: Parameters<Reads['read']>[0] & { readonly realm: Realm }) => Promise<readonly Held[]>
}

const states: Readonly<Record<CapSeverity, DutyState>> = {
  Extreme: 'emergency',
  Severe: 'alarm',
  Moderate: 'warn',
  Minor: 'alert',
  Unknown: 'warn',
}

/** Highest first, then latest; what is normal is left out, and so is what was cleared. */
export async function dutyScreen(
  reads: ScreenReads,
  realm: Realm,
  now: Instant,
): Promise<readonly ScreenItem[]> {
  const of = async (types: readonly string[], versions: 'newest' | 'all' = 'newest') =>
    reads.read({ types, realm, versions, validUntil: now, validFrom: now })
  const open = (await of([proposalRecord.type])) as readonly Held<ProposalBody>[]
  const standing = (await of([warningRecord.type])) as readonly HeldWarning[]
  const subjects = [...open, ...standing].map(({ record }) => record.id)
  const chains = standing.flatMap(({ record }) => chainIdOf(record.body) ?? [])
  if (subjects.length === 0) return []
  const [actions, decisions, versions, messages] = await Promise.all([
    reads.read({ types: [dutyActionRecord.type], realm, linkedTo: subjects, linkType: 'about' }),
    reads.read({ types: [decisionRecord.type], realm, linkedTo: subjects, linkType: 'derivedFrom' }),
    reads.read({ ids: open.map(({ record }) => record.id), realm, versions: 'all' }),
    chains.length === 0
      ? []
      : reads.read({ types: [warningRecord.type], realm, linkedTo: [...new Set(chains)] }),
  ])
  const done = actions as readonly Held<DutyActionBody>[]
  const holding = inForce(messages as readonly HeldWarning[], now)
  const proposals = open.map((held) =>
    item('proposal', held, done, [
      ...(versions as readonly Held<ProposalBody>[])
        .filter(({ record }) => record.id === held.record.id)
        .map((version) => ({ index: version.index, signal: signalOf(version, now) })),
      ...declined(decisions as readonly Held<WarnDecisionBody>[], held),
    ]),
  )
  const raisedBy = new Set(open.map(({ record }) => record.id))
  const warnings = holding
    .filter(({ record }) => !raisedBy.has(chainIdOf(record.body) ?? record.id))
    .map((held) =>
      item('warning', held, done, [
        {
          index: held.index,
          signal: {
            kind: 'state',
            state: states[held.record.body.infos[0]?.severity ?? 'Unknown'],
            at: held.record.recordedAt,
          },
        },
      ]),
    )
  return [...proposals, ...warnings]
    .flatMap((one) => one ?? [])
    .filter(({ duty }) => duty.state !== 'normal' && duty.state !== 'nominal' && !duty.hasCleared)
    .sort(byHeight)
}

type Placed = { readonly index: number; readonly signal: DutySignal }

function item(
  kind: ScreenItem['kind'],
  held: ScreenItem['held'],
  done: readonly Held<DutyActionBody>[],
  levels: readonly Placed[],
): ScreenItem | undefined {
  const subject = held.record.id
  const actions = done.filter(({ record }) => record.body.subject === subject)
  const placed: readonly Placed[] = [
    ...levels,
    ...actions.map(({ index, record }) => ({
      index,
      signal: { kind: record.body.action, at: record.recordedAt, by: record.body.by.name },
    })),
  ].sort((a, b) => a.index - b.index)
  const [first, ...rest] = placed.map(({ signal }) => signal)
  if (first?.kind !== 'state') return undefined
  return { subject, kind, held, duty: dutyAfter(first, rest), actions }
}

function signalOf({ record }: Held<ProposalBody>, now: Instant): Extract<DutySignal, { kind: 'state' }> {
  const { state, severity, expires } = record.body
  const isOver = state === 'end' || expires <= now
  return { kind: 'state', state: isOver ? 'normal' : states[severity], at: record.recordedAt }
}

/** Somebody looked and said no, to this version: until the next version it is normal. */
const declined = (
  decisions: readonly Held<WarnDecisionBody>[],
  { record }: Held<ProposalBody>,
): readonly Placed[] =>
  decisions
    .filter(({ record: { body } }) => body.proposal === record.id && body.decision === 'decline')
    .map(({ index, record: { recordedAt } }) => ({
      index,
      signal: { kind: 'state', state: 'normal', at: recordedAt },
    }))

const heights: readonly DutyState[] = ['nominal', 'normal', 'alert', 'warn', 'alarm', 'emergency']

const byHeight = (a: ScreenItem, b: ScreenItem): number =>
  heights.indexOf(b.duty.state) - heights.indexOf(a.duty.state) || (a.duty.since < b.duty.since ? 1 : -1)
