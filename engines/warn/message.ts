/**
 * The CAP message: from a proposal, the chain it joins and the rule that lets it go out, to the alert in memory.
 *
 * Languages: every official language of the country, then English, one `info` each. The codes, times, parameters and
 * shapes of all infos are the same values, so the languages cannot disagree about anything but words (CAP 1.2 §3.2.2).
 * What nobody has reviewed says so, in its own language and as a parameter. An official language without a catalogue is
 * named in a parameter: it is missing, not papered over.
 *
 * Advice (no mandate): scope Private, addressed to the country's authority, with a note; CAP 1.2 §3.2.1 defines Private
 * as dissemination only to the addresses given, so no relay that follows the standard shows it to the public.
 */
import { type CapAlert, type CapInfo, type CapReference, capTime } from '../formats/index.ts'
import {
  exerciseOf,
  type Handling,
  type Instant,
  inLanguage,
  isPublic,
  type Language,
  type Realm,
} from '../record/index.ts'
import type { Catalogue, ProposalBody } from './contract.ts'
import { type IssueRule, statusOf } from './mandate.ts'
import { commonKeys, type Writer, writerFor } from './texts.ts'

/** What warn asks of the region about one country. */
export type WarnCountry = {
  /** BCP 47, official languages first to last. */
  readonly languages: readonly Language[]
  /** IANA name. */
  readonly timeZone: string
  /** The name to print, with its footnote mark where one is agreed. */
  readonly name: (language: Language) => string
  /** The footnote itself. */
  readonly footnote?: (language: Language) => string | undefined
  /** CAP address of the authority that advice goes to. */
  readonly authority?: string
}
export type WarnCountries = (code: string) => WarnCountry | undefined

export type MessageParts = {
  readonly proposal: ProposalBody
  readonly realm: Realm
  readonly rule: IssueRule
  readonly msgType: 'Alert' | 'Update' | 'Cancel'
  readonly identifier: string
  readonly sent: Instant
  readonly expires: Instant
  readonly references: readonly CapReference[]
  /** Of what it rests on: a message from restricted inputs says so itself, wherever it is carried. */
  readonly handling: Handling
  readonly country: WarnCountry
  readonly catalogues: Readonly<Record<Language, Catalogue>>
}
export type Message = { readonly alert: CapAlert; readonly reviewed: Readonly<Record<Language, boolean>> }

/** When the region knows nothing of a country: English, its code as its name, UTC. */
export const unknownCountry = (code: string): WarnCountry => ({
  languages: [],
  timeZone: 'UTC',
  name: () => code,
})

export function messageOf(parts: MessageParts): Message {
  const { proposal, rule, country, catalogues } = parts
  const wanted = [...new Set([...country.languages, 'en'])]
  const missing = wanted.filter((language) => !catalogues[language])
  const written = wanted.flatMap((language) => {
    const catalogue = catalogues[language]
    return catalogue ? [{ language, ...wordsOf(parts, catalogue) }] : []
  })
  const unreviewed = written.filter(({ reviewed }) => !reviewed).map(({ language }) => language)
  const parameter = [
    ...proposal.parameter,
    ...(unreviewed.length > 0
      ? [{ valueName: 'mosaic:languages-unreviewed', value: unreviewed.join(' ') }]
      : []),
    ...(missing.length > 0 ? [{ valueName: 'mosaic:languages-missing', value: missing.join(' ') }] : []),
  ]
  const isAdvice = rule.mandate.kind === 'advice'
  const note = noteOf({ ...parts, country: proposal.country })
  const alert: CapAlert = {
    version: '1.2',
    identifier: parts.identifier,
    sender: rule.sender,
    sent: capTime(parts.sent),
    status: statusOf(parts.realm),
    msgType: parts.msgType,
    ...scopeOf(parts, isAdvice),
    addresses: isAdvice ? [country.authority ?? `warning-authority:${proposal.country}`] : [],
    code: [],
    ...(note !== undefined && { note }),
    references: parts.references,
    incidents: [proposal.event],
    info: written.map(({ language, words, area }) => ({
      ...codesOf(parts, language, parameter),
      ...words,
      area,
    })),
    signatures: 0,
  }
  return {
    alert,
    reviewed: Object.fromEntries(written.map(({ language, reviewed }) => [language, reviewed])),
  }
}

/** CAP 1.2 §3.2.1: Restricted carries a `restriction`; Public only what anybody may have at the time it is sent. */
function scopeOf(
  { handling, sent }: MessageParts,
  isAdvice: boolean,
): Pick<CapAlert, 'scope' | 'restriction'> {
  if (isAdvice) return { scope: 'Private' }
  return isPublic(handling, sent) ? { scope: 'Public' } : { scope: 'Restricted', restriction: handling.tlp }
}

