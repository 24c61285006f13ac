/** What could not be read: kept whole, with where it came from and why. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { QuarantinedItem } from '../../server/schemas/index.ts'
import { quarantineQuery } from '../api/quarantine.ts'
import { Failed, Loading, Nothing } from '../app/states.tsx'
import { Age } from '../app/when.tsx'
import { T } from '../text/use-text.tsx'

export function QuarantinePage() {
  const held = useInfiniteQuery(quarantineQuery)
  const items = held.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section className="wide" aria-labelledby="quarantine-title" data-testid="quarantine-page">
      <h1 id="quarantine-title">
        <T k="quarantine.title" />
      </h1>
      {held.isPending && <Loading />}
      {held.isError && !held.data && <Failed error={held.error} onRetry={() => void held.refetch()} />}
      {held.isSuccess && items.length === 0 && (
        <Nothing title={<T k="quarantine.empty" />}>
          <p>
            <T k="quarantine.empty.text" />
          </p>
        </Nothing>
      )}
      <ol className="cards" data-list>
        {items.map((item) => (
          <HeldCard key={item.id} item={item} />
        ))}
      </ol>
      {held.hasNextPage && (
        <button type="button" className="more" onClick={() => void held.fetchNextPage()}>
          <T k="app.more" />
        </button>
      )}
    </section>
  )
}

function HeldCard({ item }: { readonly item: QuarantinedItem }) {
  return (
    <li className="card held" data-testid="quarantined">
      <h2>
        <Link to="/quarantine/$itemId" params={{ itemId: item.id }} data-item>
          <T k={`quarantine.kind.${item.kind}`} />
        </Link>{' '}
        <small>{item.from}</small>
      </h2>
      <p className="row-facts">
        <Age at={item.receivedAt} />
        <span>{item.mediaType}</span>
        <span>{item.sizeBytes} B</span>
        {item.times > 1 && <T k="quarantine.times" count={item.times} />}
      </p>
      <Issues issues={item.issues} />
    </li>
  )
}

export function Issues({ issues }: { readonly issues: QuarantinedItem['issues'] }) {
  return (
    <ul className="issues" lang="en">
      {issues.map(({ rule, place, value, message }) => (
        <li key={`${rule}${place}${message}`}>
          {message} <code>{[rule, place, value].filter(Boolean).join(' · ')}</code>
        </li>
      ))}
    </ul>
  )
}
