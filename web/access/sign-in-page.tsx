/**
 * Signing in: a passkey; or login name and password, then a code of the authenticator or a recovery code; or a provider.
 * Once it is done the page is loaded anew, so that nothing of who was here before is left on it.
 */
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { SessionView } from '../../server/schemas/index.ts'
import { giveCode, givePassword, goToProvider, sessionQuery, usePasskeyHere } from '../api/session.ts'
import { Failed, Loading } from '../app/states.tsx'
import type { TextKey } from '../text/catalogue.ts'
import { T } from '../text/use-text.tsx'
import { Field, Refusal } from './form.tsx'
import { wayBack } from './way-back.ts'

export function SignInPage() {
  const session = useQuery(sessionQuery)
  return (
    <section className="narrow" aria-labelledby="sign-in-title" data-testid="sign-in-page">
      <h1 id="sign-in-title">
        <T k="signIn.title" />
      </h1>
      <p>
        <T k="signIn.public" />
      </p>
      {session.isPending && <Loading />}
      {session.isError && <Failed error={session.error} onRetry={() => void session.refetch()} />}
      <ProblemOfProvider />
      {session.isSuccess &&
        (session.data === null || !session.data.hasUsers ? (
          <p className="notice">
            <T k="signIn.none" />
          </p>
        ) : (
          <Ways session={session.data} />
        ))}
    </section>
  )
}

/** A provider sends the browser back with the code of what went wrong. */
function ProblemOfProvider() {
  const [problem] = useState(() => new URLSearchParams(location.search).get('problem'))
  if (!problem || !/^[a-z-]+\/[a-z-]+$/.test(problem)) return null
  return (
    <p className="notice" role="alert">
      <T k="signIn.failed" />: <T k={problemText(problem)} /> <code>{problem}</code>
    </p>
  )
}

const problemText = (problem: string): TextKey =>
  problem === 'sign-in/unlinked' ? 'signIn.problem.unlinked' : 'signIn.problem.provider'

function Ways({ session }: { readonly session: SessionView }) {
  const [isKnown, setKnown] = useState(false)
  if (isKnown) return <SecondFactor onBack={() => setKnown(false)} />
  return (
    <>
      <Password onKnown={() => setKnown(true)} />
      {session.passkeys && <Passkey />}
      {session.providers.map(({ id, title }) => (
        <Provider key={id} id={id} title={title} />
      ))}
    </>
  )
}

function Password({ onKnown }: { readonly onKnown: () => void }) {
  const sending = useMutation({
    mutationFn: ({ login, password }: { readonly login: string; readonly password: string }) =>
      givePassword(login, password),
    onSuccess: onKnown,
  })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        const given = read(event)
        sending.mutate({ login: given('login').trim(), password: given('password') })
      }}
    >
      <Field name="login" label="signIn.login" autoComplete="username webauthn" />
      <Field name="password" label="signIn.password" type="password" autoComplete="current-password" />
      <Refusal error={sending.error} />
      <button type="submit" className="primary" disabled={sending.isPending}>
        <T k="signIn.next" />
      </button>
    </form>
  )
}

function SecondFactor({ onBack }: { readonly onBack: () => void }) {
  const [kind, setKind] = useState<'totp' | 'recovery'>('totp')
  const sending = useMutation({ mutationFn: (code: string) => giveCode(kind, code), onSuccess: enter })
  return (
    <form className="form" onSubmit={(event) => sending.mutate(read(event)('code'))}>
      <Field
        key={kind}
        name="code"
        label={kind === 'totp' ? 'signIn.code' : 'signIn.recovery'}
        autoComplete={kind === 'totp' ? 'one-time-code' : 'off'}
        inputMode={kind === 'totp' ? 'numeric' : 'text'}
        autoFocus
      />
      <Refusal error={sending.error} />
      <button type="submit" className="primary" disabled={sending.isPending}>
        <T k="signIn.title" />
      </button>
      <button type="button" onClick={() => setKind(kind === 'totp' ? 'recovery' : 'totp')}>
        <T k={kind === 'totp' ? 'signIn.useRecovery' : 'signIn.useCode'} />
      </button>
      <button type="button" onClick={onBack}>
        <T k="signIn.back" />
      </button>
    </form>
  )
}

function Passkey() {
  const asking = useMutation({ mutationFn: usePasskeyHere, onSuccess: enter })
  return (
    <div className="form">
      <button type="button" onClick={() => asking.mutate()} disabled={asking.isPending}>
        <T k="signIn.passkey" />
      </button>
      <Refusal error={asking.error} />
    </div>
  )
}

function Provider({ id, title }: { readonly id: string; readonly title: string }) {
  const going = useMutation({ mutationFn: () => goToProvider(id) })
  return (
    <div className="form">
      <button type="button" data-testid="provider" onClick={() => going.mutate()} disabled={going.isPending}>
        <T k="signIn.with" provider={title} />
      </button>
      <Refusal error={going.error} />
    </div>
  )
}

/** To the page that sent them here, or to the first. */
const enter = (): void => location.assign(wayBack())

function read(event: FormEvent<HTMLFormElement>): (name: string) => string {
  event.preventDefault()
  const data = new FormData(event.currentTarget)
  return (name) => String(data.get(name) ?? '')
}
