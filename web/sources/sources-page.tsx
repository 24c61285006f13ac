/** How the sources do: what came when, what failed, what was held, and whose data it is. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { SourceHealth } from '../../server/schemas/index.ts'
import { sourcesQuery } from '../api/sources.ts'
import { Failed, Loading, Nothing } from '../app/states.tsx'
import { Age } from '../app/when.tsx'
import { Shape } from '../events/level.tsx'
import { delay } from '../text/format.ts'
import { Multilingual, T } from '../text/use-text.tsx'

/** The shapes of the alert levels: the worse, the more corners that stand out. */
const marks = { ok: 'green', late: 'yellow', failing: 'red', idle: 'none' } as const

export function SourcesPage() {
  const sources = useQuery(sourcesQuery)
  return (
    <section className="wide" aria-labelledby="sources-title" data-testid="sources-page">
      <h1 id="sources-title">
        <T k="sources.title" />
      </h1>
      <p>
        <Link to="/areas">
          <T k="areas.title" />
        </Link>
      </p>
      {sources.isPending && <Loading />}
      {sources.isError && <Failed error={sources.error} onRetry={() => void sources.refetch()} />}
      {sources.data?.length === 0 && (
        <Nothing title={<T k="sources.empty" />}>
          <p />
        </Nothing>
      )}
      <ul className="cards">
        {sources.data?.map((source) => (
          <SourceCard key={source.id} source={source} />
        ))}
      </ul>
    </section>
  )
}

function SourceCard({ source }: { readonly source: SourceHealth }) {
  return (
    <li className="card source" data-testid="source" data-source={source.id} data-state={source.state}>
      <h2>
        <Multilingual text={source.title} /> <small>{source.id}</small>
      </h2>
      <p className="source-state">
        <Shape level={marks[source.state]} /> <T k={`sources.state.${source.state}`} />
        {source.errorsInARow > 0 && (
          <>
            {' · '}
            <T k="sources.errors" count={source.errorsInARow} />
          </>
        )}
      </p>
      {source.lastError && (
        <p className="notice" lang="en">
          {source.lastError}
        </p>
      )}
      <dl className="facts">
        <dt>
          <T k="sources.success" />
        </dt>
        <dd>{source.lastSuccessAt ? <Age at={source.lastSuccessAt} /> : '–'}</dd>
        <dt>
          <T k="sources.change" />
        </dt>
        <dd>{source.lastChangeAt ? <Age at={source.lastChangeAt} /> : '–'}</dd>
        {source.lagMs !== undefined && (
          <>
            <dt>
              <T k="sources.lag" />
            </dt>
            <dd>{delay(Math.abs(source.lagMs))}</dd>
          </>
        )}
      </dl>
      {source.accepted !== undefined && source.quarantined !== undefined && (
        <p>
          <T k="sources.counts" accepted={source.accepted} quarantined={source.quarantined} />
        </p>
      )}
      <p className="credit" lang="en">
        {source.attribution.credit} · {source.attribution.licence}
      </p>
    </li>
  )
}
