/** The trail, newest first, with what it can be narrowed to. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type TrailEntry, trailQuery } from '../api/audit.ts'
import type { Parameters } from '../api/call.ts'
import { Failed, Loading, Nothing } from '../app/states.tsx'
import { When } from '../app/when.tsx'
import type { TextKey } from '../text/catalogue.ts'
import { T, useText } from '../text/use-text.tsx'

const acts = [
  'read',
  'search',
  'export',
  'disclose',
  'change',
  'erase',
  'subject-access',
  'correct',
  'refuse',
]
const moreActs = ['sign-in', 'sign-out', 'administer', 'break-glass', 'review', 'oversee']

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
          {[...acts, ...moreActs].map((act) => (
            <option key={act}>{act}</option>
          ))}
        </select>
        <select name="outcome" aria-label={say('audit.outcome')}>
          <option value="">{say('audit.outcome')}</option>
          {['done', 'refused', 'failed'].map((outcome) => (
            <option key={outcome}>{outcome}</option>
          ))}
        </select>
        <input name="principal" placeholder={say('audit.who')} aria-label={say('audit.who')} />
        <input
          name="organisation"
          placeholder={say('audit.organisation')}
          aria-label={say('audit.organisation')}
        />
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
  return Object.fromEntries([...data].map(([name, value]) => [name, String(value).trim() || undefined]))
}

function Entries({ entries }: { readonly entries: readonly TrailEntry[] }) {
  const { say } = useText()
  const columns = [
    'event.time',
    'audit.act',
    'audit.outcome',
    'audit.who',
    'account.purpose',
    'audit.records',
  ] as const
  return (
    <div className="scroll">
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
              <td>{entry.act}</td>
              <td>
                {entry.outcome} {entry.reason !== undefined && <code>{entry.reason}</code>}
              </td>
              <td className="breakable">
                {entry.principal} <small>{entry.organisation}</small>
              </td>
              <td>
                {say(`purpose.${entry.purpose}` as TextKey)} {entry.caseNumber}
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
    </div>
  )
}
