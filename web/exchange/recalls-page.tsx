/** What this node has taken back or tightened: who has confirmed, who has been silent since when, through which relay. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RecallStateView } from '../../server/schemas/index.ts'
import { OnlyFor } from '../access/only-for.tsx'
import { recallsQuery } from '../api/recalls.ts'
import { Loading, Nothing } from '../app/states.tsx'
import { useView } from '../app/view.ts'
import { Age, When } from '../app/when.tsx'
import { T } from '../text/use-text.tsx'

export function RecallsPage() {
  const { realm } = useView()
  const recalls = useInfiniteQuery(recallsQuery(realm))
  const items = recalls.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section className="wide" aria-labelledby="recalls-title" data-testid="recalls-page">
      <h1 id="recalls-title">
        <T k="recalls.title" />
      </h1>
      {recalls.isPending && <Loading />}
      {recalls.isError && (
        <OnlyFor error={recalls.error} whom="recalls.forWhom" onRetry={() => void recalls.refetch()} />
      )}
      {recalls.isSuccess && items.length === 0 && <Nothing title={<T k="recalls.empty" />}>{null}</Nothing>}
      <ol className="cards" data-list>
        {items.map((recall) => (
          <RecallCard key={recall.id} recall={recall} />
        ))}
      </ol>
      {recalls.hasNextPage && (
        <button type="button" className="more" onClick={() => void recalls.fetchNextPage()}>
          <T k="app.more" />
        </button>
      )}
    </section>
  )
}

function RecallCard({ recall }: { readonly recall: RecallStateView }) {
  const { action, holders, waitingFor, isComplete, orderedAt, by } = recall
  return (
    <li className="card" data-testid="recall" data-complete={isComplete}>
      <h2>
        <T k={`recalls.${action}`} />{' '}
        <Link to="/records/$recordId" params={{ recordId: recall.target }}>
          <code>{recall.target.slice(0, 12)}</code>
        </Link>
      </h2>
      <p>
        <strong className="tag" data-severity={isComplete ? undefined : 'Severe'}>
          {holders.length === 0 ? (
            <T k="recalls.nobody" />
          ) : isComplete ? (
            <T k="recalls.complete" />
          ) : (
            <T k="recalls.waiting" n={waitingFor.length} />
          )}
        </strong>
      </p>
      <p>{recall.reason}</p>
      <p className="row-facts">
        {by} <When at={orderedAt} />
      </p>
      <ul className="plain">
        {holders.map((holder) => (
          <li key={holder.node} data-testid="holder" data-confirmed={holder.confirmed !== undefined}>
            <b>{holder.node}</b>{' '}
            {holder.through !== undefined && <T k="recalls.through" relay={holder.through} />}
            {': '}
            {holder.confirmed ? (
              <>
                <T k="recalls.confirmed" /> <When at={holder.confirmed.at} />
              </>
            ) : (
              <strong>
                <T k="recalls.noAnswer" /> <When at={orderedAt} /> (<Age at={orderedAt} />)
              </strong>
            )}
          </li>
        ))}
      </ul>
    </li>
  )
}
