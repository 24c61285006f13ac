/**
 * A feed of CAP messages, whatever its shape: a list of entries, each with a message inside, or with a link to it, or
 * with both. Nothing is fetched here. An empty feed is an empty list: it says nothing about what is in force.
 */
import type { Issue } from '../../record/index.ts'

export type FeedKind = 'atom' | 'rss' | 'edxl-de' | 'cap' | 'cap-json'

export type FeedEntry = {
  /** Where it stands in the document, an XPath or JSON pointer. */
  readonly place: string
  /** As the feed gives it, or the link where the feed gives none. */
  readonly id: string
  /** Address of the CAP message, as written: it may be relative. */
  readonly link?: string
  /** As written: `updated` or `published` of Atom, `pubDate` of RSS. Only good for telling a change. */
  readonly updated?: string
  readonly title?: string
  /** The message itself as a CAP document, taken out of the feed. */
  readonly inline?: string
  /** `distributionStatus` of an envelope: not Actual, and what it carries is not either. */
  readonly envelopeStatus?: string
  /** What the feed itself says of the message in elements of CAP (`cap:event`, `cap:expires` …), unread. */
  readonly summary: Readonly<Record<string, string>>
}

/** One entry that cannot be used, whole, with where and why. */
export type RejectedEntry = {
  readonly bytes: Uint8Array
  readonly mediaType: string
  readonly issues: readonly Issue[]
}

export type FeedRead = {
  /** Undefined when the document is none of them; then it stands in `rejected` whole. */
  readonly kind?: FeedKind
  readonly entries: readonly FeedEntry[]
  readonly rejected: readonly RejectedEntry[]
  readonly defects: readonly Issue[]
}

/** RFC 6838 registration, and the name that older senders use. */
export const capMediaTypes = ['application/cap+xml', 'application/common-alerting-protocol+xml'] as const

export const isCapMediaType = (type: string): boolean =>
  (capMediaTypes as readonly string[]).includes((type.split(';')[0] ?? '').trim().toLowerCase())
