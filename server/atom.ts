/**
 * Atom (RFC 4287) index of CAP messages: one entry per warning in force, its link of type `application/cap+xml`, as CAP
 * aggregators read it. A feed without entries says in its subtitle that none is in force and as of when, so that a
 * reader can tell silence from failure.
 */
import type { Instant } from '../engines/record/index.ts'
import type { HeldWarning } from './views/warning.ts'

export type Feed = {
  readonly title: string
  /** Absolute address of the feed itself; also its id. */
  readonly self: string
  /** `/api/v1/warnings/ID.xml`, absolute. */
  readonly addressOf: (warning: HeldWarning) => string
  readonly author: string
  readonly asOf: Instant
  readonly warnings: readonly HeldWarning[]
}

export function atomOf({ title, self, addressOf, author, asOf, warnings }: Feed): string {
  const updated = warnings.reduce(
    (newest, { record }) => (record.body.sent > newest ? record.body.sent : newest),
    '',
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2">',
    `  <id>${escaped(self)}</id>`,
    `  <title>${escaped(title)}</title>`,
    `  <subtitle>${warnings.length === 0 ? 'No warning in force' : `${warnings.length} in force`} as of ${asOf}</subtitle>`,
    `  <updated>${updated === '' ? asOf : updated}</updated>`,
    `  <author><name>${escaped(author)}</name></author>`,
    `  <link rel="self" type="application/atom+xml" href="${escaped(self)}"/>`,
    ...warnings.flatMap((warning) => entryOf(warning, addressOf(warning))),
    '</feed>',
    '',
  ].join('\n')
}

function entryOf({ record: { body } }: HeldWarning, address: string): string[] {
  const english = body.infos.find(({ language }) => language?.startsWith('en')) ?? body.infos[0]
  return [
    '  <entry>',
    `    <id>urn:cap:${escaped(body.sender)}:${escaped(body.identifier)}</id>`,
    `    <title>${escaped(english?.headline ?? english?.event ?? body.identifier)}</title>`,
    `    <updated>${body.sent}</updated>`,
    `    <published>${body.sent}</published>`,
    `    <author><name>${escaped(english?.senderName ?? body.sender)}</name></author>`,
    `    <link rel="alternate" type="application/cap+xml" href="${escaped(address)}"/>`,
    `    <content type="application/cap+xml" src="${escaped(address)}"/>`,
    `    <summary>${escaped(english?.description ?? english?.headline ?? '')}</summary>`,
    `    <cap:status>${body.status}</cap:status>`,
    `    <cap:msgType>${body.msgType}</cap:msgType>`,
    `    <cap:severity>${english?.severity ?? 'Unknown'}</cap:severity>`,
    `    <cap:urgency>${english?.urgency ?? 'Unknown'}</cap:urgency>`,
    `    <cap:certainty>${english?.certainty ?? 'Unknown'}</cap:certainty>`,
    `    <cap:expires>${english?.expires ?? body.expires}</cap:expires>`,
    '  </entry>',
  ]
}

const escaped = (text: string): string =>
  text
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
