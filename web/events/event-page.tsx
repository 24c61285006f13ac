/** One event: what, where, how sure; what it means; who is warned; what it rests on; what was known when. */

import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { EventDetail } from '../../server/schemas/index.ts'
import { eventQuery } from '../api/events.ts'
import { Icon } from '../app/icon.tsx'
import { Failed, Loading } from '../app/states.tsx'
import { useView } from '../app/view.ts'
import { Age } from '../app/when.tsx'
import { decimal } from '../text/format.ts'
import { T, useText } from '../text/use-text.tsx'
import { EventWarnings } from '../warnings/event-warnings.tsx'
import { SeverityTag } from '../warnings/severity.tsx'
import { Cite } from './cite.tsx'
import { Facts } from './facts.tsx'
import { kindOf, placeOf } from './headline.ts'
import { History } from './history.tsx'
import { Impact } from './impact.tsx'
import { isQuake, KindMark } from './kinds.tsx'
import { LevelTag } from './level.tsx'
import { Observations } from './observations.tsx'
import { Proposals } from './proposals.tsx'
import { Reasons } from './reasons.tsx'
import { shownLevel } from './severity-level.ts'

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
          <T k={isQuake(event) ? 'event.retracted' : 'event.withdrawn'} />
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
      <Cite event={event} />
    </>
  )
}

function Heading({ event }: { readonly event: EventDetail }) {
  const { say, locale, language } = useText()
  return (
    <header className="event-head" data-level={shownLevel(event) ?? 'none'}>
      {isQuake(event) ? (
        <div className="event-magnitude" data-testid="event-magnitude">
          <small>M</small>
          {event.magnitude === undefined ? '–' : decimal(event.magnitude, locale)}
        </div>
      ) : (
        <div className="event-magnitude" data-testid="event-kind">
          <KindMark kind={event.kind} />
        </div>
      )}
      <div>
        <p className="kind">{kindOf(event, say)}</p>
        <h1 data-testid="event-title">{placeOf(event, { language, say })}</h1>
        <p className="event-tags">
          <LevelTag level={event.level} />
          {event.severity !== undefined && <SeverityTag severity={event.severity} />}
          <Age at={event.time} />
        </p>
      </div>
    </header>
  )
}
