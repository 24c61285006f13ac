/** The facts of an event, of any kind: when, where, how sure; each part only where it is known. */
import { Link } from '@tanstack/react-router'
import type { EventDetail } from '../../server/schemas/index.ts'
import { useCountries } from '../app/countries.ts'
import { Age, When } from '../app/when.tsx'
import { isKey, type TextKey } from '../text/catalogue.ts'
import { decimal, position } from '../text/format.ts'
import { T, useText } from '../text/use-text.tsx'
import { isQuake } from './kinds.tsx'
import { Measures } from './measures.tsx'

type EventProps = { readonly event: EventDetail }

export function Facts({ event }: EventProps) {
  const { locale } = useText()
  const quake = isQuake(event)
  return (
    <dl className="facts" data-testid="event-facts">
      <dt>
        <T k="event.time" />
      </dt>
      <dd>
        <When at={event.time} />
        {event.until !== undefined && event.until !== event.time && (
          <>
            {' – '}
            <When at={event.until} />
          </>
        )}
      </dd>
      <dt>
        <T k={quake ? 'event.epicentre' : 'record.place'} />
      </dt>
      <dd>
        {position(event.latitude, event.longitude)}
        {event.depthKm !== undefined && (
          <>
            {', '}
            <T k="event.depth" /> <T k="event.depth.value" km={decimal(event.depthKm, locale, 0)} />
          </>
        )}
        {event.isPlaceCoarse === true && !event.outline && (
          <small className="faint">
            {' '}
            <T k="exposure.coarse" />
          </small>
        )}
        {!quake && <Countries codes={event.countries} />}
      </dd>
      <Said event={event} />
      <dt>
        <T k="event.howSure" />
      </dt>
      <dd>
        <HowSure event={event} />
      </dd>
      <Elsewhere event={event} />
      <dt>
        <T k="event.revision" />
      </dt>
      <dd>
        {event.revision} · <Age at={event.updatedAt} />
      </dd>
    </dl>
  )
}

function Countries({ codes }: { readonly codes: readonly string[] }) {
  const { nameOf } = useCountries()
  return codes.length === 0 ? null : <div data-testid="event-countries">{codes.map(nameOf).join(', ')}</div>
}

/** Whether it is foreseen, goes on or is over; and what the members measure. */
function Said({ event: { status, measures = [] } }: EventProps) {
  const key = `event.status.${status}`
  return (
    <>
      {status !== undefined && (
        <>
          <dt>
            <T k="event.status" />
          </dt>
          <dd data-testid="event-status">{isKey(key) ? <T k={key as TextKey} /> : status}</dd>
        </>
      )}
      {measures.length > 0 && (
        <>
          <dt>
            <T k="event.measures" />
          </dt>
          <dd>
            <Measures all={measures} />
          </dd>
        </>
      )}
    </>
  )
}

function Elsewhere({ event: { elsewhere } }: EventProps) {
  if (elsewhere.length === 0) return null
  return (
    <>
      <dt>
        <T k="event.elsewhere" />
      </dt>
      <dd data-testid="elsewhere">
        {elsewhere.map(({ id, origin }) => (
          <div key={id}>
            <Link to="/events/$id" params={{ id }}>
              {origin}
            </Link>
          </div>
        ))}
      </dd>
    </>
  )
}

function HowSure({ event }: EventProps) {
  const { locale } = useText()
  const [low, high] = event.magnitudeRange ?? []
  return (
    <>
      <T k="event.reports" count={event.reports} />
      {event.agencies.length > 0 && ` (${event.agencies.join(', ')})`}
      {low !== undefined && high !== undefined && low !== high && (
        <>
          {'; '}
          <T k="event.range" low={`M ${decimal(low, locale)}`} high={`M ${decimal(high, locale)}`} />
        </>
      )}
      {isQuake(event) && event.spreadKm !== undefined && event.spreadKm >= 1 && (
        <>
          {'; '}
          <T k="event.spread" km={decimal(event.spreadKm, locale, 0)} />
        </>
      )}
      {event.mode && (
        <>
          {'; '}
          <T k={`event.mode.${event.mode}`} />
        </>
      )}
    </>
  )
}
