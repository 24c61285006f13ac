/**
 * Emergency access: for minutes labels and audiences do not bind who breaks the glass. A page of its own that looks like
 * what it is, and takes a reason and a tick, so that nobody comes upon it by the way; then the list, and the review by a
 * second person.
 */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Field, Refusal } from '../access/form.tsx'
import { OnlyFor } from '../access/only-for.tsx'
import { breakGlass, glassQuery } from '../api/audit.ts'
import { sessionQuery } from '../api/session.ts'
import { Loading } from '../app/states.tsx'
import { T } from '../text/use-text.tsx'
import { dataOf, GlassCard } from './glass.tsx'
import { mayBreakGlass, mayReviewGlass } from './may.ts'

export function EmergencyPage() {
  const list = useQuery(glassQuery)
  const { data: session } = useQuery(sessionQuery)
  const roles = session?.roles ?? []
  const me = session?.user?.id
  return (
    <section className="wide event" aria-labelledby="glass-title" data-testid="emergency-page">
      <h1 id="glass-title">
        <T k="glass.title" />
      </h1>
      {list.isPending && <Loading />}
      {list.isError && (
        <OnlyFor error={list.error} whom="glass.forWhom" onRetry={() => void list.refetch()} />
      )}
      {list.isSuccess && session?.kind === 'person' && mayBreakGlass(roles) && <Break />}
      {list.data?.items.length === 0 && (
        <p>
          <T k="glass.empty" />
        </p>
      )}
      <ol className="cards">
        {list.data?.items.map((glass) => (
          <GlassCard
            key={glass.id}
            glass={glass}
            mayReview={mayReviewGlass(roles) && glass.principal !== me}
          />
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
    <form className="form alarm" data-testid="break" onSubmit={(event) => breaking.mutate(dataOf(event))}>
      <p id="glass-text">
        <strong>
          <T k="glass.text" />
        </strong>
      </p>
      <Field name="reason" label="glass.why" minLength={10} maxLength={500} autoCapitalize="sentences" />
      <Field name="minutes" label="glass.minutes" type="number" min={1} max={60} defaultValue={15} />
      <label className="check">
        <input type="checkbox" name="sure" required /> <T k="glass.sure" />
      </label>
      <Refusal error={breaking.error} />
      <button type="submit" className="danger" disabled={breaking.isPending} aria-describedby="glass-text">
        <T k="glass.break" />
      </button>
    </form>
  )
}
