/** The audit for oversight: how often what was done, by whom and for what, and the trail. No content. */
import { useQuery } from '@tanstack/react-query'
import { OnlyFor } from '../access/only-for.tsx'
import { figuresQuery } from '../api/audit.ts'
import { sessionQuery } from '../api/session.ts'
import { Loading } from '../app/states.tsx'
import { T } from '../text/use-text.tsx'
import { FiguresOf } from './figures.tsx'
import { Trail } from './trail.tsx'

export function AuditPage() {
  const figures = useQuery(figuresQuery)
  const { data: session } = useQuery(sessionQuery)
  const isOverseer = session?.roles.includes('oversight') ?? false
  return (
    <section className="wide event" aria-labelledby="audit-title" data-testid="audit-page">
      <h1 id="audit-title">
        <T k="audit.title" />
      </h1>
      {figures.isPending && <Loading />}
      {figures.isError && (
        <OnlyFor error={figures.error} whom="audit.forWhom" onRetry={() => void figures.refetch()} />
      )}
      {figures.data && <FiguresOf figures={figures.data.figures} />}
      {isOverseer && <Trail />}
    </section>
  )
}
