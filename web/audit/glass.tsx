/** One emergency access, and its review by a second person; and the banner while the glass is broken. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId } from 'react'
import { Field, Refusal } from '../access/form.tsx'
import { type Glass, reviewGlass } from '../api/audit.ts'
import { sessionQuery } from '../api/session.ts'
import { When } from '../app/when.tsx'
import { T, useText } from '../text/use-text.tsx'

export function GlassCard({ glass, mayReview }: { readonly glass: Glass; readonly mayReview: boolean }) {
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

export function dataOf(event: FormEvent<HTMLFormElement>): FormData {
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
