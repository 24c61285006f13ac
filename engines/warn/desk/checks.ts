/**
 * What is looked at before a draft is submitted, and again before it goes out: does it make sense in time, does somebody
 * speak for this country, is the area a shape, do the languages agree (`language-check.ts`), and does our own validator
 * call the message clean. Each finding names its rule and its place in the draft.
 */
import {
  type CapAlert,
  CapNotClean,
  type CapPoint,
  crossesItself,
  isClosed,
  writeCap,
} from '../../formats/index.ts'
import { type Instant, millis } from '../../record/index.ts'
import type { HeldWarning } from '../chain.ts'
import type { IssueRule } from '../mandate.ts'
import type { WarnCountry } from '../message.ts'
import type { DeskRules, DraftContent, DraftPurpose, Finding } from './contract.ts'
import { type LocaleOf, languageFindings } from './language-check.ts'
import { isReviewed, languagesOf } from './message.ts'

export type Checked = {
  readonly content: DraftContent
  readonly purpose: DraftPurpose
  readonly now: Instant
  readonly rules: DeskRules
  readonly rule: IssueRule | undefined
  readonly country: WarnCountry
  readonly localeOf: LocaleOf
  /** Messages that the draft would update or end, and whether there are more than its author knew. */
  readonly live: readonly HeldWarning[]
  readonly hasMovedOn: boolean
  /** As it would go out now; undefined where nobody may issue it. */
  readonly alert: CapAlert | undefined
}

export const mostVertices = 100
const longestHeadline = 140
const longestEvent = 35
const dayMs = 86_400_000

export function checkDraft(checked: Checked): readonly Finding[] {
  const own = [
    ...timeFindings(checked),
    ...codeFindings(checked),
    ...areaFindings(checked),
    ...textFindings(checked),
    ...languageFindings(checked.content.texts, checked.localeOf),
    ...referenceFindings(checked),
  ]
  return [...own, ...capFindings(checked, own)]
}

/** What keeps it from going on: errors that nobody has set aside. */
export const obstacles = (findings: readonly Finding[], despite: readonly string[]): readonly Finding[] =>
  findings.filter(
    ({ level, mayOverride, rule }) => level === 'error' && !(mayOverride && despite.includes(rule)),
  )

type Said = readonly [rule: string, place: string, value: string, message: string]

const error = (...[rule, place, value, message]: Said): Finding => ({
  rule,
  level: 'error',
  place,
  value: value.slice(0, 200),
  message,
  mayOverride: false,
})
const warning = (...said: Said): Finding => ({ ...error(...said), level: 'warning' })

function* timeFindings({ content, now, rules, purpose }: Checked): Generator<Finding> {
  const { effective, onset, expires } = content
  if (expires <= now && purpose !== 'cancel')
    yield error('desk/expired', '/expires', expires, 'It would be over before it is sent; give a later end.')
  if (millis(expires) > millis(now) + rules.maxDays * dayMs)
    yield error('desk/too-long', '/expires', expires, `It would hold for more than ${rules.maxDays} days.`)
  if (onset !== undefined && onset > expires)
    yield error('desk/onset-after-expires', '/onset', onset, 'It begins after its end.')
  if (effective !== undefined && effective > (onset ?? expires))
    yield error(
      'desk/effective-late',
      '/effective',
      effective,
      'It takes effect after it begins, or after its end.',
    )
  if (effective !== undefined && effective < now)
    yield warning(
      'desk/effective-past',
      '/effective',
      effective,
      'This is past; it takes effect when it is sent.',
    )
}

function* codeFindings({ content, rule, purpose }: Checked): Generator<Finding> {
  for (const name of ['urgency', 'severity', 'certainty'] as const)
    if (content[name] === 'Unknown')
      yield error('desk/unknown-value', `/${name}`, 'Unknown', 'Say what it is; Unknown helps nobody decide.')
  if (content.category.length === 0)
    yield error('desk/no-category', '/category', '', 'Choose at least one category.')
  if (content.responseType.length === 0 && purpose !== 'cancel')
    yield warning('desk/no-response', '/responseType', '', 'Say what people should do.')
  if (rule === undefined)
    yield error(
      'desk/no-issuer',
      '/rule',
      content.rule ?? '',
      `No issue rule of this node covers ${content.hazard} in ${content.country}; an administrator adds one with its mandate.`,
    )
}

