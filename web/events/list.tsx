/** The list beside the map: every event with level, magnitude, place and age; what screen readers use instead of the map. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { EventSummary } from '../../server/schemas/index.ts'
import { eventsQuery } from '../api/events.ts'
import { Failed, Loading, Nothing } from '../app/states.tsx'
import { useEventFilter, useView } from '../app/view.ts'
import { Age } from '../app/when.tsx'
import { decimal } from '../text/format.ts'
import { T, useText } from '../text/use-text.tsx'
import { SeverityTag } from '../warnings/severity.tsx'
import { EventFilters } from './filters.tsx'
import { kindOf, placeOf } from './headline.ts'
import { isQuake, KindMark } from './kinds.tsx'
import { LevelTag } from './level.tsx'
import { shownLevel } from './severity-level.ts'

export function EventList() {
  const filter = useEventFilter()
  const view = useView()
  const events = useInfiniteQuery(eventsQuery(filter, view))
  const items = events.data?.pages.flatMap((page) => page.items) ?? []
  const isFiltered = Object.keys(filter).length > 0
  return (
    <section aria-labelledby="events-title">
      <h1 id="events-title" className="panel-title">
        <T k="events.title" />
      </h1>
      <EventFilters />
      {events.isPending && <Loading />}
      {events.isError && !events.data && (
        <Failed error={events.error} onRetry={() => void events.refetch()} />
      )}
      {events.isSuccess && items.length === 0 && (
        <Nothing title={<T k="events.empty" />}>
          <p>
            <T k={isFiltered ? 'events.empty.filtered' : 'events.empty.text'} />
          </p>
        </Nothing>
      )}
      <ol className="event-list" data-list data-testid="event-list" aria-busy={events.isFetching}>
        {items.map((event) => (
          <EventRow key={event.id} event={event} />
        ))}
      </ol>
      {events.hasNextPage && (
        <button type="button" className="more" onClick={() => void events.fetchNextPage()}>
          <T k="app.more" />
        </button>
      )}
    </section>
  )
}

function EventRow({ event }: { readonly event: EventSummary }) {
  const { say, locale, language } = useText()
  return (
    <li data-testid="event-row" data-event={event.id}>
      <Link
        to="/events/$id"
        params={{ id: event.id }}
        data-item
        className="event-row"
        data-level={shownLevel(event)}
      >
        <span className="row-magnitude">
          {!isQuake(event) ? (
            <KindMark kind={event.kind} />
          ) : event.magnitude === undefined ? (
            '–'
          ) : (
            decimal(event.magnitude, locale)
          )}
        </span>
        <span className="row-main">
          <span className="row-place">{placeOf(event, { language, say })}</span>
          <span className="row-facts">
            {!isQuake(event) && <span className="row-kind">{kindOf(event, say)}</span>}
            <LevelTag level={event.level} />
            {event.severity !== undefined && <SeverityTag severity={event.severity} />}
            <Age at={event.time} />
            <span>
              <T k="event.reports" count={event.reports} />
            </span>
          </span>
          {event.alsoSeenBy && (
            <span className="row-facts" data-testid="also-seen-by">
              <T k="event.alsoSeenBy" nodes={event.alsoSeenBy.join(', ')} />
            </span>
          )}
          {event.warnings > 0 && (
            <span className="row-warnings">
              <T k="events.warnings" count={event.warnings} />
            </span>
          )}
        </span>
      </Link>
    </li>
  )
}
