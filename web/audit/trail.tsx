/** The trail, newest first, with what it can be narrowed to. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type TrailEntry, trailQuery } from '../api/audit.ts'
import type { Parameters } from '../api/call.ts'
import { Failed, Loading, Nothing } from '../app/states.tsx'
import { When } from '../app/when.tsx'
import { T, useText } from '../text/use-text.tsx'
import { Who } from './who.tsx'
import { acts, askedIn, outcomes, sayAct, sayOutcome, sayPurpose } from './words.ts'

export function Trail() {
  const { say } = useText()
  const [filters, setFilters] = useState<Parameters>({})
  const trail = useInfiniteQuery(trailQuery(filters))
  const entries = trail.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <section aria-labelledby="trail-title">
      <h2 id="trail-title">
        <T k="audit.trail" />
      </h2>
      <form className="filters" onSubmit={(event) => setFilters(filtersIn(event))}>
        <select name="act" aria-label={say('audit.act')}>
          <option value="">{say('audit.act')}</option>
          {acts.map((act) => (
            <option key={act} value={act}>
              {sayAct(say, act)}
            </option>
          ))}
        </select>
        <select name="outcome" aria-label={say('audit.outcome')}>
          <option value="">{say('audit.outcome')}</option>
          {outcomes.map((outcome) => (
            <option key={outcome} value={outcome}>
              {sayOutcome(say, outcome)}
            </option>
          ))}
        </select>
        <input name="principal" placeholder={say('audit.who')} aria-label={say('audit.who')} />
        <input
          name="organisation"
          placeholder={say('audit.organisation')}
          aria-label={say('audit.organisation')}
        />
        <input
          name="record"
          placeholder={say('audit.records')}
          aria-label={say('audit.records')}
          pattern="[0-9a-f]{40}"
        />
        <label>
          <T k="audit.from" /> <input type="date" name="from" />
        </label>
        <label>
          <T k="audit.until" /> <input type="date" name="until" />
        </label>
        <button type="submit">
          <T k="events.filter.text" />
        </button>
      </form>
      {trail.isPending && <Loading />}
      {trail.isError && <Failed error={trail.error} onRetry={() => void trail.refetch()} />}
      {trail.isSuccess && entries.length === 0 && <Nothing title={<T k="audit.empty" />}>{null}</Nothing>}
      {entries.length > 0 && <Entries entries={entries} />}
      {trail.hasNextPage && (
        <button type="button" className="more" onClick={() => void trail.fetchNextPage()}>
          <T k="app.more" />
        </button>
      )}
    </section>
  )
}

function filtersIn(event: FormEvent<HTMLFormElement>): Parameters {
  event.preventDefault()
  const data = new FormData(event.currentTarget)
  return Object.fromEntries(
    [...data].map(([name, value]) => {
      const text = String(value).trim()
      const isDay = name === 'from' || name === 'until'
      return [name, text === '' ? undefined : isDay ? `${text}T00:00:00Z` : text]
    }),
  )
}

function Entries({ entries }: { readonly entries: readonly TrailEntry[] }) {
  const { say } = useText()
  const columns = [
    'event.time',
    'audit.act',
    'audit.what',
    'audit.outcome',
    'audit.who',
    'account.purpose',
    'audit.records',
  ] as const
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard
    <section className="scroll" tabIndex={0} aria-label={say('audit.trail')}>
      <table className="figures trail" data-testid="trail">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                <T k={column} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.seq} data-glass={entry.glassBroken}>
              <td>
                <When at={entry.at} />
              </td>
              <td>{sayAct(say, entry.act)}</td>
              <td className="asked breakable">
                <code>{askedIn(entry.query)}</code>
              </td>
              <td>
                {sayOutcome(say, entry.outcome)} {entry.reason !== undefined && <q>{entry.reason}</q>}
              </td>
              <td className="breakable">
                <Who principal={entry.principal} /> <small>{entry.organisation}</small>
              </td>
              <td>
                {sayPurpose(say, entry.purpose)} {entry.caseNumber}
              </td>
              <td>
                {entry.records.slice(0, 3).map((id) => (
                  <Link key={id} to="/records/$recordId" params={{ recordId: id }}>
                    <code>{id.slice(0, 8)}</code>{' '}
                  </Link>
                ))}
                {entry.records.length > 3 && `+${entry.records.length - 3}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
