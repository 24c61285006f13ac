/**
 * From a draft to the CAP message: every language of the draft as an info block, the codes, times and areas once for all
 * of them. What the engine adds to the words is what it adds to its own messages: the word of an exercise, that advice is
 * no public warning, that nobody reviewed a language, the footnote of a name.
 */
import { type CapAlert, type CapInfo, type CapReference, capTime } from '../../formats/index.ts'
import {
  type Handling,
  type Instant,
  inLanguage,
  isPublic,
  type Language,
  type Realm,
} from '../../record/index.ts'
import type { Catalogue } from '../contract.ts'
import { type IssueRule, statusOf } from '../mandate.ts'
import { noteOf, type WarnCountry } from '../message.ts'
import { type WarningProfile, withProfile } from '../profile.ts'
import { commonKeys } from '../texts.ts'
import type { DraftContent, DraftText } from './contract.ts'

export type DeskMessage = {
  readonly content: DraftContent
  readonly msgType: 'Alert' | 'Update' | 'Cancel'
  readonly realm: Realm
  readonly rule: IssueRule
  readonly identifier: string
  readonly sent: Instant
  readonly expires: Instant
  readonly references: readonly CapReference[]
  readonly incidents: readonly string[]
  readonly handling: Handling
  readonly country: WarnCountry
  readonly catalogues: Readonly<Record<Language, Catalogue>>
  readonly profile: WarningProfile | undefined
}

/** A person read these words, or nobody changed what was reviewed in the catalogue. */
export const isReviewed = ({ reviewed, isEdited, fromReviewed }: DraftText): boolean =>
  reviewed !== undefined || (fromReviewed && !isEdited)

/** Official languages of the country first, then English, then what else there is. */
export function languagesOf(
  { languages }: Pick<WarnCountry, 'languages'>,
  texts: DraftContent['texts'],
): readonly Language[] {
  const wanted = [...languages, 'en'].filter((language) => texts[language] !== undefined)
  return [...new Set([...wanted, ...Object.keys(texts).sort()])]
}

export function deskMessage(message: DeskMessage): CapAlert {
  const { content, realm, rule, country, handling, sent } = message
  const isAdvice = rule.mandate.kind === 'advice'
  const note = [noteOf({ realm, rule, country: content.country }), content.note]
    .filter((each) => each)
    .join(' ')
  const languages = languagesOf(country, content.texts)
  return {
    version: '1.2',
    identifier: message.identifier,
    sender: rule.sender,
    sent: capTime(sent),
    status: statusOf(realm),
    msgType: message.msgType,
    ...(isAdvice
      ? { scope: 'Private' as const }
      : isPublic(handling, sent)
        ? { scope: 'Public' as const }
        : { scope: 'Restricted' as const, restriction: handling.tlp }),
    addresses: isAdvice ? [country.authority ?? `warning-authority:${content.country}`] : [],
    code: [],
    ...(note !== '' && { note }),
    references: message.references,
    incidents: message.incidents,
    info: languages.map((language) => infoIn(language, message)),
    signatures: 0,
  }
}

function infoIn(language: Language, message: DeskMessage): CapInfo {
  const { content, rule, sent } = message
  const isEnding = message.msgType === 'Cancel'
  return {
    language,
    category: content.category,
    ...wordsIn(language, message),
    responseType: isEnding ? ['AllClear'] : content.responseType,
    urgency: isEnding ? 'Past' : content.urgency,
    severity: content.severity,
    certainty: content.certainty,
    eventCode: content.eventCode,
    effective: capTime(laterOf(content.effective, sent)),
    onset: capTime(content.onset ?? laterOf(content.effective, sent)),
    expires: capTime(message.expires),
    senderName: inLanguage(rule.senderName, language)?.text ?? rule.sender,
    ...(rule.web !== undefined && { web: rule.web }),
    ...(rule.contact !== undefined && { contact: rule.contact }),
    parameter: parametersOf(message, isEnding),
    resource: [],
    area: content.areas.map(({ desc, polygons, circles, geocodes }) => ({
      areaDesc: inLanguage(desc, language)?.text ?? message.country.name(language),
      polygon: polygons,
      circle: circles,
      geocode: geocodes.map(({ scheme, code }) => ({ valueName: scheme, value: code })),
    })),
  }
}

/** Not before it is sent (CAP 1.2 §3.2.2 effective). */
const laterOf = (effective: Instant | undefined, sent: Instant): Instant =>
  effective !== undefined && effective > sent ? effective : sent

function parametersOf({ content, country, profile }: DeskMessage, isEnding: boolean): CapInfo['parameter'] {
  const unreviewed = languagesOf(country, content.texts).filter((language) => {
    const text = content.texts[language]
    return text !== undefined && !isReviewed(text)
  })
  const missing = [...new Set([...country.languages, 'en'])].filter((language) => !content.texts[language])
  return [
    ...withProfile({ ...content, isEnding }, profile),
    ...(unreviewed.length > 0
      ? [{ valueName: 'mosaic:languages-unreviewed', value: unreviewed.join(' ') }]
      : []),
    ...(missing.length > 0 ? [{ valueName: 'mosaic:languages-missing', value: missing.join(' ') }] : []),
  ]
}

type InfoWords = Required<Pick<CapInfo, 'event' | 'headline' | 'description' | 'instruction'>>

function wordsIn(language: Language, { content, realm, rule, country, catalogues }: DeskMessage): InfoWords {
  const text = content.texts[language]
  const common = (key: string): readonly string[] => {
    const said = catalogues[language]?.messages[key] ?? catalogues['en']?.messages[key]
    return said === undefined ? [] : [said.text]
  }
  const status = statusOf(realm)
  const [word, drill] =
    status === 'Exercise'
      ? [common(commonKeys.exercise), common(commonKeys.exerciseNote)]
      : status === 'Test'
        ? [common(commonKeys.test), common(commonKeys.testNote)]
        : [[], []]
  const prefix = word.map((each) => `${each}: `).join('')
  const footnote = country.footnote?.(language)
  const description = (text?.description ?? '').trim()
  return {
    event: `${prefix}${(text?.event ?? '').trim()}`,
    headline: `${prefix}${(text?.headline ?? '').trim()}`,
    description: [
      ...drill.map((each) => `${prefix}${each}`),
      ...(rule.mandate.kind === 'advice' ? common(commonKeys.advice) : []),
      description,
      ...(footnote === undefined || description.includes(footnote) ? [] : [footnote]),
      ...(text === undefined || isReviewed(text) ? [] : common(commonKeys.unreviewed)),
    ].join('\n'),
    instruction: (text?.instruction ?? '').trim(),
  }
}
