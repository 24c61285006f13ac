/**
 * One payload in: raw bytes kept once per content, decoded, observations appended, what is unreadable held whole.
 *
 * The order makes a crash harmless: bytes first, then appends (each a no-op when repeated), then the source's state. A
 * payload that was kept before is decoded again all the same, because the crash may have come between the two.
 * Appends go `unlessEver`: sources behind caches replay old reports, and an old report must not pass for a new revision.
 */
import {
  actual,
  type Clock,
  type Draft,
  type Instant,
  type Issue,
  type Realm,
  testRealm,
} from '../record/index.ts'
import type { Appended, Store } from '../store/index.ts'
import type { Decoded, IngestOutcome, Observed, Payload, Rejected, SourceDeclaration } from './contract.ts'
import { noteIngested } from './health.ts'

export type Ingest = {
  readonly store: Store
  readonly source: SourceDeclaration
  readonly payload: Payload
  readonly realm: Realm
  readonly clock: Clock
}

/** What a payload would become, without a store: nothing is written. */
export type DryRun = {
  readonly drafts: readonly Draft[]
  readonly rejected: readonly Rejected[]
  readonly outcome: IngestOutcome
}

export function ingestPayload({ payload, ...rest }: Ingest): Promise<IngestOutcome> {
  return ingestPayloads({ ...rest, payloads: [payload] })
}

/**
 * Several payloads of one source in one append, for lines that send many small messages: one by one they cost some
 * 10 ms each, a thousand together less than 1 ms each. The records are received when the last of them was: never earlier
 * than the truth. Receipts and quarantine keep each payload's own instant.
 */
export async function ingestPayloads(ingest: IngestMany): Promise<IngestOutcome> {
  return (await takeInAndNote(ingest)).outcome
}

/** The same, for whoever looks at what was taken in once more. */
export async function takeInAndNote(ingest: IngestMany): Promise<TakenIn> {
  const taken = await takeIn(ingest)
  const { outcome, newest } = taken
  const { store, source, realm, clock, payloads } = ingest
  const receivedAt = payloads.at(-1)?.receivedAt ?? clock.now()
  await noteIngested(store, { source, realm, at: clock.now(), receivedAt, outcome, ...lag(newest) })
  return taken
}

export type IngestMany = Omit<Ingest, 'payload'> & { readonly payloads: readonly Payload[] }
export type TakenIn = {
  readonly outcome: IngestOutcome
  readonly newest: Instant | undefined
  /** What was handed to the store. */
  readonly drafts: readonly Draft[]
}

/** The same without a word on the source's health, for whoever takes in several things before he speaks of it. */
export async function takeIn({ store, source, realm, clock, payloads }: IngestMany): Promise<TakenIn> {
  const keep = ({ mediaType, bytes, receivedAt }: Payload) =>
    store.payloads.keep({ source: source.id, realm, mediaType, bytes, receivedAt })
  await Promise.all(payloads.map(keep))
  const decoded = payloads.map((payload) => ({
    ...decodeSafely(source, payload),
    receivedAt: payload.receivedAt,
  }))
  const drafts = decoded.flatMap((each) => draftsOf(source, each, realm))
  const receivedAt = payloads.at(-1)?.receivedAt ?? clock.now()
  const appended = drafts.length === 0 ? [] : await store.append(drafts, { unlessEver: true, receivedAt })

  const held = [
    ...decoded.flatMap((each) =>
      each.rejected.map((item) => ({ ...item, kind: 'undecodable' as const, receivedAt: each.receivedAt })),
    ),
    ...refusals(drafts, appended).map((item) => ({ ...item, kind: 'refused' as const, receivedAt })),
  ]
  for (const item of held) await store.quarantine.hold({ ...item, from: source.id, realm })
  const outcome: IngestOutcome = {
    read: drafts.length + decoded.reduce((sum, each) => sum + each.rejected.length, 0),
    accepted: appended.filter(({ kind }) => kind === 'appended').length,
    unchanged: appended.filter(({ kind }) => kind === 'unchanged').length,
    quarantined: held.length,
    issues: [...decoded.flatMap(({ defects }) => defects), ...held.flatMap(({ issues }) => issues)],
    realm,
  }
  const newest = decoded
    .flatMap((each) => each.newest ?? [])
    .sort()
    .at(-1)
  return { outcome, newest, drafts }
}

const lag = (newest: Instant | undefined): { readonly newest?: Instant } =>
  newest === undefined ? {} : { newest }

export function dryRunPayload({
  source,
  payload,
  realm,
}: Pick<Ingest, 'source' | 'payload' | 'realm'>): DryRun {
  const decoded = decodeSafely(source, payload)
  const drafts = draftsOf(source, decoded, realm)
  return {
    drafts,
    rejected: decoded.rejected,
    outcome: {
      read: drafts.length + decoded.rejected.length,
      accepted: drafts.length,
      unchanged: 0,
      quarantined: decoded.rejected.length,
      issues: [...decoded.defects, ...decoded.rejected.flatMap(({ issues }) => issues)],
      realm,
    },
  }
}

function draftsOf(source: SourceDeclaration, decoded: Decoded, realm: Realm): readonly Draft[] {
  return decoded.observations.map((observed) => draftOf(source, observed, realm))
}

export function draftOf(
  { family, id, attribution }: SourceDeclaration,
  { isTest, ...observation }: Observed,
  realm: Realm,
): Draft {
  return {
    ...observation,
    realm: isTest === true && realm === actual ? testRealm : realm,
    producer: { kind: 'source', name: family ?? id },
    attribution: [attribution],
  }
}

/** A decoder promises not to throw; one that does must not lose the payload, nor stop the other sources. */
function decodeSafely(source: SourceDeclaration, payload: Payload): Decoded {
  try {
    return source.decode(payload)
  } catch (error) {
    const issue: Issue = {
      rule: 'ingest/decoder-failed',
      place: '',
      message: `The decoder of ${source.id} failed: ${error instanceof Error ? error.message : String(error)}. Mend it, then release this payload.`,
    }
    const { bytes, mediaType } = payload
    return { observations: [], rejected: [{ bytes, mediaType, issues: [issue] }], defects: [] }
  }
}

function refusals(drafts: readonly Draft[], appended: readonly Appended[]): readonly Rejected[] {
  return appended.flatMap((result, index) => {
    if (result.kind !== 'refused') return []
    const { reason } = result
    const issues: readonly Issue[] =
      reason.code === 'record/invalid'
        ? reason.issues
        : [{ rule: reason.code, place: '', message: `Not appended: ${reason.code}.` }]
    const bytes = new TextEncoder().encode(JSON.stringify(drafts[index]))
    return [{ bytes, mediaType: 'application/json', issues }]
  })
}
