/** The event page: what it rests on, why reports were joined, what it means, and what was known when. */
import type { EventBody, ProposalBody as FuseProposal } from '../../engines/fuse/index.ts'
import type { Held, RecordId } from '../../engines/record/index.ts'
import type { WarnDecisionBody, WarningBody, ProposalBody as WarnProposal } from '../../engines/warn/index.ts'
import { nowIn, type View } from '../ask.ts'
import type { Seen } from '../context.ts'
import { notFound } from '../problems.ts'
import type { EventDetail } from '../schemas/index.ts'
import { type Figures, type ImpactBody, isPlaced, partsOf, summaryOf, told } from './event.ts'
import { memberOf } from './event-member.ts'
import { historyOf } from './history.ts'
import { shapeOf } from './outline.ts'
import { sharedAmong } from './shared-events.ts'
import { isWhole, warningSummaries } from './warning.ts'

/** `beside`: where the events of other nodes are looked for; only what tells of the same is given. */
export async function eventDetail(
  context: Seen,
  view: View,
  { id, beside }: { readonly id: RecordId; readonly beside: Seen['records'] },
): Promise<EventDetail> {
  const { records } = context
  const { realm, knownAt } = view
  const known = knownAt === undefined ? {} : { knownAt }
  const [event] = (await records.read({
    types: context.types.events,
    realm,
    ids: [id],
    ...known,
  })) as readonly Held<EventBody<Figures>>[]
  if (!event || !isPlaced(event)) throw notFound('event', id)
  const [parts] = await partsOf(context, view, [event])
  if (!parts) throw notFound('event', id)

  const { members: joinedReports = [], joined = [] } = told(event.record.body)
  const members = joinedReports.flatMap((member) => member.id ?? [])
  const [reports, aliases, versions, questions, proposals] = await Promise.all([
    records.read({ ids: members, realm, versions: 'all', ...known }),
    records.read({ types: context.types.events, realm, linkedTo: [id], linkType: 'aliasOf', ...known }),
    records.read({
      ids: [id, ...(parts.impact ? [parts.impact.record.id] : [])],
      realm,
      versions: 'all',
      ...known,
    }),
    records.read({ types: ['fuse.proposal'], realm, linkedTo: members, ...known }) as Promise<
      readonly Held<FuseProposal>[]
    >,
    records.read({
      types: ['warn.proposal'],
      realm,
      ...(parts.impact ? { linkedTo: [parts.impact.record.id] } : { ids: [] }),
      ...known,
    }) as Promise<readonly Held<WarnProposal>[]>,
  ])
  const shared = await sharedAmong({ ...context, records: beside }, view, [event])
  const elsewhere = shared.sameAs(id)
  const decisions = (await records.read({
    types: ['warn.decision'],
    realm,
    ...(proposals.length > 0 ? { linkedTo: proposals.map(({ record }) => record.id) } : { ids: [] }),
    ...known,
  })) as readonly Held<WarnDecisionBody>[]
  const area = shapeOf(event.record.place?.geometry)
  return {
    ...summaryOf(context, view, { ...parts, elsewhere }),
    ...(area ? { area } : {}),
    attribution: (event.record.attribution ?? []).map((one) => ({ ...one })),
    elsewhere: elsewhere.map(({ record }) => ({ id: record.id, origin: record.origin })),
    members: members.map((member) => memberOf(member, event, reports)),
    joined: joined.flatMap((one) => (isJoin(one) ? { ...one, reasons: [...one.reasons] } : [])),
    aliases: aliases.map(({ record }) => record.id),
    ...impactOf(parts.impact),
    warningList: warningSummaries(parts.warnings, nowIn(context, view)).reverse(),
    history: historyOf([...versions, ...parts.warnings]),
    proposals: waiting(questions.filter(isWhole), proposals.filter(isWhole), {
      warnings: parts.warnings.filter(isWhole) as readonly Held<WarningBody>[],
      decisions: decisions.filter(isWhole),
    }),
    decisions: decisionsOf(decisions.filter(isWhole), proposals.filter(isWhole)),
  }
}

/** What people said of what was proposed: it stays to be read when nothing waits any more. */
function decisionsOf(
  decisions: readonly Held<WarnDecisionBody>[],
  proposals: readonly Held<WarnProposal>[],
): EventDetail['decisions'] {
  return decisions
    .map(({ record: { id, producer, body }, receivedAt }) => {
      const country = proposals.find(({ record }) => record.id === body.proposal)?.record.body.country
      return {
        id,
        proposal: body.proposal,
        ...(country === undefined ? {} : { country }),
        decision: body.decision,
        because: body.because,
        ...(producer?.kind === 'person' ? { by: producer.name } : {}),
        ...(producer?.kind === 'person' && producer.role ? { role: producer.role } : {}),
        at: receivedAt,
      }
    })
    .reverse()
}

function impactOf(impact: Held<ImpactBody> | undefined): Pick<EventDetail, 'impact' | 'impactRecord'> {
  if (!impact) return {}
  const { id, version, body } = impact.record
  const { receivedAt, withheld } = impact
  return {
    ...(isWhole(impact) ? { impact: body } : {}),
    impactRecord: { id, version, receivedAt, ...(withheld ? { withheld: [...withheld] } : {}) },
  }
}

/** Its members may be withheld one by one. */
const isJoin = ({ a, b, by, reasons }: Partial<EventBody['joined'][number]>): boolean =>
  a !== undefined && b !== undefined && by !== undefined && reasons !== undefined && reasons.every(isReason)
const isReason = (reason: object): boolean =>
  ['name', 'value', 'unit', 'weight'].every((part) => part in reason)

type Answers = {
  readonly warnings: readonly Held<WarningBody>[]
  readonly decisions: readonly Held<WarnDecisionBody>[]
}

/**
 * Open questions of fusion; and proposals whose newest version nobody has answered, neither by a warning nor by a
 * decision: to warn where no warning went out (of small changes after it none does), to end one where one did.
 */
function waiting(
  questions: readonly Held<FuseProposal>[],
  proposals: readonly Held<WarnProposal>[],
  { warnings, decisions }: Answers,
): EventDetail['proposals'] {
  const warned = new Set(warnings.flatMap(({ record: { body } }) => body.proposal?.id ?? []))
  const answered = new Set([
    ...warnings.flatMap(({ record: { body } }) =>
      body.proposal ? [`${body.proposal.id}@${body.proposal.version}`] : [],
    ),
    ...decisions.map(({ record: { body } }) => `${body.proposal}@${body.version}`),
  ])
  return [
    ...questions
      .filter(({ record }) => record.body.state === 'open')
      .map(({ record: { id, version, body }, receivedAt }) => ({
        id,
        version,
        kind: 'fuse' as const,
        receivedAt,
        a: body.a,
        b: body.b,
        score: body.score,
        reasons: [...body.reasons],
      })),
    ...proposals
      .filter(
        ({ record: { id, version, body } }) =>
          !answered.has(`${id}@${version}`) && (body.state === 'warn') !== warned.has(id),
      )
      .map(({ record: { id, version, body }, receivedAt }) => ({
        id,
        version,
        kind: 'warn' as const,
        receivedAt,
        country: body.country,
        state: body.state,
        because: body.because.map((reason) => ({ ...reason })),
      })),
  ]
}
