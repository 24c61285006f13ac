/** A duty officer's or an approver's word on a proposed warning, with the reason; the node knows who says it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Field, Refusal } from '../access/form.tsx'
import { decide } from '../api/recalls.ts'
import { sessionQuery } from '../api/session.ts'
import { T } from '../text/use-text.tsx'

type Waiting = { readonly id: string; readonly version: number; readonly state?: string | undefined }

type DecideProps = { readonly proposal: Waiting; readonly onDecided: () => void }

export function Decide({ proposal: { id, version, state }, onDecided }: DecideProps) {
  const { data: session } = useQuery(sessionQuery)
  const queries = useQueryClient()
  const deciding = useMutation({
    mutationFn: decide,
    onSuccess: () => {
      onDecided()
      return queries.invalidateQueries()
    },
  })
  const isDecider = session?.roles.some((role) => role === 'duty-officer' || role === 'approver') ?? false
  if (session?.kind !== 'person' || !isDecider) return null
  const words = state === 'end' ? (['end', 'decline'] as const) : (['issue', 'decline'] as const)
  return (
    <form
      className="form"
      data-testid="decide"
      onSubmit={(event) => {
        event.preventDefault()
        const { submitter } = event.nativeEvent as SubmitEvent
        const decision = (submitter as HTMLButtonElement | null)?.value as (typeof words)[number]
        const because = String(new FormData(event.currentTarget).get('because')).trim()
        deciding.mutate({ proposal: id, version, decision, because })
      }}
    >
      <Field name="because" label="decide.because" minLength={3} maxLength={500} autoCapitalize="sentences" />
      <Refusal error={deciding.error} />
      <p className="buttons">
        {words.map((word) => (
          <button
            key={word}
            type="submit"
            value={word}
            className={word === 'decline' ? undefined : 'primary'}
            disabled={deciding.isPending}
          >
            <T k={`decide.${word}`} />
          </button>
        ))}
      </p>
    </form>
  )
}
