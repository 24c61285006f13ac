/**
 * Any record, of a type that this node knows or not, plainly: its envelope as a list of facts, its content as a tree.
 * What is withheld from the reader stands where it would stand, and says so.
 */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { RecordDetail } from '../../server/schemas/index.ts'
import { recordQuery } from '../api/records.ts'
import { Failed, Loading } from '../app/states.tsx'
import { When } from '../app/when.tsx'
import { T } from '../text/use-text.tsx'
import { Check } from './check.tsx'
import { WhoLooked } from './looks.tsx'
import { TakeBack } from './take-back.tsx'
import { Tree, Withheld } from './tree.tsx'

export function RecordPage() {
  const { recordId = '' } = useParams({ strict: false }) as { readonly recordId?: string }
  const record = useQuery(recordQuery(recordId))
  return (
    <article className="wide event" data-testid="record-page">
      {record.isPending && <Loading />}
      {record.isError && <Failed error={record.error} onRetry={() => void record.refetch()} />}
      {record.data && <Whole record={record.data} />}
    </article>
  )
}

function Whole({ record }: { readonly record: RecordDetail }) {
  const { withheld = [] } = record
  return (
    <>
      <h1>
        <code>{record.type}</code> <Label label={record.label} />
      </h1>
      <Notices record={record} />
      <Facts record={record} />
      <Check record={record} />
      <TakeBack record={record} />
      <WhoLooked id={record.id} />
      <h2>
        <T k="record.content" />
      </h2>
      <Tree value={record.body ?? null} at="/body" withheld={withheld} />
      {record.place !== undefined || withheld.includes('/place') ? (
        <>
          <h2>
            <T k="record.place" />
          </h2>
          <Tree value={record.place ?? null} at="/place" withheld={withheld} />
        </>
      ) : null}
      <Links record={record} />
    </>
  )
}

/** In the spelling and colours of TLP 2.0; the word stands in it, so no one depends on colour. */
export function Label({ label }: { readonly label: string }) {
  return (
    <span className="tlp" data-label={label}>
      {label}
    </span>
  )
}

function Notices({ record }: { readonly record: RecordDetail }) {
  const { withheld = [], isTightened, isKnownType, notConfirmedSince } = record
  return (
    <>
      {withheld.length > 0 && (
        <p className="notice" data-testid="withheld">
          <T k="record.withheld.text" count={withheld.length} /> <code>{withheld.join(', ')}</code>
        </p>
      )}
      {notConfirmedSince !== undefined && (
        <p className="notice loud" data-testid="not-confirmed">
          <T k="record.notConfirmed" /> <When at={notConfirmedSince} />
        </p>
      )}
      {isTightened && (
        <p className="notice">
          <T k="record.tightened" />
        </p>
      )}
      {!isKnownType && (
        <p>
          <T k="record.unknownType" />
        </p>
      )}
    </>
  )
}

function Facts({ record }: { readonly record: RecordDetail }) {
  const { handling } = record
  return (
    <dl className="facts">
      <dt>
        <T k="record.origin" />
      </dt>
      <dd>{record.origin}</dd>
      <dt>
        <T k="record.key" />
      </dt>
      <dd>
        <code>{record.key}</code>
      </dd>
      <dt>
        <T k="record.valid" />
      </dt>
      <dd>
        <When at={record.valid.from} />
        {record.valid.until !== undefined && record.valid.until !== record.valid.from && (
          <>
            {' – '}
            <When at={record.valid.until} />
          </>
        )}
      </dd>
      <dt>
        <T k="record.received" />
      </dt>
      <dd>
        <When at={record.receivedAt} />
      </dd>
      <dt>
        <T k="record.label" />
      </dt>
      <dd>
        <Label label={handling.tlp} />{' '}
        {handling.audience && (
          <>
            <T k="record.audience" /> <strong>{handling.audience.join(', ')}</strong>{' '}
          </>
        )}
        {[...(handling.purposes ?? []), ...(handling.police ?? [])].join(', ')}
      </dd>
      <dt>
        <T k="record.versions" />
      </dt>
      <dd>
        {record.versions.map(({ version, receivedAt }) => (
          <div key={version}>
            {version}: <When at={receivedAt} />
          </div>
        ))}
      </dd>
    </dl>
  )
}

function Links({ record: { links, withheld = [] } }: { readonly record: RecordDetail }) {
  const hidden = withheld.filter((at) => at.startsWith('/links/'))
  if (links.length + hidden.length === 0) return null
  return (
    <>
      <h2>
        <T k="record.links" />
      </h2>
      <ul className="links">
        {links.map(({ type, id, version }) => (
          <li key={`${type}${id}${version}`}>
            {type}{' '}
            <Link to="/records/$recordId" params={{ recordId: id }}>
              <code>{id.slice(0, 12)}</code>
            </Link>
            {version === undefined ? '' : ` @ ${version}`}
          </li>
        ))}
        {hidden.map((at) => (
          <li key={at}>
            <Withheld />
          </li>
        ))}
      </ul>
    </>
  )
}
