/** The desk at a glance: what calls for a person now, proposals, drafts, and a new one. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { DeskDraftSummary } from '../../server/schemas/index.ts'
import { OnlyFor } from '../access/only-for.tsx'
import { deskQuery, draftsQuery } from '../api/desk.ts'
import { useRealm } from '../app/clock.tsx'
import { useCountries } from '../app/countries.ts'
import { Loading, Nothing } from '../app/states.tsx'
import { Age, When } from '../app/when.tsx'
import { KindMark } from '../events/kinds.tsx'
import { Multilingual, T } from '../text/use-text.tsx'
import { SeverityTag } from '../warnings/severity.tsx'
import { Duty } from './duty.tsx'
import { NewDraftForm } from './new-draft.tsx'
import { Queue } from './queue.tsx'
import { Fate } from './state.tsx'

export function DeskPage() {
  const desk = useQuery(deskQuery)
  return (
    <section className="wide desk" aria-labelledby="desk-title" data-testid="desk-page">
      <h1 id="desk-title">
        <T k="desk.title" />
      </h1>
      {desk.isPending && <Loading />}
      {desk.isError && <OnlyFor error={desk.error} whom="desk.forWhom" onRetry={() => void desk.refetch()} />}
      {desk.data && (
        <>
          <Duty />
          <Queue />
          <Drafts />
          <NewDraftForm desk={desk.data} />
        </>
      )}
    </section>
  )
}

function Drafts() {
  const drafts = useInfiniteQuery(draftsQuery(useRealm(), undefined))
  const items = drafts.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-labelledby="drafts" data-testid="drafts">
      <h2 id="drafts">
        <T k="desk.drafts" />
      </h2>
      {drafts.isSuccess && items.length === 0 && (
        <Nothing title={<T k="desk.drafts.empty" />}>{null}</Nothing>
      )}
      <ol className="event-list" data-list>
        {items.map((draft) => (
          <DraftRow key={draft.id} draft={draft} />
        ))}
      </ol>
      {drafts.hasNextPage && (
        <button type="button" className="more" onClick={() => void drafts.fetchNextPage()}>
          <T k="app.more" />
        </button>
      )}
    </section>
  )
}

function DraftRow({ draft }: { readonly draft: DeskDraftSummary }) {
  const { nameOf } = useCountries()
  return (
    <li data-testid="draft-row" data-state={draft.state}>
      <Link to="/desk/drafts/$draftId" params={{ draftId: draft.id }} data-item className="event-row">
        <span className="row-magnitude">
          <KindMark kind={draft.hazard} />
        </span>
        <span className="row-main">
          <span className="row-place">
            {nameOf(draft.country)} · <Multilingual text={draft.headline} />
          </span>
          <span className="row-facts">
            <strong className="tag">
              <T k={`desk.state.${draft.state}`} />
            </strong>
            <T k={`desk.purpose.${draft.purpose}`} />
            <SeverityTag severity={draft.severity} />
            {draft.approvals.needed > 0 && (
              <T k="desk.approvals" given={draft.approvals.given} needed={draft.approvals.needed} />
            )}
            <Fate fate={draft.fate} />
          </span>
          <span className="row-facts">
            {draft.by.name} · <Age at={draft.changedAt} /> · <T k="notice.until" />{' '}
            <When at={draft.expires} />
          </span>
        </span>
      </Link>
    </li>
  )
}
