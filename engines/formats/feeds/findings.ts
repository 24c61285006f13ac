/** What the feed readers find wrong, and the small steps they share. */
import type { Issue } from '../../record/index.ts'
import type { XmlElement } from '../xml/read.ts'
import { xmlText } from '../xml/serialise.ts'
import { child } from '../xml/tree.ts'
import type { FeedEntry, RejectedEntry } from './contract.ts'

export type Findings = {
  readonly entries: FeedEntry[]
  readonly rejected: RejectedEntry[]
  readonly defects: Issue[]
}

export const noFindings = (): Findings => ({ entries: [], rejected: [], defects: [] })

const sentences = {
  'feed/unknown-document': 'This is no Atom, RSS, EDXL-DE, CAP or CAP as JSON that we know.',
  'feed/id-missing': 'The feed itself has no id.',
  'feed/channel-incomplete': 'The channel lacks an element that RSS requires.',
  'feed/element-unknown': 'The format knows no such element here. It was not read.',
  'feed/entry-without-id': 'The entry has no id; its link is taken for one.',
  'feed/entry-without-message': 'The entry carries no CAP message and no link to one.',
  'feed/id-twice': 'Two entries have the same id. Both were read.',
  'feed/not-carried': 'The envelope carries something that is no CAP message. It was not read.',
} as const
export type FeedRule = keyof typeof sentences

export const feedIssue = (rule: FeedRule, place: string, value?: string): Issue => ({
  rule,
  place,
  message: sentences[rule],
  ...(value === undefined ? {} : { value: value.slice(0, 200) }),
})

export const textIn = (element: XmlElement, name: string): string | undefined => {
  const text = child(element, name)?.text.trim()
  return text === undefined || text === '' ? undefined : text
}

export const rejectElement = (element: XmlElement, issues: readonly Issue[]): RejectedEntry => ({
  bytes: new TextEncoder().encode(xmlText(element)),
  mediaType: 'application/xml',
  issues,
})

const capNamespace = /^urn:oasis:names:tc:emergency:cap:/

export const isCapAlert = (element: XmlElement): boolean =>
  element.name === 'alert' && capNamespace.test(element.namespace)

/** Elements of CAP that stand beside the entry's own: what the feed says of the message. */
export function summaryOf(element: XmlElement): Record<string, string> {
  const said = element.children
    .filter(({ namespace, name }) => capNamespace.test(namespace) && name !== 'alert')
    .map(({ name, text, children }): [string, string] => [
      name,
      [text, ...children.map((each) => each.text)]
        .map((part) => part.trim())
        .filter(Boolean)
        .join(' '),
    ])
  return Object.fromEntries(said)
}

/** CAP messages anywhere below, none inside another. */
export function alertsBelow(element: XmlElement): readonly XmlElement[] {
  return element.children.flatMap((each) => (isCapAlert(each) ? [each] : alertsBelow(each)))
}

export type Found = {
  readonly element: XmlElement
  readonly place: string
  readonly id: string | undefined
  readonly link: string | undefined
  readonly updated: string | undefined
  readonly title: string | undefined
}

/** One entry of an Atom or RSS feed into the findings: messages inside it first, else its link, else it is rejected. */
export function addEntry(findings: Findings, { element, place, id, link, updated, title }: Found): void {
  const alerts = alertsBelow(element)
  const missing = id === undefined ? [feedIssue('feed/entry-without-id', place)] : []
  if (alerts.length === 0 && link === undefined) {
    const issues = [...missing, feedIssue('feed/entry-without-message', place, title)]
    findings.rejected.push(rejectElement(element, issues))
    return
  }
  findings.defects.push(...missing)
  const shared = {
    place,
    ...(link === undefined ? {} : { link }),
    ...(updated === undefined ? {} : { updated }),
    ...(title === undefined ? {} : { title }),
    summary: summaryOf(element),
  }
  const known = id ?? link ?? place
  if (alerts.length === 0) findings.entries.push({ ...shared, id: known })
  for (const [nth, alert] of alerts.entries()) {
    findings.entries.push({
      ...shared,
      id: nth === 0 ? known : `${known}#${nth + 1}`,
      inline: xmlText(alert),
    })
  }
}

export function reportTwice(findings: Findings): void {
  const seen = new Set<string>()
  for (const { id, place } of findings.entries) {
    if (seen.has(id)) findings.defects.push(feedIssue('feed/id-twice', place, id))
    seen.add(id)
  }
}
