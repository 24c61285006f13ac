/** One held item: its reasons and its beginning as text; the bytes themselves are one link away. */

import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { quarantinedBytesAddress, quarantinedQuery } from '../api/quarantine.ts'
import { Icon } from '../app/icon.tsx'
import { Failed, Loading } from '../app/states.tsx'
import { When } from '../app/when.tsx'
import { T } from '../text/use-text.tsx'
import { Issues } from './quarantine-page.tsx'

export function QuarantinedPage() {
  const { itemId = '' } = useParams({ strict: false }) as { readonly itemId?: string }
  const held = useQuery(quarantinedQuery(itemId))
  return (
    <article className="wide event" data-testid="quarantined-page">
      <Link to="/quarantine" className="back">
        <Icon name="back" /> <T k="quarantine.title" />
      </Link>
      {held.isPending && <Loading />}
      {held.isError && <Failed error={held.error} onRetry={() => void held.refetch()} />}
      {held.data && (
        <>
          <h1>
            <T k={`quarantine.kind.${held.data.kind}`} />
          </h1>
          <dl className="facts">
            <dt>
              <T k="quarantine.from" />
            </dt>
            <dd>{held.data.from}</dd>
            <dt>
              <T k="quarantine.received" />
            </dt>
            <dd>
              <When at={held.data.receivedAt} />, <T k="quarantine.times" count={held.data.times} />
            </dd>
          </dl>
          <h2>
            <T k="quarantine.reasons" />
          </h2>
          <Issues issues={held.data.issues} />
          <h2>
            <T k="quarantine.preview" />
          </h2>
          <pre className="raw">{held.data.preview}</pre>
          <p>
            <a href={quarantinedBytesAddress(itemId)} download>
              <T k="quarantine.bytes" /> ({held.data.mediaType}, {held.data.sizeBytes} B)
            </a>
          </p>
        </>
      )}
    </article>
  )
}
