/**
 * How a draft begins: blank, from a template, from what a rule proposed, or from a warning that goes on or ends. Texts are
 * written from the catalogues in every language of the country and English, by the writer of all warnings (`texts.ts`);
 * what a catalogue lacks is left empty, for a person. A draft begun from a warning continues its chain: it will refer to
 * every message of it that is still in force.
 */
import type { Held, Instant, Language, RecordId } from '../../record/index.ts'
import { plusMs } from '../../record/index.ts'
import { chainIdOf, type HeldWarning, liveOf } from '../chain.ts'
import type { Catalogue, ProposalBody } from '../contract.ts'
import { DraftUnfit, TextUnwritable } from '../errors.ts'
import { unknownCountry, type WarnCountries, type WarnCountry } from '../message.ts'
import { proposalRecord } from '../records.ts'
import { type Writer, writerFor } from '../texts.ts'
import type { DraftContent, DraftText, Evidence, Ref } from './contract.ts'
import { defaultDeskRules } from './contract.ts'
import { draftFile, type Reads, readChain } from './draft-file.ts'
import type { DraftBody, TemplateBody } from './records.ts'

export type Beginning = Omit<DraftBody, 'basedOn' | 'by'>
export type PrefillParts = {
  readonly reads: Reads
  readonly catalogues: Readonly<Record<Language, Catalogue>>
  readonly countries: WarnCountries
  readonly now: Instant
}

const hourMs = 3_600_000

export function blank(
  parts: PrefillParts,
  { country, hazard, expires }: Pick<DraftContent, 'country' | 'hazard' | 'expires'>,
): Beginning {
  const known = parts.countries(country) ?? unknownCountry(country)
  const empty: DraftText = {
    ...{ event: '', headline: '', description: '', instruction: '' },
    ...{ isEdited: true, fromReviewed: false },
  }
  return {
    purpose: 'alert',
    after: 0,
    evidence: [],
    content: {
      ...{ country, hazard, expires },
      ...{ category: [], responseType: [], eventCode: [], parameter: [], areas: [] },
      ...{ urgency: 'Unknown', severity: 'Unknown', certainty: 'Unknown' },
      texts: Object.fromEntries(languagesFor(known).map((language) => [language, empty])),
    },
  }
}

export type FromTemplate = {
  readonly template: Held<TemplateBody>
  readonly country: string
  readonly args?: TemplateBody['args']
  readonly onset?: Instant
}

export function fromTemplate(
  parts: PrefillParts,
  { template, country, args = {}, onset }: FromTemplate,
): Beginning {
  const { record } = template
  const { body } = record
  const keys = { ...body.texts }
  const content = { country, args: { ...body.args, ...args }, keys }
  const from = onset ?? parts.now
  return {
    purpose: 'alert',
    after: 0,
    evidence: [],
    template: { id: record.id, version: record.version },
    content: {
      ...{ country, hazard: body.hazard, category: body.category, responseType: body.responseType },
      ...{ urgency: body.urgency, severity: body.severity, certainty: body.certainty },
      ...{ eventCode: body.eventCode, parameter: body.parameter, areas: [] },
      ...(onset !== undefined && { onset }),
      expires: plusMs(from, body.hours * hourMs),
      texts: textsFor(parts, content),
    },
  }
}

/** `purpose` follows from what is in force of it: a new alert, an update, or the end. */
export async function fromProposal(parts: PrefillParts, proposal: Held<ProposalBody>): Promise<Beginning> {
  const { record } = proposal
  const { body } = record
  const chain = await readChain(parts.reads, record.id)
  const live = liveOf(chain, parts.now)
  if (body.state === 'end' && live.length === 0)
    throw new DraftUnfit(`Proposal ${record.id} says to end its warning, and none is in force.`)
  const purpose = body.state === 'end' ? 'cancel' : live.length > 0 ? 'update' : 'alert'
  return {
    purpose,
    chain: record.id,
    after: chain.length,
    proposal: { id: record.id, version: record.version },
    event: body.event,
    evidence: await evidenceBehind(parts.reads, proposal),
    content: contentOf(parts, body, purpose),
  }
}

