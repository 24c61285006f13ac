/** On every page, for who has the desk: emergencies and alarms that hold. An emergency stays until it is over. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { dutyQuery } from '../api/desk.ts'
import { sessionQuery } from '../api/session.ts'
import { useRealm } from '../app/clock.tsx'
import { mayDesk } from '../audit/may.ts'
import { T } from '../text/use-text.tsx'

export function DutyBanner() {
  const { data: session } = useQuery(sessionQuery)
  const hasDesk = session?.kind === 'person' && mayDesk(session.roles)
  const { data } = useQuery({ ...dutyQuery(useRealm()), enabled: hasDesk })
  if (!hasDesk) return null
  const emergencies = data?.items.filter(({ state }) => state === 'emergency').length ?? 0
  const alarms =
    data?.items.filter(({ state, hasAcknowledged }) => state === 'alarm' && !hasAcknowledged).length ?? 0
  if (emergencies + alarms === 0) return null
  return (
    <div className="banner trouble" role="alert" data-testid="duty-banner">
      <Link to="/desk">
        {emergencies > 0 && (
          <>
            <T k="desk.duty.state.emergency" /> {emergencies}{' '}
          </>
        )}
        {alarms > 0 && (
          <>
            <T k="desk.duty.state.alarm" /> {alarms}
          </>
        )}
      </Link>
    </div>
  )
}
