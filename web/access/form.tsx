/** A labelled field, and why something was refused, told to screen readers when it appears. */
import type { InputHTMLAttributes } from 'react'
import { useId } from 'react'
import { CallFailed } from '../api/call.ts'
import type { TextKey } from '../text/catalogue.ts'
import { T } from '../text/use-text.tsx'

export function Field({
  label,
  hint,
  ...input
}: { readonly label: TextKey; readonly hint?: TextKey } & Omit<InputHTMLAttributes<HTMLInputElement>, 'id'>) {
  const id = useId()
  const hintId = useId()
  return (
    <div className="field">
      <label htmlFor={id}>
        <T k={label} />
      </label>
      <input
        id={id}
        required
        autoCapitalize="none"
        spellCheck={false}
        {...(hint && { 'aria-describedby': hintId })}
        {...input}
      />
      {hint && (
        <small id={hintId}>
          <T k={hint} />
        </small>
      )}
    </div>
  )
}

export function Refusal({ error }: { readonly error: unknown }) {
  return (
    <div role="alert">
      {error !== null && error !== undefined && (
        <p className="notice">
          <T k="signIn.failed" />:{' '}
          <span lang="en">{error instanceof Error ? error.message : String(error)}</span>{' '}
          {error instanceof CallFailed && <code>{error.code}</code>}
        </p>
      )}
    </div>
  )
}
