/**
 * What an index names, as addresses that may be asked: http and https only, on the index's own host or one that the
 * declaration names, without user or password; what an index read by https names by http is asked for by https.
 */
import { hash } from 'node:crypto'
import type { Issue } from '../record/index.ts'
import type { HttpTransport, IndexLink, Payload, SourceDeclaration, SourceIndex } from './contract.ts'
import { safeAddress } from './fetch-once.ts'

export type IndexedSource = SourceDeclaration & {
  readonly transport: HttpTransport
  readonly index: SourceIndex
}

export type Wanted = {
  readonly url: URL
  /** A hash of the address. */
  readonly name: string
  readonly updated?: string
  readonly about?: unknown
}

/** More than any national feed lists; the rest is reported. */
const mostLinks = 2_000

/** Each address once: an index may name one message under several entries, and then the newest change counts. */
export function wantedIn(
  source: IndexedSource,
  payload: Payload,
): { readonly wanted: readonly Wanted[]; readonly issues: readonly Issue[] } {
  const wanted = new Map<string, Wanted>()
  const issues: Issue[] = []
  for (const { url: written, updated, id, about } of linksOf(source, payload, issues)) {
    const url = addressOf(written, source)
    if (url === undefined) {
      issues.push(notAsked(id, written))
      continue
    }
    const name = fingerprint(url.href)
    const change = [wanted.get(name)?.updated, updated]
      .filter((each) => each !== undefined)
      .sort()
      .at(-1)
    wanted.set(name, {
      ...{ url, name },
      ...(change === undefined ? {} : { updated: change }),
      ...(about === undefined ? {} : { about }),
    })
  }
  const all = [...wanted.values()]
  if (all.length > mostLinks) issues.push(tooLong(all.length))
  return { wanted: all.slice(0, mostLinks), issues }
}

/** It promises not to throw; one that does must not stop the source. What stands in the index was taken in before. */
function linksOf({ index, id }: IndexedSource, payload: Payload, issues: Issue[]): readonly IndexLink[] {
  try {
    return index.links(payload)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `The links of ${id} could not be read: ${reason}. Mend its declaration.`
    issues.push({ rule: 'ingest/index-failed', place: '', message })
    return []
  }
}

function addressOf(written: string, source: IndexedSource): URL | undefined {
  const url = URL.parse(written, source.transport.url)
  if (url === null || url.username !== '' || url.password !== '') return undefined
  if (new URL(source.transport.url).protocol === 'https:' && url.protocol === 'http:') url.protocol = 'https:'
  url.hash = ''
  return isOnAllowedHost(url, source) ? url : undefined
}

export function isOnAllowedHost(url: URL, { transport, index }: IndexedSource): boolean {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return false
  return url.host === new URL(transport.url).host || index.hosts.includes(url.host)
}

export const fingerprint = (text: string): string => hash('sha256', text, 'hex').slice(0, 20)

const notAsked = (id: string, written: string): Issue => ({
  rule: 'ingest/link-not-asked',
  place: id.slice(0, 200),
  value: safeAddress(written),
  message: 'The index names an address outside the hosts of this source. It was not asked.',
})

const tooLong = (count: number): Issue => ({
  rule: 'ingest/index-too-long',
  place: '',
  value: String(count),
  message: `Only the first ${mostLinks} messages of an index are fetched.`,
})
