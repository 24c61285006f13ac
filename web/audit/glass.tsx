/** Broken glass: the request by who needs it now, the list, and the review by a second person. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId } from 'react'
import { Field, Refusal } from '../access/form.tsx'
import { breakGlass, type Glass, glassQuery, reviewGlass } from '../api/audit.ts'
import { sessionQuery } from '../api/session.ts'
import { Failed } from '../app/states.tsx'
import { When } from '../app/when.tsx'
import { T, useText } from '../text/use-text.tsx'

type Who = { readonly roles: readonly string[]; readonly me: string | undefined }

export function GlassSection({ roles, me }: Who) {
  const list = useQuery(glassQuery)
  const mayBreak = roles.some((role) => ['analyst', 'duty-officer', 'liaison'].includes(role))
  const mayReview = roles.some((role) => ['oversight', 'approver'].includes(role))
  return (
    <section aria-labelledby="glass-title" data-testid="glass">
      <h2 id="glass-title">
        <T k="glass.title" />
      </h2>
      {mayBreak && <Break />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && (
        <p>
          <T k="glass.empty" />
        </p>
      )}
      <ol className="cards">
        {list.data?.items.map((glass) => (
          <GlassCard key={glass.id} glass={glass} mayReview={mayReview && glass.principal !== me} />
        ))}
      </ol>
    </section>
  )
}

function Break() {
  const breaking = useMutation({
    mutationFn: (given: FormData) =>
      breakGlass(String(given.get('reason')).trim(), Number(given.get('minutes'))),
    onSuccess: () => location.reload(), // what is shown is another matter now
  })
  return (
    <form className="form" onSubmit={(event) => breaking.mutate(dataOf(event))}>
      <Field name="reason" label="glass.why" minLength={10} maxLength={500} autoCapitalize="sentences" />
      <Field name="minutes" label="glass.minutes" type="number" min={1} max={60} defaultValue={15} />
      <Refusal error={breaking.error} />
      <button type="submit" className="danger" disabled={breaking.isPending}>
        <T k="glass.break" />
      </button>
    </form>
  )
}

function GlassCard({ glass, mayReview }: { readonly glass: Glass; readonly mayReview: boolean }) {
  const { review } = glass
  return (
    <li className="card" data-testid="broken-glass" data-reviewed={review !== undefined}>
      <h3 className="breakable">{glass.principal}</h3>
      <p>{glass.reason}</p>
      <p className="row-facts">
        <When at={glass.openedAt} /> – <When at={glass.until} />
      </p>
      {review ? (
        <p>
          <strong className="tag">
            <T k={review.verdict === 'justified' ? 'glass.justified' : 'glass.unjustified'} />
          </strong>{' '}
          {review.by} <When at={review.at} /> {review.note}
        </p>
      ) : (
        <p>
          <strong className="tag" data-severity="Severe">
            <T k="glass.reviewBy" /> <When at={glass.reviewBy} />
          </strong>
        </p>
      )}
      {!review && mayReview && <Review id={glass.id} />}
    </li>
  )
}

function Review({ id }: { readonly id: string }) {
  const { say } = useText()
  const verdictId = useId()
  const queries = useQueryClient()
  const reviewing = useMutation({
    mutationFn: (given: FormData) =>
      reviewGlass(id, String(given.get('verdict')), String(given.get('note')).trim()),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['audit'] }),
  })
  return (
    <form className="form" onSubmit={(event) => reviewing.mutate(dataOf(event))}>
      <div className="field">
        <label htmlFor={verdictId}>
          <T k="glass.verdict" />
        </label>
        <select id={verdictId} name="verdict">
          <option value="justified">{say('glass.justified')}</option>
          <option value="not-justified">{say('glass.unjustified')}</option>
        </select>
      </div>
      <Field name="note" label="glass.note" maxLength={500} required={false} autoCapitalize="sentences" />
      <Refusal error={reviewing.error} />
      <button type="submit" className="primary" disabled={reviewing.isPending}>
        <T k="glass.review" />
      </button>
    </form>
  )
}

function dataOf(event: FormEvent<HTMLFormElement>): FormData {
  event.preventDefault()
  return new FormData(event.currentTarget)
}

/** As long as the glass is broken it stands on every page, and cannot be closed. */
export function GlassBanner() {
  const { data: session } = useQuery(sessionQuery)
  if (!session?.breakGlassUntil) return null
  return (
    <div className="banner glass" role="alert" data-testid="glass-banner">
      <strong>
        <T k="glass.banner" /> <When at={session.breakGlassUntil} />
      </strong>
    </div>
  )
}
