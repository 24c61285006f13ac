/**
 * Atom 1.0 (RFC 4287) as an index of CAP messages, or with the messages inside `content`.
 *
 * Of several links of an entry the one of CAP's media type counts (`application/cap+xml`, or the older
 * `application/common-alerting-protocol+xml`); without one, the link that says no other type than XML: national services
 * leave the type out. A link to a page of HTML is no link to a message. Meteoalarm gives one entry for each warning and
 * area, all linking to one message: the same address under several ids is fetched once by whoever fetches.
 */
import type { XmlElement } from '../xml/read.ts'
import { childrenNamed } from '../xml/tree.ts'
import { isCapMediaType } from './contract.ts'
import { addEntry, type Findings, feedIssue, noFindings, textIn } from './findings.ts'

export const atomNamespace = 'http://www.w3.org/2005/Atom'

/** RFC 4287 §4.1.1. */
const feedElements = new Set(
  'author category contributor generator icon id link logo rights subtitle title updated entry'.split(' '),
)

export function readAtom(root: XmlElement): Findings {
  const findings = noFindings()
  const entries = root.name === 'entry' ? [root] : childrenNamed(root, 'entry')
  if (root.name === 'feed' && textIn(root, 'id') === undefined)
    findings.defects.push(feedIssue('feed/id-missing', '/feed/id'))
  for (const { name, namespace } of root.name === 'feed' ? root.children : []) {
    if (namespace === atomNamespace && !feedElements.has(name))
      findings.defects.push(feedIssue('feed/element-unknown', `/feed/${name}`))
  }
  for (const [at, element] of entries.entries()) {
    addEntry(findings, {
      element,
      place: root.name === 'entry' ? '/entry' : `/feed/entry[${at + 1}]`,
      id: textIn(element, 'id'),
      link: capLink(element),
      updated: textIn(element, 'updated') ?? textIn(element, 'published'),
      title: textIn(element, 'title'),
    })
  }
  return findings
}

function capLink(entry: XmlElement): string | undefined {
  const links = childrenNamed(entry, 'link').map(({ attributes }) => ({
    href: attributes.get('href')?.trim() ?? '',
    type: attributes.get('type')?.trim().toLowerCase() ?? '',
    rel: attributes.get('rel')?.trim().toLowerCase() ?? 'alternate',
  }))
  const found =
    links.find(({ href, type }) => href !== '' && isCapMediaType(type)) ??
    links.find(
      ({ href, type, rel }) => href !== '' && isXml(type) && (rel === 'alternate' || rel === 'related'),
    )
  return found?.href
}

const isXml = (type: string): boolean =>
  ['', 'application/xml', 'text/xml'].includes(type.split(';')[0] ?? '')
