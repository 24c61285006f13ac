/** What stands on a page that is not for who asks: whom it is for, and the way in. Anything else that failed says so. */
import { Link } from '@tanstack/react-router'
import { CallFailed } from '../api/call.ts'
import { Failed, Nothing } from '../app/states.tsx'
import type { TextKey } from '../text/catalogue.ts'
import { T } from '../text/use-text.tsx'
import { rememberWay } from './way-back.ts'

type OnlyForProps = { readonly error: unknown; readonly whom: TextKey; readonly onRetry: () => void }

export function OnlyFor({ error, whom, onRetry }: OnlyForProps) {
  if (!(error instanceof CallFailed && (error.status === 401 || error.status === 403)))
    return <Failed error={error} onRetry={onRetry} />
  return (
    <Nothing title={<T k={whom} />}>
      {error.status === 401 && (
        <p>
          <Link to="/sign-in" onClick={rememberWay}>
            <T k="signIn.title" />
          </Link>
        </p>
      )}
    </Nothing>
  )
}
