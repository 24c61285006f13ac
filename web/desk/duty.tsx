/**
 * The duty screen (states and actions of Signal K): silence, acknowledge and clear are three acts; each says whether it can
 * be and has been taken. An emergency stays here after it is acknowledged, and cannot be silenced.
 */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { DeskDuty } from '../../server/schemas/index.ts'
import { Refusal } from '../access/form.tsx'
import { actOnDuty, type DutyAction, dutyQuery } from '../api/desk.ts'
import { useRealm } from '../app/clock.tsx'
import { useCountries } from '../app/countries.ts'
import { Nothing } from '../app/states.tsx'
import { Age } from '../app/when.tsx'
import { KindMark } from '../events/kinds.tsx'
import { Multilingual, T } from '../text/use-text.tsx'
import { useAlarmSound } from './sound.ts'

type Alarm = DeskDuty['items'][number]

const ranks: readonly Alarm['state'][] = ['emergency', 'alarm', 'warn', 'alert', 'normal', 'nominal']
const byRank = (a: Alarm, b: Alarm): number =>
  ranks.indexOf(a.state) - ranks.indexOf(b.state) || b.since.localeCompare(a.since)

export function Duty() {
  const duty = useQuery(dutyQuery(useRealm()))
  const alarms = (duty.data?.items ?? []).toSorted(byRank)
  const [hasSound, setSound] = useState(false)
  useAlarmSound(hasSound && alarms.some(({ method }) => method.includes('sound')))
  return (
    <section aria-labelledby="duty" data-testid="duty">
      <h2 id="duty">
        <T k="desk.duty" />
      </h2>
      <label className="check">
        <input type="checkbox" checked={hasSound} onChange={({ target }) => setSound(target.checked)} />
        <T k="desk.duty.sound" />
      </label>
      {duty.isSuccess && alarms.length === 0 && <Nothing title={<T k="desk.duty.empty" />}>{null}</Nothing>}
      {duty.isError && <Refusal error={duty.error} />}
      <ol className="cards">
        {alarms.map((alarm) => (
          <AlarmCard key={alarm.subject} alarm={alarm} />
        ))}
      </ol>
    </section>
  )
}

function AlarmCard({ alarm }: { readonly alarm: Alarm }) {
  const { nameOf } = useCountries()
  return (
    <li className="card alarm" data-testid="alarm" data-state={alarm.state}>
      <h3>
        <KindMark kind={alarm.hazard} /> <T k={`desk.duty.state.${alarm.state}`} /> · {nameOf(alarm.country)}
      </h3>
      <p>
        <Multilingual text={alarm.headline} />
      </p>
      <p className="row-facts">
        <Age at={alarm.since} />
        {alarm.kind === 'warning' ? (
          <Link to="/warnings/$warningId" params={{ warningId: alarm.subject }}>
            <T k="nav.warnings" />
          </Link>
        ) : (
          <Link to="/records/$recordId" params={{ recordId: alarm.subject }}>
            <T k="desk.proposal" />
          </Link>
        )}
      </p>
      <Actions alarm={alarm} />
      <ul className="plain faint">
        {alarm.actions.map(({ action, by, at }) => (
          <li key={`${action}${at}`}>
            <T k={`desk.duty.${action}.done`} />: {by}, <Age at={at} />
          </li>
        ))}
      </ul>
    </li>
  )
}

function Actions({ alarm }: { readonly alarm: Alarm }) {
  const queries = useQueryClient()
  const acting = useMutation({
    mutationFn: (action: DutyAction) => actOnDuty(alarm.subject, action),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['desk', 'duty'] }),
  })
  const acts = [
    { action: 'silence', can: alarm.canSilence, has: alarm.hasSilenced },
    { action: 'acknowledge', can: alarm.canAcknowledge, has: alarm.hasAcknowledged },
    { action: 'clear', can: alarm.canClear, has: alarm.hasCleared },
  ] as const
  return (
    <>
      <p className="buttons">
        {acts.map(({ action, can, has }) => (
          <button
            key={action}
            type="button"
            data-testid={`duty-${action}`}
            data-has={has || undefined}
            disabled={!can || acting.isPending}
            onClick={() => acting.mutate(action)}
          >
            <T k={has ? `desk.duty.${action}.done` : `desk.duty.${action}`} />
          </button>
        ))}
      </p>
      <Refusal error={acting.error} />
    </>
  )
}
