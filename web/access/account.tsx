/** In the header: who is signed in, for what purpose, and the way out; or the way in. Nothing where nobody can sign in. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { SessionView } from '../../server/schemas/index.ts'
import { choosePurpose, sessionQuery, signOut } from '../api/session.ts'
import type { TextKey } from '../text/catalogue.ts'
import { T, useText } from '../text/use-text.tsx'

export function Account() {
  const { data: session } = useQuery(sessionQuery)
  if (!session) return null
  if (session.kind === 'public')
    return (
      <Link to="/sign-in" className="account" data-testid="sign-in">
        <T k="signIn.title" />
      </Link>
    )
  return <Somebody session={session} />
}

function Somebody({ session }: { readonly session: SessionView }) {
  const { say } = useText()
  const name = session.user?.name ?? session.user?.login ?? session.user?.id ?? ''
  const leaving = useMutation({ mutationFn: signOut, onSettled: anew })
  return (
    <span className="account" data-testid="account">
      <Link to="/account" title={say('account.as', { name })}>
        {name}
      </Link>
      {session.purposes.length > 0 && <Purpose session={session} />}
      <button
        type="button"
        onClick={() => leaving.mutate()}
        disabled={leaving.isPending}
        data-testid="sign-out"
      >
        <T k="account.signOut" />
      </button>
    </span>
  )
}

/** What is asked for decides what is shown, so the page is loaded anew. */
function Purpose({ session }: { readonly session: SessionView }) {
  const { say } = useText()
  const choosing = useMutation({ mutationFn: (purpose: string) => choosePurpose(purpose), onSuccess: anew })
  return (
    <select
      aria-label={say('account.purpose')}
      data-testid="purpose"
      value={session.purpose}
      disabled={choosing.isPending}
      onChange={({ target }) => choosing.mutate(target.value)}
    >
      {[...new Set([...session.purposes, 'public'])].map((purpose) => (
        <option key={purpose} value={purpose}>
          {say(`purpose.${purpose}` as TextKey)}
        </option>
      ))}
    </select>
  )
}

/** Loaded anew: nothing of who was here before stays on the page. */
const anew = (): void => location.reload()
