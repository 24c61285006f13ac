/** One warning, folded: country, headline, who says so and until when. Opened, it shows every language. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { WarningSummary } from '../../server/schemas/index.ts'
import { warningQuery } from '../api/warnings.ts'
import { useCountries } from '../app/countries.ts'
import { Failed, Loading } from '../app/states.tsx'
import { useView } from '../app/view.ts'
import { Multilingual, T } from '../text/use-text.tsx'
import { WarningBody } from './body.tsx'
import { SeverityTag } from './severity.tsx'

export function WarningCard({ warning }: { readonly warning: WarningSummary }) {
  const [isOpen, setIsOpen] = useState(false)
  const { nameOf } = useCountries()
  return (
    <details
      className="card"
      data-testid="warning"
      data-country={warning.country}
      data-in-force={warning.inForce}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary>
        <span className="card-country">{nameOf(warning.country)}</span>
        <SeverityTag severity={warning.severity} />
        {warning.msgType !== 'Alert' && (
          <span className="tag" lang="en">
            {warning.msgType}
          </span>
        )}
        {warning.status !== 'Actual' && (
          <span className="tag tag-exercise" lang="en">
            {warning.status}
          </span>
        )}
        <span className="card-headline">
          <Multilingual text={warning.headline} />
        </span>
        {warning.authority === 'advice' && (
          <span className="card-advice">
            <T k="warning.advice" />
          </span>
        )}
      </summary>
      {isOpen && <Opened id={warning.id} />}
    </details>
  )
}

function Opened({ id }: { readonly id: string }) {
  const warning = useQuery(warningQuery(id, useView()))
  if (warning.isPending) return <Loading />
  if (!warning.data) return <Failed error={warning.error} onRetry={() => void warning.refetch()} />
  return <WarningBody warning={warning.data} />
}
