/** Tokens for programs: what each may do, for what purpose, until when; a new one's secret is shown once. */
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { makeToken, type NewToken, revokeToken, tokensQuery } from '../api/account.ts'
import { Failed } from '../app/states.tsx'
import { When } from '../app/when.tsx'
import type { TextKey } from '../text/catalogue.ts'
import { T, useText } from '../text/use-text.tsx'
import { Part, useChange } from './account-page.tsx'
import { Field, Refusal } from './form.tsx'

export function Tokens({ purposes }: { readonly purposes: readonly string[] }) {
  const { say } = useText()
  const tokens = useQuery(tokensQuery)
  const revoking = useChange(revokeToken)
  return (
    <Part title="me.tokens">
      {tokens.isError && <Failed error={tokens.error} onRetry={() => void tokens.refetch()} />}
      <Refusal error={revoking.error} />
      <ul className="rows">
        {tokens.data?.items
          .filter(({ revokedAt }) => revokedAt === undefined)
          .map(({ id, title, scopes, purpose, expiresAt }) => (
            <li key={id} data-testid="token">
              <span>
                <b>{title}</b> · {scopes.join(', ')} · {say(`purpose.${purpose}` as TextKey)} ·{' '}
                <T k="me.until" /> <When at={expiresAt} />
              </span>
              <button
                type="button"
                aria-label={`${say('me.remove')}: ${title}`}
                onClick={() => revoking.mutate(id)}
                disabled={revoking.isPending}
              >
                <T k="me.remove" />
              </button>
            </li>
          ))}
      </ul>
      <NewTokenForm purposes={purposes} />
    </Part>
  )
}

function NewTokenForm({ purposes }: { readonly purposes: readonly string[] }) {
  const { say } = useText()
  const [secret, setSecret] = useState<string>()
  const purposeId = useId()
  const making = useChange(async (token: NewToken) => setSecret((await makeToken(token)).secret))
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        const data = new FormData(event.currentTarget)
        making.mutate({
          title: String(data.get('title')).trim(),
          scopes: data.getAll('scopes').map(String),
          purpose: String(data.get('purpose')),
          days: Number(data.get('days')),
        })
      }}
    >
      <Field name="title" label="me.name" maxLength={120} autoCapitalize="words" />
      <fieldset className="buttons">
        <legend>
          <T k="me.scopes" />
        </legend>
        {['read', 'write', 'audit', 'admin'].map((scope) => (
          <label key={scope} className="check">
            <input type="checkbox" name="scopes" value={scope} defaultChecked={scope === 'read'} /> {scope}
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor={purposeId}>
          <T k="account.purpose" />
        </label>
        <select id={purposeId} name="purpose">
          {[...new Set([...purposes, 'public'])].map((purpose) => (
            <option key={purpose} value={purpose}>
              {say(`purpose.${purpose}` as TextKey)}
            </option>
          ))}
        </select>
      </div>
      <Field name="days" label="me.days" type="number" min={1} max={365} defaultValue={30} />
      <Refusal error={making.error} />
      <output>
        {secret !== undefined && (
          <p className="notice breakable" data-testid="token-secret">
            <T k="me.once" /> <code>{secret}</code>
          </p>
        )}
      </output>
      <button type="submit" disabled={making.isPending}>
        <T k="me.newToken" />
      </button>
    </form>
  )
}
