/**
 * The first means to sign in, by a one-time link: its token stands behind the `#`, which no server sees. A passkey, or a
 * password with an authenticator; then the recovery codes, shown this once.
 */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { renderSVG } from 'uqr'
import { CallFailed } from '../api/call.ts'
import {
  beginEnrolment,
  type Enrolled,
  enrolPasskey,
  enrolPassword,
  goToProvider,
  type Invited,
  lookAtLink,
  type Setup,
  sessionQuery,
} from '../api/session.ts'
import { Failed, Loading } from '../app/states.tsx'
import { T } from '../text/use-text.tsx'
import { Field, Refusal } from './form.tsx'

export function EnrolPage() {
  const [token] = useState(() => location.hash.slice(1))
  const invited = useQuery({ queryKey: ['enrolment', token], queryFn: () => lookAtLink(token), retry: false })
  const [setup, setSetup] = useState<Setup>()
  const [done, setDone] = useState<Enrolled>()
  return (
    <section className="narrow" aria-labelledby="enrol-title" data-testid="enrol-page">
      <h1 id="enrol-title">
        <T k="enrol.title" />
      </h1>
      {invited.isPending && <Loading />}
      {invited.isError && <NotInvited error={invited.error} onRetry={() => void invited.refetch()} />}
      {invited.data && !setup && !done && <Names token={token} invited={invited.data} onSetup={setSetup} />}
      {setup && !done && <Means token={token} setup={setup} onDone={setDone} />}
      {done && <Codes codes={done.recoveryCodes} />}
    </section>
  )
}

/** A link that is spent does not become good by trying again. */
function NotInvited({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (error instanceof CallFailed && error.status === 410) return <Refusal error={error} />
  return <Failed error={error} onRetry={onRetry} />
}

type NamesProps = {
  readonly token: string
  readonly invited: Invited
  readonly onSetup: (setup: Setup) => void
}

/** The first administrator says by which names; who is invited has them already. */
function Names({ token, invited, onSetup }: NamesProps) {
  const beginning = useMutation({
    mutationFn: (names: { readonly login?: string; readonly name?: string }) => beginEnrolment(token, names),
    onSuccess: onSetup,
  })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        const data = new FormData(event.currentTarget)
        beginning.mutate(
          invited.kind === 'user'
            ? {}
            : { login: String(data.get('login')).trim(), name: String(data.get('name')).trim() },
        )
      }}
    >
      {invited.kind === 'user' ? (
        <p>
          <strong>{invited.name}</strong> ({invited.login})
        </p>
      ) : (
        <>
          <Field name="login" label="signIn.login" autoComplete="username" maxLength={63} />
          <Field name="name" label="enrol.name" autoComplete="name" autoCapitalize="words" maxLength={120} />
        </>
      )}
      <Refusal error={beginning.error} />
      <button type="submit" className="primary" disabled={beginning.isPending}>
        <T k="signIn.next" />
      </button>
    </form>
  )
}

type MeansProps = {
  readonly token: string
  readonly setup: Setup
  readonly onDone: (done: Enrolled) => void
}

function Means({ token, setup, onDone }: MeansProps) {
  const { passkey, totp, login } = setup
  const { data: session } = useQuery(sessionQuery)
  const withPassword = useMutation({
    mutationFn: ({ password, code }: { readonly password: string; readonly code: string }) =>
      enrolPassword(token, password, code),
    onSuccess: onDone,
  })
  const withPasskey = useMutation({ mutationFn: () => enrolPasskey(token, passkey ?? {}), onSuccess: onDone })
  return (
    <>
      {session?.providers.map(({ id, title }) => (
        <Provider key={id} id={id} title={title} token={token} />
      ))}
      {passkey && (
        <div className="form">
          <button type="button" className="primary" onClick={() => withPasskey.mutate()}>
            <T k="enrol.passkey" />
          </button>
          <Refusal error={withPasskey.error} />
        </div>
      )}
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          const data = new FormData(event.currentTarget)
          withPassword.mutate({ password: String(data.get('password')), code: String(data.get('code')) })
        }}
      >
        <h2>
          <T k="enrol.password" />
        </h2>
        <input type="hidden" name="username" autoComplete="username" value={login} readOnly />
        <Field
          name="password"
          label="signIn.password"
          hint="enrol.password.hint"
          type="password"
          autoComplete="new-password"
          minLength={12}
        />
        <figure className="qr">
          <img
            src={`data:image/svg+xml,${encodeURIComponent(renderSVG(totp.uri))}`}
            alt=""
            width="180"
            height="180"
          />
          <figcaption>
            <T k="enrol.key" />: <code>{totp.key}</code>
          </figcaption>
        </figure>
        <Field name="code" label="signIn.code" autoComplete="one-time-code" inputMode="numeric" />
        <Refusal error={withPassword.error} />
        <button type="submit" className="primary" disabled={withPassword.isPending}>
          <T k="enrol.done" />
        </button>
      </form>
    </>
  )
}

/** Not for the first administrator: nobody could come in once the provider is away. */
function Provider({
  id,
  title,
  token,
}: {
  readonly id: string
  readonly title: string
  readonly token: string
}) {
  const going = useMutation({ mutationFn: () => goToProvider(id, { token }) })
  return (
    <div className="form">
      <button type="button" className="primary" onClick={() => going.mutate()} disabled={going.isPending}>
        <T k="signIn.with" provider={title} />
      </button>
      <Refusal error={going.error} />
    </div>
  )
}

function Codes({ codes }: { readonly codes: readonly string[] }) {
  return (
    <output className="form">
      {codes.length > 0 && (
        <>
          <p>
            <T k="enrol.codes" />
          </p>
          <ul className="codes">
            {codes.map((code) => (
              <li key={code}>
                <code>{code}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      <button type="button" className="primary" onClick={() => location.assign('/')}>
        <T k="enrol.done" />
      </button>
    </output>
  )
}
