/** Warnings by country: in force first, past ones on request; each country's Atom feed beside its choice. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { WarningSummary } from '../../server/schemas/index.ts'
import { feedAddress, warningsQuery } from '../api/warnings.ts'
import { useCountries } from '../app/countries.ts'
import { Failed, Loading, Nothing } from '../app/states.tsx'
import { useChangeSearch, useEventFilter, useView } from '../app/view.ts'
import { Age } from '../app/when.tsx'
import { Multilingual, T, useText } from '../text/use-text.tsx'
import { SeverityTag } from './severity.tsx'

export function WarningList() {
  const { say } = useText()
  const view = useView()
  const { country } = useEventFilter()
  const change = useChangeSearch()
  const { all, nameOf } = useCountries()
  const [withPast, setWithPast] = useState(false)
  const warnings = useInfiniteQuery(
    warningsQuery({ ...(country ? { country } : {}), ...(withPast ? {} : { inForce: true }) }, view),
  )
  const items = warnings.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-labelledby="warnings-title">
      <h1 id="warnings-title" className="panel-title">
        <T k="warnings.title" />
      </h1>
      <div className="filters">
        <select
          aria-label={say('events.filter.country')}
          data-testid="filter-country"
          value={country ?? ''}
          onChange={({ target }) => change({ country: target.value })}
        >
          <option value="">{say('events.filter.country.all')}</option>
          {all.map(({ code }) => (
            <option key={code} value={code}>
              {nameOf(code)}
            </option>
          ))}
        </select>
        <label className="check">
          <input type="checkbox" checked={withPast} onChange={({ target }) => setWithPast(target.checked)} />
          <T k="warnings.all" />
        </label>
        <a href={feedAddress(country)} className="feed">
          <T k="app.feed" />
        </a>
      </div>
      {warnings.isPending && <Loading />}
      {warnings.isError && !warnings.data && (
        <Failed error={warnings.error} onRetry={() => void warnings.refetch()} />
      )}
      {warnings.isSuccess && items.length === 0 && (
        <Nothing title={<T k="warnings.empty" />}>
          <p>
            <T k="warnings.empty.text" />
          </p>
        </Nothing>
      )}
      <ol className="event-list" data-list data-testid="warning-list">
        {items.map((warning) => (
          <WarningRow key={warning.id} warning={warning} name={nameOf(warning.country)} />
        ))}
      </ol>
      {warnings.hasNextPage && (
        <button type="button" className="more" onClick={() => void warnings.fetchNextPage()}>
          <T k="app.more" />
        </button>
      )}
    </section>
  )
}

function WarningRow({ warning, name }: { readonly warning: WarningSummary; readonly name: string }) {
  return (
    <li data-testid="warning-row" data-country={warning.country}>
      <Link to="/warnings/$warningId" params={{ warningId: warning.id }} data-item className="event-row">
        <span className="row-main">
          <span className="row-place">{name}</span>
          <span>
            <Multilingual text={warning.headline} />
          </span>
          <span className="row-facts">
            <SeverityTag severity={warning.severity} />
            {warning.status !== 'Actual' && (
              <span className="tag tag-exercise" lang="en">
                {warning.status}
              </span>
            )}
            <Age at={warning.sent} />
            <span>
              <T k={warning.inForce ? 'warning.inForce' : 'warning.ended'} />
            </span>
          </span>
          {warning.authority === 'advice' && (
            <span className="card-advice">
              <T k="warning.advice" />
            </span>
          )}
        </span>
      </Link>
    </li>
  )
}
