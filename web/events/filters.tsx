/** Filters of the list. They are held in the address; typing waits a moment before it asks. */
import { useEffect, useState } from 'react'
import { useCountries } from '../app/countries.ts'
import { searchFieldId } from '../app/keyboard.tsx'
import { useChangeSearch, useEventFilter } from '../app/view.ts'
import { T, useText } from '../text/use-text.tsx'
import { kinds } from './kinds.tsx'
import { levels } from './level.tsx'

const typingMs = 250

export function EventFilters() {
  const { say } = useText()
  const filter = useEventFilter()
  const change = useChangeSearch()
  const { all, nameOf } = useCountries()
  const [typed, setTyped] = useState(filter.q ?? '')

  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed moves the address
  useEffect(() => {
    if (typed === (filter.q ?? '')) return
    const timer = setTimeout(() => change({ q: typed }), typingMs)
    return () => clearTimeout(timer)
  }, [typed])

  return (
    <search className="filters">
      <input
        id={searchFieldId}
        type="search"
        data-testid="filter-text"
        aria-label={say('events.filter.text')}
        aria-keyshortcuts="/"
        placeholder={say('events.filter.text.hint')}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <select
        aria-label={say('events.filter.level')}
        data-testid="filter-level"
        value={filter.level ?? ''}
        onChange={({ target }) => change({ level: target.value })}
      >
        <option value="">{say('events.filter.level.all')}</option>
        {levels.map((level) => (
          <option key={level} value={level}>
            {level === 'red' ? '' : '≥ '}
            {say(`level.${level}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={say('events.filter.country')}
        data-testid="filter-country"
        value={filter.country ?? ''}
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
        value={filter.kind ?? ''}
        onChange={({ target }) => change({ kind: target.value })}
      >
        <option value="">{say('events.filter.kind.all')}</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {say(`event.kind.${kind}`)}
          </option>
        ))}
      </select>
      {Object.keys(filter).length > 0 && (
        <button
          type="button"
          onClick={() => {
            setTyped('')
            change({ level: undefined, country: undefined, q: undefined, kind: undefined })
          }}
        >
          <T k="events.filter.clear" />
        </button>
      )}
    </search>
  )
}
