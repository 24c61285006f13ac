/**
 * From a person's word to issue a draft, to the warning. Run by the one reactor that writes warnings, so that people and
 * rules never take the same place in a chain. A word that did not count (`life.ts`) issues nothing; one that came too
 * late for its chain is a throw, so that it does not vanish: it stands in quarantine, and the node's alarm rings.
 *
 * The message keeps the evidence of its day: it is derived from the proposal, or from the event where there is none, and
 * from the notices of others it rests on, and names the versions of all the rest. What restricts these restricts it. It
 * is never derived from the draft: that is a paper of the desk, and would darken every warning.
 */
import { writeCap } from '../../formats/index.ts'
import {
  type Draft,
  type Handling,
  type Held,
  type Instant,
  joinAll,
  type Link,
  type RecordId,
} from '../../record/index.ts'
import { bindingHandling, type ReactorView, reachOf } from '../../store/index.ts'
import { type HeldWarning, liveOf } from '../chain.ts'
import { DraftUnfit } from '../errors.ts'
import { capIdentifier } from '../identifier.ts'
import { type IssueRule, ruleFor } from '../mandate.ts'
import { unknownCountry } from '../message.ts'
import type { IssueSettings } from '../order.ts'
import { type WarningBody, warningRecord } from '../records.ts'
import { type DraftContent, type DraftPurpose, defaultDeskRules } from './contract.ts'
import { type DraftFile, draftFile } from './draft-file.ts'
import { deskMessage, isReviewed } from './message.ts'
import type { DraftBody, DraftStepBody } from './records.ts'

export async function issueFromDesk(
  settings: IssueSettings,
  input: Held<DraftStepBody>,
  view: ReactorView,
): Promise<readonly Draft[]> {
  const { record } = input
  if (record.origin !== settings.identity.node || record.body.step !== 'issue') return []
  const file = await draftFile(view, record.body.draft, settings.desk ?? defaultDeskRules)
  if (file === undefined) throw new DraftUnfit(`There is no draft ${record.body.draft} here.`)
  const told = file.history.find(({ held }) => held.record.id === record.id)
  if (told === undefined || told.void !== undefined || file.warning !== undefined) return []
  const earlier = file.chain.filter(({ record: { links } }) => !answers(links, record.id))
  if (earlier.length !== file.body.after)
    throw new DraftUnfit(`Another message went out since draft ${file.id} was begun; make a new one.`)
  return [await signed(settings, await warningOf(settings, { file, input, view, chain: earlier }))]
}

/** The message with the node's signature, where it has one. */
export async function signed(
  { sign }: IssueSettings,
  draft: Draft<WarningBody>,
): Promise<Draft<WarningBody>> {
  if (sign === undefined) return draft
  return { ...draft, body: { ...draft.body, xml: await sign(draft.body.xml) } }
}

const answers = (links: readonly Link[], id: RecordId): boolean =>
  links.some((link) => link.type === 'answers' && link.id === id)

/** The rule that the draft names, if it covers the draft at all. */
export function issuerOf(
  rules: readonly IssueRule[],
  realm: DraftFile['held']['record']['realm'],
  content: Pick<DraftContent, 'rule' | 'hazard' | 'country'>,
): IssueRule | undefined {
  const named = content.rule === undefined ? rules : rules.filter(({ id }) => id === content.rule)
  return ruleFor(named, realm, content)
}

export const msgTypeOf = (purpose: DraftPurpose): 'Alert' | 'Update' | 'Cancel' =>
  purpose === 'alert' ? 'Alert' : purpose === 'update' ? 'Update' : 'Cancel'

export const referencesTo = (live: readonly HeldWarning[]) =>
  live.map(({ record: { body } }) => ({
    sender: body.sender,
    identifier: body.identifier,
    sent: body.infos[0]?.effective ?? '',
  }))

type Issuing = {
  readonly file: DraftFile
  readonly input: Held<DraftStepBody>
  readonly view: ReactorView
  readonly chain: readonly HeldWarning[]
}

