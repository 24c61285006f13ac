/**
 * How to cite this page: what it says stays what it says, because the address names the instant as known at which the node
 * answers it. With the sources' credits and licences, as they ask to be named.
 */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { EventDetail } from '../../server/schemas/index.ts'
import { nodeQuery } from '../api/node.ts'
import { useRealm } from '../app/clock.tsx'
import { useView } from '../app/view.ts'
import { utcDateTime } from '../text/format.ts'
import { T, useText } from '../text/use-text.tsx'
import { headlineOf } from './headline.ts'

export function Cite({ event }: { readonly event: EventDetail }) {
  const reader = useText()
  const node = useQuery(nodeQuery).data
  const at = useKnownAt(event)
  const address = usePermalink(event.id, at)
  const [isCopied, setCopied] = useState(false)
  if (!node) return null
  const citation = `${headlineOf(event, reader)}. Mosaic, ${node.name}, ${event.id.slice(0, 10)}, ${reader.say('event.history.version', { version: event.revision })}. ${reader.say('look.at', { time: utcDateTime(at) })}. ${address}`
  return (
    <section aria-labelledby="cite" data-testid="cite">
      <h2 id="cite">
        <T k="event.cite" />
      </h2>
      <p className="citation breakable" data-testid="citation">
        {citation}
      </p>
      <p className="buttons">
        <button
          type="button"
          onClick={() => void navigator.clipboard?.writeText(citation).then(() => setCopied(true))}
        >
          <T k="app.copy" />
        </button>
        <a href={address} data-testid="permalink">
          <T k="event.permalink" />
        </a>
        <output>{isCopied && <T k="app.copied" />}</output>
      </p>
      <h3>
        <T k="event.credits" />
      </h3>
      <ul className="plain credit" lang="en" data-testid="credits">
        {event.attribution.map(({ source, credit, licence, url }) => (
          <li key={`${source}${credit}${licence}`}>
            {credit} ({licence})
            {url !== undefined && /^https?:/.test(url) && (
              <>
                {' '}
                <a href={url} rel="noreferrer">
                  {new URL(url).host}
                </a>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Of the present: the last change of anything on the page, so that the address stays the same until the next. */
function useKnownAt({ updatedAt, history, members }: EventDetail): string {
  const { knownAt } = useView()
  if (knownAt !== undefined) return knownAt
  const arrivals = [...history, ...members.flatMap(({ revisions }) => revisions)]
  return [updatedAt, ...arrivals.map(({ receivedAt }) => receivedAt)].sort().at(-1) ?? updatedAt
}

function usePermalink(id: string, at: string): string {
  const realm = useRealm()
  const search = new URLSearchParams({ at, ...(realm ? { realm } : {}) })
  return `${location.origin}/events/${id}?${search}`
}
