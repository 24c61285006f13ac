/** What states tell each other: limits exceeded, alarms on rivers, reports of accidents; who has answered and who has not. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { NotificationSummary } from '../../server/schemas/index.ts'
import { notificationsQuery } from '../api/notifications.ts'
import { Failed, Loading, Nothing } from '../app/states.tsx'
import { useView } from '../app/view.ts'
import { When } from '../app/when.tsx'
import { T } from '../text/use-text.tsx'
import { Clocks, Kind, Mode, Sender, State } from './marks.tsx'

export function InboxPage() {
  const [open, setOpen] = useState(false)
  const notifications = useInfiniteQuery(notificationsQuery(open, useView()))
  const items = notifications.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section className="wide" aria-labelledby="inbox-title" data-testid="inbox-page">
      <h1 id="inbox-title">
        <T k="nav.inbox" />
      </h1>
      <p className="faint">
        <T k="inbox.text" />
      </p>
      <label className="check">
        <input type="checkbox" checked={open} onChange={({ target }) => setOpen(target.checked)} />
        <T k="inbox.onlyOpen" />
      </label>
      {notifications.isPending && <Loading />}
      {notifications.isError && !notifications.data && (
        <Failed error={notifications.error} onRetry={() => void notifications.refetch()} />
      )}
      {notifications.isSuccess && items.length === 0 && (
        <Nothing title={<T k="inbox.empty" />}>{null}</Nothing>
      )}
      <ol className="cards" data-list aria-busy={notifications.isFetching}>
        {items.map((one) => (
          <Card key={one.id} notification={one} />
        ))}
      </ol>
      {notifications.hasNextPage && (
        <button type="button" className="more" onClick={() => void notifications.fetchNextPage()}>
          <T k="app.more" />
        </button>
      )}
    </section>
  )
}

function Card({ notification }: { readonly notification: NotificationSummary }) {
  const { id, box, openedAt, headline, state } = notification
  return (
    <li className="card" data-testid="notification" data-state={state} data-box={box}>
      <h2>
        <Link to="/inbox/$notificationId" params={{ notificationId: id }} data-item>
          <Kind notification={notification} />
        </Link>{' '}
        <Mode notification={notification} /> <State notification={notification} />
      </h2>
      <p className="row-facts">
        <T k={`inbox.box.${box}`} /> · <Sender notification={notification} /> · <When at={openedAt} />
      </p>
      {headline !== undefined && <p lang="en">{headline}</p>}
      <Clocks notification={notification} />
    </li>
  )
}