function contentOf(parts: PrefillParts, body: ProposalBody, purpose: DraftBody['purpose']): DraftContent {
  const { texts, country } = body
  const said = purpose === 'cancel' ? (texts.ending ?? texts) : texts
  const keys = {
    event: texts.event,
    headline: said.headline,
    description: said.description,
    instruction: said.instruction,
  }
  const args = purpose === 'cancel' ? { reason: 'withdrawn', ...body.args } : body.args
  const known = parts.countries(country) ?? unknownCountry(country)
  return {
    ...{ country, hazard: body.hazard, category: body.category, responseType: body.responseType },
    ...{ urgency: body.urgency, severity: body.severity, certainty: body.certainty },
    ...{ eventCode: body.eventCode, parameter: body.parameter },
    ...{ onset: body.onset, expires: body.expires },
    areas: body.areas.map((area) => ({ ...area, desc: descOf(parts, { area, body, country: known }) })),
    texts: textsFor(parts, { country, args, keys }),
  }
}

/** The name that the rule gives the area, where it is written from the catalogue. */
function descOf(
  parts: PrefillParts,
  { area, body, country }: { area: ProposalBody['areas'][number]; body: ProposalBody; country: WarnCountry },
): Readonly<Record<Language, string>> {
  const key = body.texts.area
  if (key === undefined) return area.desc
  const written = languagesFor(country).flatMap((language) => {
    const writer = writerIn(parts, { language, country, args: body.args })
    const text = writer && tryWrite(writer, key)
    return text === undefined ? [] : [[language, text.text] as const]
  })
  return { ...Object.fromEntries(written), ...area.desc }
}

export async function fromWarning(
  parts: PrefillParts,
  warning: HeldWarning,
  purpose: 'update' | 'cancel',
): Promise<Beginning> {
  const { body } = warning.record
  const chainId = chainIdOf(body)
  if (chainId === undefined) throw new DraftUnfit(`Warning ${warning.record.id} belongs to no chain.`)
  const chain = await readChain(parts.reads, chainId)
  if (liveOf(chain, parts.now).length === 0)
    throw new DraftUnfit(`Nothing of this warning is in force any more; begin a new one.`)
  const newest = chain.findLast(({ record }) => record.body.msgType !== 'Cancel') ?? warning
  const proposal =
    body.proposal && (await newestOf<ProposalBody>(parts.reads, body.proposal.id, proposalRecord.type))
  const before = body.draft && (await draftFile(parts.reads, body.draft.id, defaultDeskRules))
  return {
    purpose,
    chain: chainId,
    after: chain.length,
    ...(proposal && { proposal: { id: proposal.record.id, version: proposal.record.version } }),
    ...(body.event !== undefined && { event: body.event }),
    evidence: proposal ? await evidenceBehind(parts.reads, proposal) : (before?.body.evidence ?? []),
    content: goingOn(parts, newest, {
      purpose,
      before: before?.body.content,
      proposal: proposal?.record.body,
    }),
  }
}

type Before = {
  readonly purpose: 'update' | 'cancel'
  readonly before: DraftContent | undefined
  readonly proposal: ProposalBody | undefined
}

/** What was said last, as it was said; to end it, the words of the ending where a catalogue has them. */
function goingOn(
  parts: PrefillParts,
  warning: HeldWarning,
  { purpose, before, proposal }: Before,
): DraftContent {
  const said = before ?? contentSaid(warning)
  if (purpose === 'update') return said
  const texts = proposal?.texts.ending
    ? contentOf(parts, proposal, 'cancel').texts
    : Object.fromEntries(
        Object.entries(said.texts).map(([language, text]) => [
          language,
          { ...withoutReview(text), isEdited: true, fromReviewed: false },
        ]),
      )
  return { ...said, responseType: ['AllClear'], urgency: 'Past', texts }
}