function* areaFindings({ content: { areas } }: Checked): Generator<Finding> {
  if (areas.length === 0)
    yield error('desk/no-area', '/areas', '', 'Say where: draw an area or choose its code.')
  for (const [at, area] of areas.entries()) {
    const place = `/areas/${at}`
    if (area.polygons.length + area.circles.length + area.geocodes.length === 0)
      yield error('desk/area-empty', place, '', 'This area has neither a shape nor a code.')
    for (const [ring, points] of area.polygons.entries())
      yield* ringFindings(points, `${place}/polygons/${ring}`)
    for (const [circle, { radiusKm }] of area.circles.entries())
      if (!(radiusKm > 0))
        yield error(
          'desk/circle-radius',
          `${place}/circles/${circle}`,
          String(radiusKm),
          'The radius must be above zero.',
        )
  }
}

function* ringFindings(points: readonly CapPoint[], place: string): Generator<Finding> {
  const size = String(points.length)
  if (points.length > mostVertices)
    yield error(
      'desk/polygon-too-many-points',
      place,
      size,
      `At most ${mostVertices} points: phones cut more.`,
    )
  if (points.length < 4) yield error('desk/polygon-too-few-points', place, size, 'A ring needs four points.')
  else if (!isClosed(points))
    yield error('desk/polygon-open', place, size, 'The last point must be the first; close the ring.')
  else if (crossesItself(points, 1_000_000).crosses !== false)
    yield error(
      'desk/polygon-crosses-itself',
      place,
      size,
      'The edges cross; draw it so that inside is clear.',
    )
  if (points.some(([lat, lon]) => Math.abs(lat) > 90 || Math.abs(lon) > 180))
    yield error('desk/polygon-off-the-earth', place, size, 'A point lies outside the Earth.')
}

function* textFindings({ content, country }: Checked): Generator<Finding> {
  const languages = languagesOf(country, content.texts)
  if (languages.length === 0) yield error('desk/no-text', '/texts', '', 'There is no text; write one.')
  for (const language of new Set([...country.languages, 'en']))
    if (content.texts[language] === undefined)
      yield warning(
        'desk/language-missing',
        '/texts',
        language,
        `The warning will say that ${language} is missing.`,
      )
  for (const language of languages) {
    const text = content.texts[language]
    if (text === undefined) continue
    const place = `/texts/${language}`
    if ([...text.headline].length >= longestHeadline)
      yield error(
        'desk/headline-too-long',
        `${place}/headline`,
        text.headline,
        `Under ${longestHeadline} characters.`,
      )
    if ([...text.event].length > longestEvent)
      yield error(
        'desk/event-too-long',
        `${place}/event`,
        text.event,
        `At most ${longestEvent}: a name, not a text.`,
      )
    if (!isReviewed(text))
      yield warning('desk/not-reviewed', place, language, 'Nobody has read this; the message will say so.')
  }
}

function* referenceFindings({ purpose, live, hasMovedOn }: Checked): Generator<Finding> {
  if (hasMovedOn)
    yield error(
      'desk/chain-moved-on',
      '',
      '',
      'Another message of this warning went out since; begin a new draft from the newest.',
    )
  else if (purpose === 'alert' && live.length > 0)
    yield error(
      'desk/in-force-already',
      '',
      String(live.length),
      'This warning is in force; make an update of it.',
    )
  else if (purpose !== 'alert' && live.length === 0)
    yield error(
      'desk/nothing-in-force',
      '',
      '',
      `Nothing is in force any more that could be ${purpose}d; warn anew.`,
    )
}

/** Of our own validator, for what the rules above have not said in the draft's own places. */
function capFindings({ alert }: Checked, own: readonly Finding[]): readonly Finding[] {
  if (alert === undefined || own.some(({ level, mayOverride }) => level === 'error' && !mayOverride))
    return []
  try {
    writeCap(alert)
    return []
  } catch (cause) {
    if (!(cause instanceof CapNotClean)) throw cause
    return cause.defects.map(({ rule, place, value, message }) => error(rule, place, value, message))
  }
}
