/** Proposals that wait for a person: from here to a draft, or to the event that they are about. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { DeskQueue } from '../../server/schemas/index.ts'
import { Refusal } from '../access/form.tsx'
import { newDraft, queueQuery } from '../api/desk.ts'
import { useRealm } from '../app/clock.tsx'
import { useCountries } from '../app/countries.ts'
import { Nothing } from '../app/states.tsx'
import { Age } from '../app/when.tsx'
import { KindMark } from '../events/kinds.tsx'
import { BecauseList } from '../events/proposals.tsx'
import { T } from '../text/use-text.tsx'
import { SeverityTag } from '../warnings/severity.tsx'

export function Queue() {
  const queue = useQuery(queueQuery(useRealm()))
  return (
    <section aria-labelledby="queue" data-testid="queue">
      <h2 id="queue">
        <T k="desk.queue" />
      </h2>
      {queue.data?.items.length === 0 && <Nothing title={<T k="desk.queue.empty" />}>{null}</Nothing>}
      <ol className="cards">
        {queue.data?.items.map((item) => (
          <Waiting key={item.proposal} item={item} />
        ))}
      </ol>
    </section>
  )
}

function Waiting({ item }: { readonly item: DeskQueue['items'][number] }) {
  const { nameOf } = useCountries()
  const navigate = useNavigate()
  const composing = useMutation({
    mutationFn: () => newDraft({ from: { kind: 'proposal', proposal: item.proposal }, realm: item.realm }),
    onSuccess: ({ id }) => void navigate({ to: '/desk/drafts/$draftId', params: { draftId: id } }),
  })
  return (
    <li className="card" data-testid="queue-item" data-country={item.country}>
      <h3>
        <KindMark kind={item.hazard} /> {nameOf(item.country)}
      </h3>
      <p className="row-facts">
        <SeverityTag severity={item.severity} />
        <span lang="en">
          {item.urgency} · {item.certainty}
        </span>
        <Age at={item.recordedAt} />
        {item.state === 'end' && <T k="decide.end" />}
      </p>
      <BecauseList because={item.because} />
      <p className="buttons">
        <button
          type="button"
          className="primary"
          disabled={composing.isPending}
          onClick={() => composing.mutate()}
        >
          <T k="desk.compose" />
        </button>
        <Link to="/events/$id" params={{ id: item.event }}>
          <T k="desk.event" />
        </Link>
        {item.drafts.map((id) => (
          <Link key={id} to="/desk/drafts/$draftId" params={{ draftId: id }}>
            <T k="desk.state.draft" /> {id.slice(0, 6)}
          </Link>
        ))}
      </p>
      <Refusal error={composing.error} />
    </li>
  )
}
