/** How it stands with each peer: state and why, last contact, whether its history is here, what was taken and refused. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { PeerStatusView } from '../../server/schemas/index.ts'
import { OnlyFor } from '../access/only-for.tsx'
import { useRunsNode } from '../access/runs-node.ts'
import { peersQuery } from '../api/peers.ts'
import { Loading, Nothing } from '../app/states.tsx'
import { Age } from '../app/when.tsx'
import { Multilingual, T } from '../text/use-text.tsx'

export function PeersPage() {
  const peers = useQuery(peersQuery)
  return (
    <section className="wide" aria-labelledby="peers-title" data-testid="peers-page">
      <h1 id="peers-title">
        <T k="peers.title" />
      </h1>
      {peers.isPending && <Loading />}
      {peers.isError && (
        <OnlyFor error={peers.error} whom="peers.forWhom" onRetry={() => void peers.refetch()} />
      )}
      {peers.data && (
        <>
          {peers.data.fingerprint !== undefined && (
            <p>
              <T k="peers.fingerprint" /> {peers.data.node}: <code>{peers.data.fingerprint}</code>
            </p>
          )}
          {peers.data.items.length === 0 && (
            <Nothing title={<T k="peers.empty" />}>
              <p>
                <code>mosaic peer add URL</code>
              </p>
            </Nothing>
          )}
          <ol className="cards" data-list>
            {peers.data.items.map((peer) => (
              <PeerCard key={peer.node} peer={peer} />
            ))}
          </ol>
        </>
      )}
    </section>
  )
}

function PeerCard({ peer }: { readonly peer: PeerStatusView }) {
  const runsNode = useRunsNode()
  return (
    <li className="card" data-testid="peer" data-state={peer.state}>
      <h2>
        <Multilingual text={peer.title} /> <small>{peer.node}</small>
      </h2>
      <p>
        <strong className="tag" data-severity={peer.state === 'active' ? undefined : 'Severe'}>
          <T k={`peers.state.${peer.state}`} />
        </strong>{' '}
        {peer.stateReason !== undefined && <span lang="en">{peer.stateReason}</span>}
      </p>
      {(peer.state === 'forked' || peer.state === 'paused') && (
        <p className="notice loud" role="alert">
          <T k={`peers.${peer.state}`} />
        </p>
      )}
      {peer.withheld && peer.withheld.length > 0 && <Withheld all={peer.withheld} />}
      <dl className="facts">
        <dt>
          <T k="peers.contact" />
        </dt>
        <dd>{peer.lastContactAt === undefined ? <T k="peers.never" /> : <Age at={peer.lastContactAt} />}</dd>
        <dt>
          <T k="peers.history" />
        </dt>
        <dd>
          <T k={peer.isCaughtUp ? 'peers.caughtUp' : 'peers.catchingUp'} />
        </dd>
        {peer.clockAheadMs !== undefined && Math.abs(peer.clockAheadMs) >= 1000 && (
          <>
            <dt>
              <T k="peers.clock" />
            </dt>
            <dd data-testid="clock">
              <T
                k={peer.clockAheadMs > 0 ? 'peers.clock.seconds' : 'peers.clock.behind'}
                n={Math.round(Math.abs(peer.clockAheadMs) / 1000)}
              />
            </dd>
          </>
        )}
        {peer.lastError && (
          <>
            <dt>
              <T k="peers.error" />
            </dt>
            <dd>
              <Age at={peer.lastError.at} /> <span lang="en">{peer.lastError.message}</span>{' '}
              <code>{peer.lastError.code}</code>
            </dd>
          </>
        )}
      </dl>
      <p>
        <T k="peers.counts" received={peer.received} refused={peer.refused} />{' '}
        {runsNode && peer.refused > 0 && (
          <Link to="/quarantine">
            <T k="peers.quarantine" />
          </Link>
        )}
      </p>
    </li>
  )
}

type WithheldProps = { readonly all: NonNullable<PeerStatusView['withheld']> }

/** What another peer brought of an origin and this one seems to leave out: said of it, and decided by nobody but people. */
function Withheld({ all }: WithheldProps) {
  return (
    <div className="notice" data-testid="peer-withheld">
      <p>
        <strong>
          <T k="peers.withheld" />
        </strong>
      </p>
      <ul className="bulleted">
        {all.map(({ origin, kind, since, count }) => (
          <li key={`${origin} ${kind}`}>
            <code>{origin}</code>: <T k={`peers.withheld.${kind}`} count={count} /> (<Age at={since} />)
          </li>
        ))}
      </ul>
    </div>
  )
}
