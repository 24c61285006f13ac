/**
 * The decoder of every source of CAP messages: one message alone, a feed or an envelope with messages inside, CAP as JSON.
 * Which of them it is, the bytes say. What is linked only is no observation yet: `linksIn` names it, the runtime fetches
 * it, and it comes here as a message alone. A message that is withheld is rejected whole, with its reasons.
 */
import {
  type CapReadOptions,
  type FeedEntry,
  type FeedRead,
  readCapBy,
  readFeed,
} from '../../formats/index.ts'
import type { Decoded, IndexLink, Observed, Payload, Rejected } from '../../ingest/index.ts'
import type { Instant, Issue } from '../../record/index.ts'
import { type AlertDraft, alertDraft } from './alert-draft.ts'
import { authoritiesOf, policyBy } from './authority.ts'
import type { Register } from './contract.ts'
import type { AlertBody } from './records.ts'

export type AlertDecoder = {
  readonly decode: (payload: Payload) => Decoded
  /** Undefined when the payload is no index: then nothing is to be fetched, and nothing follows from that. */
  readonly linksIn: (payload: Payload) => readonly IndexLink[]
}

/**
 * `countries`: those that the feed speaks of. A registered authority of another country is not believed in it, or whoever
 * fills one feed could end the warnings of a neighbour. Absent or empty: a feed of all.
 */
export function alertDecoder(register: Register, countries: readonly string[] = []): AlertDecoder {
  const authorityOf = authoritiesOf(register)
  const policyOf = policyBy(authorityOf)
  const isAtHome = (sender: string): boolean => {
    const country = authorityOf(sender)?.country
    return country === undefined || countries.length === 0 || countries.includes(country)
  }
  const draft = (message: Uint8Array | string, options: Omit<CapReadOptions, 'policyOf'>): AlertDraft => {
    const reading = readCapBy(message, { policyOf, ...options })
    const sender = reading.verdict.alert?.sender
    if (sender !== undefined && !isAtHome(sender)) return outOfPlace(sender)
    return alertDraft(reading, register.profile)
  }
  return {
    decode: ({ bytes, mediaType }) => {
      const feed = readFeed(bytes)
      const inside = feed.kind === 'cap' ? [alone(draft(bytes, {}), bytes, mediaType)] : inlineOf(feed, draft)
      return decodedOf(feed, inside)
    },
    linksIn: ({ bytes }) => readFeed(bytes).entries.flatMap(linkOf),
  }
}

const outOfPlace = (sender: string): AlertDraft => ({
  ok: false,
  issues: [
    {
      rule: 'warn/sender-out-of-place',
      place: '/alert/sender',
      value: sender.slice(0, 200),
      message:
        'This feed does not speak for the country of this authority. Ask the authority; then add the feed to it.',
    },
  ],
})

type Read = {
  readonly read: AlertDraft
  readonly bytes: () => Uint8Array
  readonly mediaType: string
  readonly isTest?: boolean
}
type Draft = (message: string, options: Omit<CapReadOptions, 'policyOf'>) => AlertDraft

const alone = (read: AlertDraft, bytes: Uint8Array, mediaType: string): Read => ({
  read,
  bytes: () => bytes,
  mediaType,
})

function inlineOf(feed: FeedRead, draft: Draft): readonly Read[] {
  return feed.entries.flatMap(({ inline, envelopeStatus }) => {
    if (inline === undefined) return []
    const isTest = envelopeStatus !== undefined && envelopeStatus !== 'Actual'
    return [
      {
        read: draft(inline, { isCarried: true }),
        bytes: () => new TextEncoder().encode(inline),
        mediaType: 'application/cap+xml',
        isTest,
      },
    ]
  })
}

function decodedOf(feed: FeedRead, inside: readonly Read[]): Decoded {
  const observations: Observed[] = []
  const rejected: Rejected[] = [...feed.rejected]
  const defects: Issue[] = [...feed.defects]
  for (const { read, bytes, mediaType, isTest } of inside) {
    if (!read.ok) rejected.push({ bytes: bytes(), mediaType, issues: read.issues })
    else {
      observations.push(isTest ? { ...read.observed, isTest } : read.observed)
      defects.push(...read.carriage)
    }
  }
  const newest = newestOf(observations)
  return { observations, rejected, defects, ...(newest === undefined ? {} : { newest }) }
}

const newestOf = (observations: readonly Observed[]): Instant | undefined =>
  observations
    .map(({ body }) => (body as AlertBody).triple.sent)
    .sort()
    .at(-1)

/** What stands inside need not be fetched. */
const linkOf = ({ id, link, updated, inline }: FeedEntry): readonly IndexLink[] =>
  link === undefined || inline !== undefined
    ? []
    : [{ id, url: link, ...(updated === undefined ? {} : { updated }) }]
