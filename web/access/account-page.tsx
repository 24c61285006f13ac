/** One's own account: passkeys, authenticators, recovery codes, tokens, sessions. Secrets are shown once and nowhere kept. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { renderSVG } from 'uqr'
import {
  addPasskey,
  addTotp,
  beginTotp,
  changePassword,
  endSession,
  type Means,
  meansQuery,
  newRecoveryCodes,
  removeMean,
  sessionsQuery,
} from '../api/account.ts'
import { goToProvider, sessionQuery } from '../api/session.ts'
import { Failed, Loading } from '../app/states.tsx'
import { Age, When } from '../app/when.tsx'
import type { TextKey } from '../text/catalogue.ts'
import { T, useText } from '../text/use-text.tsx'
import { Field, Refusal } from './form.tsx'
import { OnlyFor } from './only-for.tsx'
import { Tokens } from './tokens.tsx'

export function AccountPage() {
  const means = useQuery(meansQuery)
  const { data: session } = useQuery(sessionQuery)
  return (
    <section className="wide event" aria-labelledby="account-title" data-testid="account-page">
      <h1 id="account-title">
        <T k="me.title" />
      </h1>
      {means.isPending && <Loading />}
      {means.isError && (
        <OnlyFor error={means.error} whom="me.forWhom" onRetry={() => void means.refetch()} />
      )}
      {means.data && session && (
        <>
          <p>
            <T k="me.fresh" />
          </p>
          <Password setAt={means.data.password?.setAt} />
          <Passkeys items={means.data.passkeys} canAdd={session.passkeys} />
          <Authenticators items={means.data.totps} />
          {(session.providers.length > 0 || means.data.openids.length > 0) && (
            <Providers items={means.data.openids} providers={session.providers} />
          )}
          <RecoveryCodes left={means.data.recoveryCodesLeft} />
          <Tokens purposes={session.purposes} />
          <Sessions />
        </>
      )}
    </section>
  )
}

type Item = { readonly id: string; readonly title: string; readonly addedAt: string }

function Password({ setAt }: { readonly setAt: string | undefined }) {
  const { data: session } = useQuery(sessionQuery)
  const setting = useChange(changePassword)
  return (
    <Part title="signIn.password">
      {setAt !== undefined && (
        <p data-testid="password-set">
          <When at={setAt} />
        </p>
      )}
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          setting.mutate(String(new FormData(event.currentTarget).get('password')))
          event.currentTarget.reset()
        }}
      >
        <input
          type="hidden"
          name="username"
          autoComplete="username"
          value={session?.user?.login ?? ''}
          readOnly
        />
        <Field
          name="password"
          label="me.newPassword"
          hint="enrol.password.hint"
          type="password"
          autoComplete="new-password"
          minLength={12}
        />
        <Refusal error={setting.error} />
        <button type="submit" disabled={setting.isPending}>
          <T k="me.change" />
        </button>
      </form>
    </Part>
  )
}

type ProvidersProps = {
  readonly items: Means['openids']
  readonly providers: readonly { readonly id: string; readonly title: string }[]
}

function Providers({ items, providers }: ProvidersProps) {
  const itemOf = ({ provider, subject, addedAt }: Means['openids'][number]): Item => {
    const { title = provider } = providers.find(({ id }) => id === provider) ?? {}
    return { id: provider, title: `${title} · ${subject}`, addedAt }
  }
  const linking = useMutation({ mutationFn: (id: string) => goToProvider(id, { intent: 'link' }) })
  return (
    <Part title="me.providers">
      <Items items={items.map(itemOf)} kind="openid" />
      <Refusal error={linking.error} />
      <p className="buttons">
        {providers.map(({ id, title }) => (
          <button key={id} type="button" onClick={() => linking.mutate(id)} disabled={linking.isPending}>
            <T k="me.link" provider={title} />
          </button>
        ))}
      </p>
    </Part>
  )
}

function Passkeys({ items, canAdd }: { readonly items: readonly Item[]; readonly canAdd: boolean }) {
  const adding = useChange(addPasskey)
  return (
    <Part title="me.passkeys">
      <Items items={items} kind="passkey" />
      {canAdd && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault()
            adding.mutate(String(new FormData(event.currentTarget).get('title')).trim())
          }}
        >
          <Field name="title" label="me.name" maxLength={120} autoCapitalize="words" />
          <Refusal error={adding.error} />
          <button type="submit" disabled={adding.isPending}>
            <T k="enrol.passkey" />
          </button>
        </form>
      )}
    </Part>
  )
}

function Authenticators({ items }: { readonly items: readonly Item[] }) {
  const beginning = useMutation({ mutationFn: beginTotp })
  const adding = useChange(({ title, code }: { title: string; code: string }) => addTotp(title, code))
  return (
    <Part title="me.authenticators">
      <Items items={items} kind="totp" />
      <Refusal error={beginning.error} />
      {(!beginning.data || adding.isSuccess) && (
        <button type="button" onClick={() => beginning.mutate()} disabled={beginning.isPending}>
          <T k="me.add" />
        </button>
      )}
      {beginning.data && !adding.isSuccess && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault()
            const data = new FormData(event.currentTarget)
            adding.mutate({ title: String(data.get('title')).trim(), code: String(data.get('code')) })
          }}
        >
          <figure className="qr">
            <img
              src={`data:image/svg+xml,${encodeURIComponent(renderSVG(beginning.data.uri))}`}
              alt=""
              width="180"
              height="180"
            />
            <figcaption>
              <T k="enrol.key" />: <code>{beginning.data.key}</code>
            </figcaption>
          </figure>
          <Field name="title" label="me.name" maxLength={120} autoCapitalize="words" />
          <Field name="code" label="signIn.code" autoComplete="one-time-code" inputMode="numeric" />
          <Refusal error={adding.error} />
          <button type="submit" disabled={adding.isPending}>
            <T k="me.add" />
          </button>
        </form>
      )}
    </Part>
  )
}

function RecoveryCodes({ left }: { readonly left: number }) {
  const [codes, setCodes] = useState<readonly string[]>([])
  const renewing = useChange(async () => setCodes(await newRecoveryCodes()))
  return (
    <Part title="me.codes">
      <p>
        <T k="me.codes.left" n={left} />
      </p>
      <Refusal error={renewing.error} />
      <output>
        {codes.length > 0 && (
          <>
            <p className="notice">
              <T k="enrol.codes" />
            </p>
            <ul className="codes" data-testid="new-codes">
              {codes.map((code) => (
                <li key={code}>
                  <code>{code}</code>
                </li>
              ))}
            </ul>
          </>
        )}
      </output>
      <button type="button" onClick={() => renewing.mutate(undefined)} disabled={renewing.isPending}>
        <T k="me.codes.renew" />
      </button>
    </Part>
  )
}

function Sessions() {
  const sessions = useQuery(sessionsQuery)
  const ending = useChange(endSession)
  return (
    <Part title="me.sessions">
      {sessions.isError && <Failed error={sessions.error} onRetry={() => void sessions.refetch()} />}
      <Refusal error={ending.error} />
      <ul className="rows">
        {sessions.data?.items.map((one) => (
          <li key={one.id} data-testid="session">
            <span className="breakable">
              {one.isThis && (
                <strong className="tag">
                  <T k="me.this" />
                </strong>
              )}{' '}
              {one.agent} · <When at={one.signedInAt} /> · <Age at={one.seenAt} />
            </span>
            {!one.isThis && (
              <button type="button" onClick={() => ending.mutate(one.id)} disabled={ending.isPending}>
                <T k="me.end" />
              </button>
            )}
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Items({
  items,
  kind,
}: {
  readonly items: readonly Item[]
  readonly kind: 'totp' | 'passkey' | 'openid'
}) {
  const { say } = useText()
  const removing = useChange((id: string) => removeMean(kind, id))
  return (
    <>
      <ul className="rows">
        {items.map(({ id, title, addedAt }) => (
          <li key={id}>
            <span>
              {title} · <When at={addedAt} />
            </span>
            <button
              type="button"
              aria-label={`${say('me.remove')}: ${title}`}
              onClick={() => removing.mutate(id)}
              disabled={removing.isPending}
            >
              <T k="me.remove" />
            </button>
          </li>
        ))}
      </ul>
      <Refusal error={removing.error} />
    </>
  )
}

export function Part({ title, children }: { readonly title: TextKey; readonly children: ReactNode }) {
  return (
    <section className="card" aria-label={useText().say(title)}>
      <h2>
        <T k={title} />
      </h2>
      {children}
    </section>
  )
}

/** A change of the account, after which what is shown of it is asked for anew. */
export function useChange<Given, Answer>(mutationFn: (given: Given) => Promise<Answer>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn, onSuccess: () => queries.invalidateQueries({ queryKey: ['account'] }) })
}
