/**
 * Sources of other people's warnings: one for each feed that the region's data names, all with the one decoder of CAP.
 *
 * They are one family, so that a message that comes by two of them is one record. An index is followed politely: at most
 * two messages at a time, 150 after one reading.
 */
import type { SourceDeclaration } from '../../../../engines/ingest/index.ts'
import {
  type AlertDecoder,
  alertDecoder,
  type RegionWarnings,
  type WarningFeed,
} from '../../../../engines/warn/index.ts'

const accept =
  'application/cap+xml, application/json, application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8'

export function warningSources({ register, feeds }: RegionWarnings): readonly SourceDeclaration[] {
  return feeds.map((feed) => warningSource(feed, alertDecoder(register, feed.countries)))
}

function warningSource(feed: WarningFeed, { decode, linksIn }: AlertDecoder): SourceDeclaration {
  const { id, title, url, attribution, intervalMs, hosts } = feed
  return {
    id,
    title,
    attribution,
    family: 'cap',
    transport: { kind: 'http', url, intervalMs, timeoutMs: 30_000, maxBytes: 10_000_000, accept },
    decode,
    ...(feed.form === 'index' && {
      index: { links: linksIn, hosts, accept, maxBytes: 2_000_000, maxPerPoll: 150, atOnce: 2 },
    }),
  }
}