async function warningOf(settings: IssueSettings, issuing: Issuing): Promise<Draft<WarningBody>> {
  const { file, input, view, chain } = issuing
  const { body, id, held } = file
  const { content, purpose } = body
  const { realm, place } = held.record
  const last = chain.at(-1)?.record.body.sent
  const now = wholeSecond(input.record.recordedAt)
  const sent = last !== undefined && last > now ? last : now
  const live = liveOf(chain, sent)
  const rule = issuerOf(settings.rules, realm, content)
  if (rule === undefined)
    throw new DraftUnfit(`No issue rule of this node covers ${content.hazard} in ${content.country}.`)
  if ((purpose === 'alert') !== (live.length === 0))
    throw new DraftUnfit(
      `The ${purpose} ${id} does not fit: ${live.length} messages of its chain are in force.`,
    )
  if (purpose !== 'cancel' && content.expires <= sent)
    throw new DraftUnfit(`Draft ${id} would be over before it is sent.`)
  const expires =
    purpose === 'cancel' ? latest(live.map(({ record }) => record.body.expires)) : content.expires
  const key = `${await chainKey(file, view)}#${chain.length + 1}`
  const { handling, links } = await groundsOf(body, view, sent)
  const alert = deskMessage({
    ...{ content, realm, rule, sent, expires, handling },
    msgType: msgTypeOf(purpose),
    identifier: capIdentifier(settings.identity, realm, key),
    references: referencesTo(live),
    incidents: [body.event ?? file.chainId],
    country: settings.countries(content.country) ?? unknownCountry(content.country),
    catalogues: settings.catalogues,
    profile: settings.profile,
  })
  const { producer } = input.record
  return {
    type: warningRecord.type,
    ...{ key, realm, producer },
    valid: { from: sent, until: expires },
    ...(place && { place }),
    links: [
      ...links,
      { type: 'evidenceFor', id, version: held.record.version },
      { type: 'answers', id: input.record.id, version: input.record.version },
      { type: 'partOf', id: file.chainId },
      { type: 'about', id: body.event ?? file.chainId },
      ...live.map(({ record }): Link => ({ type: 'supersedes', id: record.id, version: record.version })),
    ],
    body: {
      country: content.country,
      hazard: content.hazard,
      ...(body.event !== undefined && { event: body.event }),
      ...(body.proposal && { proposal: body.proposal }),
      ...(body.proposal === undefined && { chain: file.chainId }),
      draft: { id, version: held.record.version },
      number: chain.length + 1,
      authority: rule.mandate.kind,
      mandate: rule.mandate.kind === 'authority' ? rule.mandate.text : '',
      rule: rule.id,
      identifier: alert.identifier,
      sender: alert.sender,
      sent,
      status: alert.status,
      msgType: alert.msgType,
      scope: alert.scope,
      ...(alert.restriction !== undefined && { restriction: alert.restriction }),
      addresses: alert.addresses,
      ...(alert.note !== undefined && { note: alert.note }),
      references: alert.references,
      expires,
      reviewed: Object.fromEntries(
        Object.entries(content.texts).map(([language, text]) => [language, isReviewed(text)]),
      ),
      infos: alert.info as WarningBody['infos'],
      xml: writeCap(alert),
    },
  }
}

/** Messages of a proposal go by its key, whoever writes them; those of the desk by that of their first draft. */
async function chainKey({ chainId, first }: DraftFile, view: ReactorView): Promise<string> {
  const begun = chainId === first.record.id ? first : await view.get(chainId)
  if (begun === undefined) throw new DraftUnfit(`What began this warning, ${chainId}, is not held here.`)
  return begun.record.key
}

/** What the message is derived from, and how that lets it be handled; the rest of the evidence by its version. */
async function groundsOf(
  { proposal, evidence }: DraftBody,
  view: ReactorView,
  at: Instant,
): Promise<{ readonly handling: Handling; readonly links: readonly Link[] }> {
  const isBinding = ({ id, type }: DraftBody['evidence'][number]) =>
    id === proposal?.id || !coveredBy(proposal, type)
  const links: Link[] = []
  const handlings: Handling[] = []
  for (const { id, version, type } of evidence) {
    const isBound = isBinding({ id, version, type })
    links.push({ type: isBound ? 'derivedFrom' : 'evidenceFor', id, version })
    const held = isBound ? await view.get(id, version) : undefined
    if (held === undefined) continue
    const reach =
      id === proposal?.id && view.withoutReleases !== true ? await reachOf(view, held, at) : undefined
    handlings.push(reach?.handling ?? bindingHandling(held))
    links.push(...(reach?.releases ?? []).map((release): Link => ({ type: 'releasedBy', id: release.id })))
  }
  return { handling: joinAll(handlings), links }
}

/** A proposal is derived from its assessment and that from its event: what binds these binds it already. */
const coveredBy = (proposal: DraftBody['proposal'], type: string): boolean =>
  proposal !== undefined && type !== 'warn.notice' && type !== warningRecord.type

const latest = (all: readonly Instant[]): Instant => all.reduce((a, b) => (b > a ? b : a))

/** CAP knows whole seconds; cut, so that a message is never from the future. */
const wholeSecond = (at: Instant): Instant => `${at.slice(0, 19)}.000Z` as Instant