type Coded = Omit<CapInfo, 'event' | 'headline' | 'description' | 'instruction' | 'area'>

function codesOf(parts: MessageParts, language: Language, parameter: CapInfo['parameter']): Coded {
  const { proposal, rule } = parts
  return {
    language,
    category: proposal.category,
    responseType: proposal.responseType,
    urgency: proposal.urgency,
    severity: proposal.severity,
    certainty: proposal.certainty,
    eventCode: proposal.eventCode,
    effective: capTime(parts.sent),
    onset: capTime(proposal.onset),
    expires: capTime(parts.expires),
    senderName: inLanguage(rule.senderName, language)?.text ?? rule.sender,
    ...(rule.web !== undefined && { web: rule.web }),
    ...(rule.contact !== undefined && { contact: rule.contact }),
    parameter,
    resource: [],
  }
}

type Words = Required<Pick<CapInfo, 'event' | 'headline' | 'description' | 'instruction'>>

function wordsOf(parts: MessageParts, catalogue: Catalogue) {
  const { proposal, country } = parts
  const { language } = catalogue
  const writer = writerFor(catalogue, { ...proposal.args, country: country.name(language) }, country.timeZone)
  const used: boolean[] = []
  const say = (key: string) => {
    const { text, reviewed } = writer.write(key)
    used.push(reviewed)
    return text
  }
  const keys = keysOf(parts)
  const prefix = keys.prefix ? `${say(keys.prefix)}: ` : ''
  const event = say(proposal.texts.event)
  const headline = `${prefix}${say(keys.headline)}`
  const body = keys.description.map(say)
  const instruction = say(keys.instruction)
  const area = areasOf(proposal, writer, say)
  const isReviewed = used.every((reviewed) => reviewed)
  const footnote = country.footnote?.(language)
  const description = [
    ...body,
    ...(footnote === undefined ? [] : [footnote]),
    ...(isReviewed ? [] : [writer.write(commonKeys.unreviewed).text]),
  ].join('\n')
  const words: Words = {
    event: `${prefix}${event}`,
    headline,
    description: `${prefix}${description}`,
    instruction,
  }
  return { words, area, reviewed: isReviewed }
}

function keysOf({ proposal: { texts }, rule, msgType, realm }: MessageParts) {
  const status = statusOf(realm)
  const prefix = status === 'Exercise' ? commonKeys.exercise : status === 'Test' ? commonKeys.test : undefined
  const drill =
    status === 'Exercise' ? [commonKeys.exerciseNote] : status === 'Test' ? [commonKeys.testNote] : []
  const advice = rule.mandate.kind === 'advice'
  const before = [...drill, ...(advice ? [commonKeys.advice] : [])]
  if (msgType === 'Cancel') {
    const { headline, description, instruction } = texts.ending ?? texts
    return { prefix, headline, description: [...before, description], instruction }
  }
  const revised = msgType === 'Update' && texts.revised !== undefined ? [texts.revised] : []
  const { headline, instruction } = (advice && texts.advice) || texts
  return { prefix, headline, description: [...before, ...revised, texts.description], instruction }
}

function areasOf(proposal: ProposalBody, writer: Writer, say: (key: string) => string): CapInfo['area'] {
  return proposal.areas.map(({ desc, polygons, circles, geocodes }) => ({
    areaDesc:
      desc[writer.language] ??
      (proposal.texts.area ? say(proposal.texts.area) : (desc.en ?? proposal.country)),
    polygon: polygons,
    circle: circles,
    geocode: geocodes.map(({ scheme, code }) => ({ valueName: scheme, value: code })),
  }))
}

/** CAP asks for a note with status Exercise (§3.2.1) and it helps with the others. For machines' operators: English. */
export function noteOf({
  realm,
  rule,
  country,
}: Pick<MessageParts, 'realm' | 'rule'> & { readonly country: string }): string | undefined {
  const status = statusOf(realm)
  const drill =
    status === 'Exercise'
      ? [`Exercise ${exerciseOf(realm)}. Nothing of this has happened now.`]
      : status === 'Test'
        ? ['Technical test. Disregard.']
        : []
  const advice =
    rule.mandate.kind === 'advice'
      ? [`Advice to the authority of ${country}, which alone may warn its public. Not a warning.`]
      : []
  const all = [...drill, ...advice].join(' ')
  return all === '' ? undefined : all
}
