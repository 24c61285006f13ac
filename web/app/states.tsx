/** The states every list and page shares: loading, failed, nothing there. Each says what it means and what to do. */
import type { ReactNode } from 'react'
import { CallFailed } from '../api/call.ts'
import { T } from '../text/use-text.tsx'

export function Loading() {
  return (
    <output className="state" data-testid="loading">
      <T k="app.loading" />
    </output>
  )
}

export function Failed({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (error instanceof CallFailed && error.status === 404) return <NotFound />
  const isUnreachable = error instanceof CallFailed && error.status === 0
  return (
    <div className="state" role="alert" data-testid="failed">
      <h2>
        <T k="error.title" />
      </h2>
      <p>
        {isUnreachable ? (
          <T k="error.unreachable" />
        ) : (
          <T k="error.message" message={error instanceof Error ? error.message : String(error)} />
        )}
      </p>
      {error instanceof CallFailed && <code>{error.code}</code>}
      <p>
        <button type="button" onClick={onRetry}>
          <T k="app.retry" />
        </button>
      </p>
    </div>
  )
}

export function NotFound() {
  return (
    <div className="state" data-testid="not-found">
      <h2>
        <T k="error.notFound" />
      </h2>
      <p>
        <T k="error.notFound.text" />
      </p>
    </div>
  )
}

export function Nothing({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="state" data-testid="empty">
      <h2>{title}</h2>
      {children}
    </div>
  )
}
