/** One warning at its own address. */

import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { warningQuery } from '../api/warnings.ts'
import { useCountries } from '../app/countries.ts'
import { Icon } from '../app/icon.tsx'
import { Failed, Loading } from '../app/states.tsx'
import { useView } from '../app/view.ts'
import { T } from '../text/use-text.tsx'
import { WarningBody } from './body.tsx'

export function WarningPage() {
  const { warningId = '' } = useParams({ strict: false }) as { readonly warningId?: string }
  const warning = useQuery(warningQuery(warningId, useView()))
  const { nameOf } = useCountries()
  return (
    <article className="event" data-testid="warning-page">
      <Link to="/warnings" className="back">
        <Icon name="back" /> <T k="warnings.title" />
      </Link>
      {warning.isPending && <Loading />}
      {warning.isError && <Failed error={warning.error} onRetry={() => void warning.refetch()} />}
      {warning.data && (
        <>
          <h1 className="panel-title">{nameOf(warning.data.country)}</h1>
          {warning.data.authority === 'advice' && (
            <p className="notice">
              <T k="warning.advice" />
            </p>
          )}
          {!warning.data.inForce && (
            <p className="notice">
              <T k="warning.ended" />
              {warning.data.supersededBy && (
                <>
                  {' · '}
                  <Link to="/warnings/$warningId" params={{ warningId: warning.data.supersededBy }}>
                    Update
                  </Link>
                </>
              )}
            </p>
          )}
          <WarningBody warning={warning.data} />
        </>
      )}
    </article>
  )
}
