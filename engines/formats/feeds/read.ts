/**
 * One reader for whatever an address of warnings answers: Atom 1.0, RSS 2.0, an EDXL-DE envelope, one CAP message alone,
 * or CAP as JSON. The bytes decide, not the media type, which is often wrong. Hostile XML is refused by `readXml`.
 */
import type { Issue } from '../../record/index.ts'
import { readXml, type XmlElement } from '../xml/read.ts'
import { atomNamespace, readAtom } from './atom.ts'
import { readCapJson } from './cap-json.ts'
import type { FeedKind, FeedRead } from './contract.ts'
import { edxlNamespace, readEdxl } from './edxl.ts'
import { type Findings, feedIssue, isCapAlert, reportTwice } from './findings.ts'
import { readRss } from './rss.ts'

export function readFeed(bytes: Uint8Array): FeedRead {
  if (startsAsJson(bytes)) return readCapJson(bytes)
  const read = readXml(bytes)
  if (!read.ok) return refused(bytes, read.issue)
  const kind = kindOf(read.root)
  if (kind === undefined) return refused(bytes, feedIssue('feed/unknown-document', `/${read.root.name}`))
  if (kind === 'cap') return messageAlone
  const findings = findingsOf(kind, read.root)
  reportTwice(findings)
  return { kind, ...findings }
}

/** No entries: the payload itself is the message, to be read as it came, signature and all. */
const messageAlone: FeedRead = { kind: 'cap', entries: [], rejected: [], defects: [] }

type XmlFeedKind = Exclude<FeedKind, 'cap-json'>

function kindOf(root: XmlElement): XmlFeedKind | undefined {
  if (root.namespace === atomNamespace && (root.name === 'feed' || root.name === 'entry')) return 'atom'
  if (root.name === 'rss') return 'rss'
  if (root.name === 'EDXLDistribution' && edxlNamespace.test(root.namespace)) return 'edxl-de'
  return isCapAlert(root) || (root.name === 'alert' && root.namespace === '') ? 'cap' : undefined
}

function findingsOf(kind: Exclude<XmlFeedKind, 'cap'>, root: XmlElement): Findings {
  switch (kind) {
    case 'atom':
      return readAtom(root)
    case 'rss':
      return readRss(root)
    case 'edxl-de':
      return readEdxl(root)
  }
}

/** A byte order mark and white space may stand before it. */
function startsAsJson(bytes: Uint8Array): boolean {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 256))
  return /^(?:ï»¿)?\s*[[{]/.test(head)
}

const refused = (bytes: Uint8Array, issue: Issue): FeedRead => ({
  entries: [],
  rejected: [{ bytes, mediaType: 'application/xml', issues: [issue] }],
  defects: [],
})