/** Of a message that the machine issued: its infos are the content. */
function contentSaid({ record: { body } }: HeldWarning): DraftContent {
  const [first] = body.infos
  if (first === undefined) throw new DraftUnfit(`Warning ${body.identifier} says nothing that could go on.`)
  return {
    ...{ country: body.country, hazard: body.hazard, rule: body.rule },
    ...{ category: first.category, responseType: first.responseType, urgency: first.urgency },
    ...{ severity: first.severity, certainty: first.certainty, eventCode: first.eventCode },
    parameter: first.parameter.filter(({ valueName }) => !valueName.startsWith('mosaic:languages-')),
    onset: instantOf(first.onset),
    expires: body.expires,
    areas: first.area.map(({ polygon, circle, geocode }, at) => ({
      desc: Object.fromEntries(body.infos.map(({ language, area }) => [language, area[at]?.areaDesc ?? ''])),
      polygons: polygon,
      circles: circle,
      geocodes: geocode.map(({ valueName, value }) => ({ scheme: valueName, code: value })),
    })),
    texts: Object.fromEntries(
      body.infos.map(({ language, event, headline, description, instruction }) => [
        language,
        {
          ...{ event, headline, description, instruction },
          ...{ isEdited: false, fromReviewed: body.reviewed[language] === true },
        },
      ]),
    ),
  }
}

const instantOf = (text: string): Instant => new Date(text).toISOString() as Instant

const withoutReview = ({ reviewed: _, ...text }: DraftText): DraftText => text

type Texts = {
  readonly country: string
  readonly args: ProposalBody['args']
  readonly keys: Readonly<Record<'event' | 'headline' | 'description' | 'instruction', string>>
}

function textsFor(parts: PrefillParts, { country, args, keys }: Texts): DraftContent['texts'] {
  const known = parts.countries(country) ?? unknownCountry(country)
  return Object.fromEntries(
    languagesFor(known).map((language) => {
      const writer = writerIn(parts, { language, country: known, args })
      const written = (key: string) => (writer && tryWrite(writer, key)) ?? { text: '', reviewed: false }
      const [event, headline, description, instruction] = [
        written(keys.event),
        written(keys.headline),
        written(keys.description),
        written(keys.instruction),
      ]
      const all = [event, headline, description, instruction]
      const text: DraftText = {
        ...{ event: event.text, headline: headline.text },
        ...{ description: description.text, instruction: instruction.text },
        isEdited: false,
        fromReviewed: all.every(({ reviewed }) => reviewed),
      }
      return [language, text]
    }),
  )
}

const writerIn = (
  { catalogues }: PrefillParts,
  { language, country, args }: { language: Language; country: WarnCountry; args: ProposalBody['args'] },
): Writer | undefined => {
  const catalogue = catalogues[language]
  return catalogue && writerFor(catalogue, { ...args, country: country.name(language) }, country.timeZone)
}

/** What a catalogue cannot write stays empty: the checks then ask a person for it. */
function tryWrite(
  writer: Writer,
  key: string,
): { readonly text: string; readonly reviewed: boolean } | undefined {
  try {
    return writer.write(key)
  } catch (cause) {
    if (cause instanceof TextUnwritable) return undefined
    throw cause
  }
}

const languagesFor = ({ languages }: WarnCountry): readonly Language[] => [...new Set([...languages, 'en'])]

/** The proposal, what it was derived from, and so on down to the event and the notices of others: the versions of now. */
async function evidenceBehind(reads: Reads, proposal: Held<ProposalBody>): Promise<readonly Evidence[]> {
  const found = new Map<string, Evidence>()
  let layer: readonly Held[] = [proposal]
  for (let depth = 0; depth < deepest && layer.length > 0; depth += 1) {
    const below: Ref[] = []
    for (const { record } of layer) {
      const { id, version, type } = record
      if (found.has(id) || found.size >= mostEvidence) continue
      found.set(id, { id, version, type })
      for (const link of record.links)
        if (link.type === 'derivedFrom' && link.version !== undefined)
          below.push({ id: link.id, version: link.version })
    }
    layer = await heldOf(reads, below)
  }
  return [...found.values()]
}

const deepest = 3
const mostEvidence = 200

async function heldOf(reads: Reads, refs: readonly Ref[]): Promise<readonly Held[]> {
  if (refs.length === 0) return []
  const ids = [...new Set(refs.map(({ id }) => id))]
  const all = await reads.read({ ids, versions: 'all' })
  return all.filter(({ record }) =>
    refs.some(({ id, version }) => id === record.id && version === record.version),
  )
}

export async function newestOf<Body>(
  reads: Reads,
  id: RecordId,
  type: string,
): Promise<Held<Body> | undefined> {
  const [held] = await reads.read({ ids: [id], types: [type] })
  return held as Held<Body> | undefined
}
