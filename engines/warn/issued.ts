/** The record of a warning as it goes out: the CAP message, and what the chain needs to know of it. */
import { writeCap } from '../formats/index.ts'
import type { Draft, Instant, Link } from '../record/index.ts'
import type { Reach } from '../store/index.ts'
import type { HeldWarning } from './chain.ts'
import type { ProposalBody } from './contract.ts'
import { capIdentifier } from './identifier.ts'
import { messageOf, unknownCountry } from './message.ts'
import type { IssueSettings, Order } from './order.ts'
import { type WarningBody, warningRecord } from './records.ts'

export type Sending = {
  readonly msgType: 'Alert' | 'Update' | 'Cancel'
  readonly chain: readonly HeldWarning[]
  readonly live: readonly HeldWarning[]
  readonly sent: Instant
  /** Whom it reaches, and by which releases. */
  readonly reach: Reach
}

export function issuedDraft(
  settings: IssueSettings,
  order: Order,
  { msgType, chain, live, sent, reach: { handling, releases } }: Sending,
): Draft<WarningBody> {
  const { proposal, rule, input } = order
  const { body, realm, id, version, key: proposalKey, place } = proposal.record
  const number = chain.length + 1
  const key = `${proposalKey}#${number}`
  const expires = msgType === 'Cancel' ? latest(live.map(({ record }) => record.body.expires)) : body.expires
  const identifier = capIdentifier(settings.identity, realm, key)
  const { alert, reviewed } = messageOf({
    proposal: msgType === 'Cancel' ? ending(body) : body,
    realm,
    rule,
    msgType,
    identifier,
    sent,
    expires,
    references: live.map(({ record: { body: earlier } }) => ({
      sender: earlier.sender,
      identifier: earlier.identifier,
      sent: earlier.infos[0]?.effective ?? '',
    })),
    handling,
    country: settings.countries(body.country) ?? unknownCountry(body.country),
    catalogues: settings.catalogues,
  })
  const xml = writeCap(alert)
  return {
    type: warningRecord.type,
    key,
    realm,
    producer: order.producer,
    valid: { from: sent, until: expires },
    ...(place && { place }),
    links: [
      { type: 'derivedFrom', id, version },
      ...releases.map((release): Link => ({ type: 'releasedBy', id: release.id })),
      { type: 'answers', id: input.record.id, version: input.record.version },
      { type: 'about', id: body.event },
      ...live.map(({ record }) => ({ type: 'supersedes' as const, id: record.id, version: record.version })),
    ],
    body: {
      country: body.country,
      hazard: body.hazard,
      event: body.event,
      proposal: { id, version },
      number,
      authority: rule.mandate.kind,
      mandate: rule.mandate.kind === 'authority' ? rule.mandate.text : '',
      rule: rule.id,
      identifier,
      sender: alert.sender,
      sent,
      status: alert.status,
      msgType,
      scope: alert.scope,
      ...(alert.restriction !== undefined && { restriction: alert.restriction }),
      addresses: alert.addresses,
      ...(alert.note !== undefined && { note: alert.note }),
      references: alert.references,
      expires,
      reviewed,
      infos: alert.info as WarningBody['infos'],
      xml,
    },
  }
}

/** A person may cancel what the rule still proposes: then the message says so. */
const ending = (body: ProposalBody): ProposalBody =>
  body.state === 'end'
    ? body
    : {
        ...body,
        responseType: ['AllClear'],
        urgency: 'Past',
        args: { ...body.args, reason: 'withdrawn' },
      }

const latest = (all: readonly Instant[]): Instant => all.reduce((a, b) => (b > a ? b : a))
