/**
 * From assessment to proposals. One record per event and country, key `<event id>:<country>`, a new version whenever
 * the assessment's revision changes what it says. A country that was proposed and no longer is gets its ending: the
 * last proposal again with state `end`, and why (`withdrawn`: the event was false or is told under another name;
 * `below-threshold`: it is real, but no longer reaches this country).
 */
import { isDeepStrictEqual } from 'node:util'
import type { Draft, Held, RecordId } from '../record/index.ts'
import type { Reactor, ReactorView } from '../store/index.ts'
import type { ProposalBody, Proposed, WarningRule } from './contract.ts'
import { proposalRecord } from './records.ts'

export const proposalKey = (event: RecordId, country: string): string => `${event}:${country}`

export function proposeReactor<Body>(rule: WarningRule<Body>): Reactor {
  return {
    name: `propose/${rule.name}`,
    version: rule.version,
    reads: [rule.reads],
    writes: [proposalRecord.type],
    react: async (input, view) => draftsFor(rule, input as Held<Body>, view),
  }
}

async function draftsFor<Body>(
  rule: WarningRule<Body>,
  input: Held<Body>,
  view: ReactorView,
): Promise<readonly Draft[]> {
  const earlier = await earlierProposals(input, view)
  if (earlier.some((held) => isPast(held, input))) return []
  const isWithdrawn = rule.withdrawn?.(input) ?? false
  const standing = earlier.filter(({ record }) => record.body.state === 'warn')
  const stands = (country: string) => standing.some(({ record }) => record.body.country === country)
  const proposed = (isWithdrawn ? [] : rule.propose(input)).filter(
    ({ body, onlyKeeps }) => !onlyKeeps || stands(body.country),
  )
  const named = new Set(proposed.map(({ body }) => body.country))
  const ended = standing
    .filter(({ record }) => !named.has(record.body.country))
    .map((held) => endingOf(held, isWithdrawn ? 'withdrawn' : 'below-threshold'))
  return [...proposed, ...ended]
    .filter(({ body }) => !isSaid(body, earlier))
    .sort((a, b) => (a.body.country < b.body.country ? -1 : 1))
    .map((one) => draftOf(rule, input, one))
}

async function earlierProposals(input: Held, view: ReactorView): Promise<readonly Held<ProposalBody>[]> {
  const found = await view.read({
    types: [proposalRecord.type],
    linkedTo: [input.record.id],
    linkType: 'derivedFrom',
  })
  return found as readonly Held<ProposalBody>[]
}

function endingOf({ record }: Held<ProposalBody>, reason: 'withdrawn' | 'below-threshold'): Proposed {
  const { material: _, ...body } = record.body
  return {
    valid: record.valid,
    ...(record.place && { place: record.place }),
    body: {
      ...body,
      state: 'end',
      responseType: ['AllClear'],
      urgency: 'Past',
      certainty: reason === 'withdrawn' ? 'Unlikely' : body.certainty,
      args: { ...body.args, reason },
      because: [{ name: 'ended', value: reason }],
    },
  }
}

/** After a crash assessments come again: this one, or a later revision of it, was dealt with then. */
const isPast = ({ record }: Held, input: Held) =>
  record.links.some(
    ({ type, id, version }) =>
      type === 'derivedFrom' && id === input.record.id && (version ?? 0) >= input.record.version,
  )

/** The newest version already says exactly this. */
const isSaid = (body: ProposalBody, earlier: readonly Held<ProposalBody>[]) =>
  earlier.some(({ record }) => record.body.country === body.country && isDeepStrictEqual(record.body, body))

const draftOf = <Body>(
  rule: WarningRule<Body>,
  input: Held<Body>,
  { valid, place, body }: Proposed,
): Draft => ({
  type: proposalRecord.type,
  key: proposalKey(body.event, body.country),
  realm: input.record.realm,
  producer: { kind: 'method', name: rule.name, version: rule.version },
  valid,
  ...(place && { place }),
  links: [
    { type: 'derivedFrom', id: input.record.id, version: input.record.version },
    { type: 'about', id: body.event },
  ],
  body,
})
