/** What was known when: each version as it reached this node, what it changed, and a way to see the page as it was. */
import type { EventDetail } from '../../server/schemas/index.ts'
import { useChangeSearch } from '../app/view.ts'
import { isKey } from '../text/catalogue.ts'
import { decimal, delay, utcDateTime } from '../text/format.ts'
import { T, useText } from '../text/use-text.tsx'
import { arrivalsFrom } from './arrivals.ts'

type Entry = EventDetail['history'][number]
type Change = Entry['changed'][number]

export function History({ event }: { readonly event: EventDetail }) {
  const { say } = useText()
  const change = useChangeSearch()
  const from = arrivalsFrom(event)
  return (
    <section aria-labelledby="history" data-testid="history">
      <h2 id="history">
        <T k="event.history" />
      </h2>
      <ol className="history">
        {event.history.map((entry) => (
          <li key={`${entry.id}@${entry.version}`}>
            <button
              type="button"
              className="link"
              title={say('look.at', { time: utcDateTime(entry.receivedAt) })}
              onClick={() => change({ at: entry.receivedAt })}
            >
              {delay(Date.parse(entry.receivedAt) - from)}
            </button>
            <span>
              {entry.changed.filter(isWorthSaying).map((one) => (
                <Changed key={one.field} change={one} />
              ))}
              <span className="faint" lang="en">
                {entry.type} · <T k="event.history.version" version={entry.version} />
              </span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

const digits: { readonly [field: string]: number } = { reports: 0, latitude: 2, longitude: 2, depthKm: 0 }
/** That a record became active is said by its being there. */
const isWorthSaying = ({ field, to }: Change): boolean => field !== 'state' || to !== 'active'

function Changed({ change: { field, from, to } }: { readonly change: Change }) {
  const { say, locale } = useText()
  const key = `history.${field}`
  const show = (value: Change['to']): string => {
    if (typeof value === 'number') return decimal(value, locale, digits[field] ?? 1)
    const level = `level.${value}`
    return isKey(level) ? say(level) : (value ?? '–')
  }
  return (
    <span className="changed">
      {isKey(key) ? say(key) : field} {from !== undefined && from !== null && <s>{show(from)}</s>}{' '}
      <b>{show(to)}</b>
    </span>
  )
}
