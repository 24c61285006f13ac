/** One event: what, where, how sure; what it means; who is warned; what it rests on; what was known when. */

import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { EventDetail } from '../../server/schemas/index.ts'
import { eventQuery } from '../api/events.ts'
import { Icon } from '../app/icon.tsx'
import { Failed, Loading } from '../app/states.tsx'
import { useView } from '../app/view.ts'
import { Age, When } from '../app/when.tsx'
import { decimal, position } from '../text/format.ts'
import { T, useText } from '../text/use-text.tsx'
import { EventWarnings } from '../warnings/event-warnings.tsx'
import { kindOf, placeOf } from './headline.ts'
import { History } from './history.tsx'
import { Impact } from './impact.tsx'
import { LevelTag } from './level.tsx'
import { Observations } from './observations.tsx'
import { Proposals } from './proposals.tsx'
import { Reasons } from './reasons.tsx'

export function EventPage() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const event = useQuery(eventQuery(id, useView()))
  return (
    <article className="event" data-testid="event-page" aria-busy={event.isFetching}>
      <Link to="/" className="back">
        <Icon name="back" /> <T k="event.back" />
      </Link>
      {event.isPending && <Loading />}
      {event.isError && !event.data && <Failed error={event.error} onRetry={() => void event.refetch()} />}
      {event.data && <Sections event={event.data} />}
    </article>
  )
}

function Sections({ event }: { readonly event: EventDetail }) {
  return (
    <>
      <Heading event={event} />
      {event.state === 'retracted' && (
        <p className="notice">
          <T k="event.retracted" />
        </p>
      )}
      {event.state === 'merged' && event.mergedInto && (
        <p className="notice">
          <T k="event.merged" />{' '}
          <Link to="/events/$id" params={{ id: event.mergedInto }}>
            {event.mergedInto.slice(0, 10)}
          </Link>
        </p>
      )}
      {event.withheld && (
        <p className="notice" data-testid="withheld">
          <T k="record.withheld.text" count={event.withheld.length} />{' '}
          <Link to="/records/$recordId" params={{ recordId: event.id }}>
            <code>{event.withheld.join(', ')}</code>
          </Link>
        </p>
      )}
      <Facts event={event} />
      <Proposals event={event} />
      <EventWarnings event={event} />
      <Impact event={event} />
      <Observations event={event} />
      <Reasons event={event} />
      <History event={event} />
    </>
  )
}

function Heading({ event }: { readonly event: EventDetail }) {
  const { say, locale, language } = useText()
  return (
    <header className="event-head" data-level={event.level ?? 'none'}>
      <div className="event-magnitude" data-testid="event-magnitude">
        <small>M</small>
        {event.magnitude === undefined ? '–' : decimal(event.magnitude, locale)}
      </div>
      <div>
        <p className="kind">{kindOf(event, say)}</p>
        <h1 data-testid="event-title">{placeOf(event, language)}</h1>
        <p className="event-tags">
          <LevelTag level={event.level} />
          <Age at={event.time} />
        </p>
      </div>
    </header>
  )
}

function Facts({ event }: { readonly event: EventDetail }) {
  const { locale } = useText()
  return (
    <dl className="facts" data-testid="event-facts">
      <dt>
        <T k="event.time" />
      </dt>
      <dd>
        <When at={event.time} />
      </dd>
      <dt>
        <T k="event.epicentre" />
      </dt>
      <dd>
        {position(event.latitude, event.longitude)}
        {event.depthKm !== undefined && (
          <>
            {', '}
            <T k="event.depth" /> <T k="event.depth.value" km={decimal(event.depthKm, locale, 0)} />
          </>
        )}
      </dd>
      <dt>
        <T k="event.howSure" />
      </dt>
      <dd>
        <HowSure event={event} />
      </dd>
      <dt>
        <T k="event.revision" />
      </dt>
      <dd>
        {event.revision} · <Age at={event.updatedAt} />
      </dd>
    </dl>
  )
}

function HowSure({ event }: { readonly event: EventDetail }) {
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
      {event.spreadKm !== undefined && event.spreadKm >= 1 && (
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
