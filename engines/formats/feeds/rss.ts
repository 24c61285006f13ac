/**
 * RSS 2.0 (rssboard.org, 2.0.11) as an index of CAP messages, or with the messages inside its items. The message is the
 * item's enclosure or Atom link of CAP's media type, else what its `link` names: in feeds of warnings that is the message.
 * Elements are read by local name, since RSS has no namespace and gateways put it in one.
 */
import type { XmlElement } from '../xml/read.ts'
import { child, childrenNamed } from '../xml/tree.ts'
import { isCapMediaType } from './contract.ts'
import { addEntry, type Findings, feedIssue, noFindings, textIn } from './findings.ts'

export function readRss(root: XmlElement): Findings {
  const findings = noFindings()
  const channel = child(root, 'channel')
  for (const name of ['title', 'link', 'description']) {
    if (channel === undefined || textIn(channel, name) === undefined)
      findings.defects.push(feedIssue('feed/channel-incomplete', `/rss/channel/${name}`))
  }
  const items = channel === undefined ? [] : childrenNamed(channel, 'item')
  for (const [at, element] of items.entries()) {
    const link = capLink(element)
    addEntry(findings, {
      element,
      place: `/rss/channel/item[${at + 1}]`,
      id: textIn(element, 'guid') ?? link,
      link,
      updated: textIn(element, 'pubDate'),
      title: textIn(element, 'title'),
    })
  }
  return findings
}

function capLink(item: XmlElement): string | undefined {
  const typed = item.children.find(
    ({ name, attributes }) =>
      (name === 'enclosure' || name === 'link') && isCapMediaType(attributes.get('type') ?? ''),
  )
  const address = typed?.attributes.get('url') ?? typed?.attributes.get('href')
  return address?.trim() || textIn(item, 'link')
}
