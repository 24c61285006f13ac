/** Who looked at a record, here and at the peers that hold it: for those of its originator, when they ask. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { looksQuery } from '../api/recalls.ts'
import { sessionQuery } from '../api/session.ts'
import { Failed, Loading } from '../app/states.tsx'
import { When } from '../app/when.tsx'
import { Who } from '../audit/who.tsx'
import { sayAct, sayPurpose } from '../audit/words.ts'
import { T, useText } from '../text/use-text.tsx'

const mayAsk = ['liaison', 'analyst', 'duty-officer', 'approver', 'oversight']

/** Asking is itself on the trail, so it waits until somebody wants to know. */
export function WhoLooked({ id }: { readonly id: string }) {
  const { data: session } = useQuery(sessionQuery)
  const [isAsked, setAsked] = useState(false)
  if (!session?.roles.some((role) => mayAsk.includes(role))) return null
  if (isAsked) return <Looks id={id} />
  return (
    <p>
      <button type="button" onClick={() => setAsked(true)}>
        <T k="record.looks" />
      </button>
    </p>
  )
}

function Looks({ id }: { readonly id: string }) {
  const { say } = useText()
  const looks = useQuery(looksQuery(id))
  return (
    <section aria-labelledby="looks-title" data-testid="looks">
      <h2 id="looks-title">
        <T k="record.looks" />
      </h2>
      {looks.isPending && <Loading />}
      {looks.isError && <Failed error={looks.error} onRetry={() => void looks.refetch()} />}
      {looks.data?.looks.length === 0 && (
        <p>
          <T k="record.looks.none" />
        </p>
      )}
      <ul className="plain">
        {looks.data?.looks.map((look) => (
          <li key={`${look.node} ${look.at} ${look.principal} ${look.act}`}>
            <When at={look.at} /> {sayAct(say, look.act)} ·{' '}
            {look.principal === undefined ? (look.organisation ?? '–') : <Who principal={look.principal} />} ·{' '}
            {sayPurpose(say, look.purpose)} · {look.node}
          </li>
        ))}
        {looks.data?.unanswered.map(({ node, reason }) => (
          <li key={node}>
            {node}: <code>{reason}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}
