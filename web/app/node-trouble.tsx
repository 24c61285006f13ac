/** What is wrong with the node itself, for who runs it or answers for it to peers: that its log is not being signed. */
import { useQuery } from '@tanstack/react-query'
import { useRunsNode } from '../access/runs-node.ts'
import { readyQuery } from '../api/node.ts'
import { sessionQuery } from '../api/session.ts'
import { maySeePeers } from '../audit/may.ts'
import { T } from '../text/use-text.tsx'

export function NodeTrouble() {
  const runsNode = useRunsNode()
  const { data: session } = useQuery(sessionQuery)
  const isConcerned = runsNode || maySeePeers(session?.roles ?? [])
  const ready = useQuery({ ...readyQuery, enabled: isConcerned })
  const log = ready.data?.checks.find(({ name }) => name === 'log')
  if (!isConcerned || log === undefined || log.ok) return null
  return (
    <div className="banner trouble" role="alert" data-testid="signing-held">
      <strong>
        <T k="node.signingHeld" />
      </strong>
      <code>mosaic log</code>
    </div>
  )
}
