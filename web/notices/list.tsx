/** Warnings of other authorities in force: by country, kind and severity; what differs in its area alone is one row. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { noticesQuery } from '../api/notices.ts'
import { useCountries } from '../app/countries.ts'
import { Failed, Loading, Nothing } from '../app/states.tsx'
import { useChangeSearch, useEventFilter, useView } from '../app/view.ts'
import { Age, When } from '../app/when.tsx'
import { KindMark } from '../events/kinds.tsx'
import { levelOfSeverity } from '../events/severity-level.ts'
import { Multilingual, T, useText } from '../text/use-text.tsx'
import { grouped, type NoticeGroup } from './groups.ts'
import { codesOfKind, kindOfNotice, noticeKinds } from './kinds.ts'
import { NoticeLevel, NoticeMarks, NoticeState } from './marks.tsx'

const severities = ['Minor', 'Moderate', 'Severe', 'Extreme']

export function NoticeList() {
  const view = useView()
  const { country, kind } = useEventFilter()
  const [severity, setSeverity] = useState('')
  const [withPast, setWithPast] = useState(false)
  const codes = kind === undefined ? '' : codesOfKind(kind)
  const notices = useInfiniteQuery(
    noticesQuery(
      {
        ...(country ? { country } : {}),
        ...(codes ? { kind: codes } : {}),
        ...(severity ? { severity } : {}),
        ...(withPast ? {} : { inForce: true }),
      },
      view,
    ),
  )
  const groups = grouped(notices.data?.pages.flatMap((page) => page.items) ?? [])
  return (
    <section aria-labelledby="notices-title">
      <h1 id="notices-title" className="panel-title">
        <T k="notices.title" />
      </h1>
      <p className="faint">
        <T k="notices.text" />
      </p>
      <Filters severity={severity} onSeverity={setSeverity} withPast={withPast} onPast={setWithPast} />
      {notices.isPending && <Loading />}
      {notices.isError && !notices.data && (
        <Failed error={notices.error} onRetry={() => void notices.refetch()} />
      )}
      {notices.isSuccess && groups.length === 0 && (
        <Nothing title={<T k="notices.empty" />}>
          <p>
            <T k="notices.empty.text" />
          </p>
        </Nothing>
      )}
      <ol className="event-list" data-list data-testid="notice-list" aria-busy={notices.isFetching}>
        {groups.map((group) => (
          <NoticeRow key={group.first.id} group={group} />
        ))}
      </ol>
      {notices.hasNextPage && (
        <button type="button" className="more" onClick={() => void notices.fetchNextPage()}>
          <T k="app.more" />
        </button>
      )}
    </section>
  )
}

type FiltersProps = {
  readonly severity: string
  readonly onSeverity: (severity: string) => void
  readonly withPast: boolean
  readonly onPast: (withPast: boolean) => void
}

function Filters({ severity, onSeverity, withPast, onPast }: FiltersProps) {
  const { say } = useText()
  const { country, kind } = useEventFilter()
  const change = useChangeSearch()
  const { all, nameOf } = useCountries()
  return (
    <search className="filters">
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
      <select
        aria-label={say('events.filter.kind')}
        data-testid="filter-kind"
        value={kind ?? ''}
        onChange={({ target }) => change({ kind: target.value })}
      >
        <option value="">{say('events.filter.kind.all')}</option>
        {noticeKinds.map((one) => (
          <option key={one} value={one}>
            {say(`event.kind.${one}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={say('events.filter.level')}
        data-testid="filter-severity"
        value={severity}
        onChange={({ target }) => onSeverity(target.value)}
      >
        <option value="">{say('events.filter.level.all')}</option>
        {severities.map((one) => (
          <option key={one} value={one} lang="en">
            {one === 'Extreme' ? one : `≥ ${one}`}
          </option>
        ))}
      </select>
      <label className="check">
        <input type="checkbox" checked={withPast} onChange={({ target }) => onPast(target.checked)} />
        <T k="warnings.all" />
      </label>
    </search>
  )
}

const areasShown = 4

function NoticeRow({ group: { first, all } }: { readonly group: NoticeGroup }) {
  const { nameOf } = useCountries()
  const { country } = first.authority
  return (
    <li data-testid="notice-row" data-country={country}>
      <Link
        to="/notices/$noticeId"
        params={{ noticeId: first.id }}
        data-item
        className="event-row"
        data-level={levelOfSeverity(first.severity)}
      >
        <span className="row-magnitude">
          <KindMark kind={kindOfNotice(first)} />
        </span>
        <span className="row-main">
          <span className="row-place">
            {country !== undefined && `${nameOf(country)} · `}
            <Multilingual text={first.event} />
          </span>
          <span className="row-facts">
            <NoticeLevel notice={first} />
            <Age at={first.from} />
            <span>
              <NoticeState notice={first} />
            </span>
          </span>
          <span className="row-facts">
            <T k="notice.until" /> <When at={first.until} />
          </span>
          <span className="row-facts">
            <NoticeMarks notice={first} />
          </span>
        </span>
      </Link>
      <ul className="row-areas">
        {all.slice(0, areasShown).map(({ id, area }) => (
          <li key={id}>
            <Link to="/notices/$noticeId" params={{ noticeId: id }}>
              <Multilingual text={area} />
            </Link>
          </li>
        ))}
        {all.length > areasShown && <li>+{all.length - areasShown}</li>}
      </ul>
    </li>
  )
}
