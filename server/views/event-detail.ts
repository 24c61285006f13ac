/** The event page: what it rests on, why reports were joined, what it means, and what was known when. */
import type { EventBody, ProposalBody as FuseProposal } from '../../engines/fuse/index.ts'
import { type Held, instant, millis, type RecordId } from '../../engines/record/index.ts'
import type { ProposalBody as WarnProposal } from '../../engines/warn/index.ts'
import { nowIn, type View } from '../ask.ts'
import type { Seen } from '../context.ts'
import { notFound } from '../problems.ts'
import type { EventDetail, Member } from '../schemas/index.ts'
import { type Figures, type ImpactBody, isPlaced, partsOf, summaryOf, told } from './event.ts'
import { historyOf } from './history.ts'
import { sharedAmong } from './shared-events.ts'
import { isWhole, warningSummaries } from './warning.ts'

type Observation = {
  readonly agency?: string
  readonly eventId?: string
  readonly source?: string
  readonly region?: string
  readonly updated?: string
  readonly origin?: {
    readonly time?: string
    readonly latitude?: number
    readonly longitude?: number
    readonly depth?: number
  }
  readonly magnitude?: { readonly mag?: number; readonly type?: string }
  readonly evaluationMode?: string
  readonly evaluationStatus?: string
}

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
    records.read({ ids: members, realm, versions: 'all', ...known }) as Promise<readonly Held<Observation>[]>,
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
  return {
    ...summaryOf(context, view, { ...parts, elsewhere }),
    elsewhere: elsewhere.map(({ record }) => ({ id: record.id, origin: record.origin })),
    members: members.map((member) => memberOf(member, event, reports)),
    joined: joined.flatMap((one) => (isJoin(one) ? { ...one, reasons: [...one.reasons] } : [])),
    aliases: aliases.map(({ record }) => record.id),
    ...impactOf(parts.impact),
    warningList: warningSummaries(parts.warnings, nowIn(context, view)).reverse(),
    history: historyOf([...versions, ...parts.warnings]),
    proposals: waiting(questions.filter(isWhole), proposals.filter(isWhole), parts.warnings),
  }
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

function memberOf(id: RecordId, event: Held<EventBody>, reports: readonly Held<Observation>[]): Member {
  const revisions = reports.filter(({ record }) => record.id === id)
  const newest = revisions.at(-1)?.record
  return {
    id,
    source: newest?.body?.source ?? newest?.key.split(':')[0] ?? '',
    agency: newest?.body?.agency ?? '',
    sourceEventId: newest?.body?.eventId ?? newest?.key ?? '',
    isPreferred: told(event.record.body).preferred === id,
    ...(newest?.body?.region === undefined ? {} : { region: newest.body.region }),
    attribution: [...(newest?.attribution ?? [])],
    revisions: revisions.map(({ record, receivedAt, withheld }) => ({
      version: record.version,
      receivedAt,
      ...(withheld ? { withheld: [...withheld] } : {}),
      delayMs: millis(receivedAt) - millis(instant(record.body?.origin?.time ?? record.valid.from)),
      figures: figuresOf(told(record.body), record.valid.from),
    })),
  }
}

function figuresOf({ origin, magnitude, evaluationMode, evaluationStatus }: Observation, from: string) {
  return {
    time: origin?.time ?? from,
    latitude: origin?.latitude ?? 0,
    longitude: origin?.longitude ?? 0,
    ...(origin?.depth === undefined ? {} : { depthKm: Math.round(origin.depth / 100) / 10 }),
    ...(magnitude?.mag === undefined ? {} : { magnitude: magnitude.mag }),
    ...(magnitude?.type === undefined ? {} : { magnitudeType: magnitude.type }),
    ...(evaluationMode === undefined ? {} : { mode: evaluationMode }),
    ...(evaluationStatus === undefined ? {} : { status: evaluationStatus }),
  }
}

/** Open questions of fusion, and proposals that no warning has answered. */
function waiting(
  questions: readonly Held<FuseProposal>[],
  proposals: readonly Held<WarnProposal>[],
  warnings: readonly Held<{ readonly proposal: { readonly id: string } }>[],
): EventDetail['proposals'] {
  const answered = new Set(warnings.map(({ record }) => record.body.proposal.id))
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
      .filter(({ record }) => !answered.has(record.id))
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
