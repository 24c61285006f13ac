/** What must be known of a notification before its words: whether it is played, and who has not answered. */
import type { NotificationSummary } from '../../server/schemas/index.ts'
import { useCountries } from '../app/countries.ts'
import { Age, When } from '../app/when.tsx'
import { isKey } from '../text/catalogue.ts'
import { T, useText } from '../text/use-text.tsx'

type Props = { readonly notification: NotificationSummary }

/** An exercise says so here too, beside the banner of its realm, in a word that cannot be taken for real. */
export function Mode({ notification: { mode } }: Props) {
  if (mode === 'normal') return null
  return (
    <strong className="tag tag-exercise" data-testid="mode">
      <T k={mode === 'exercise' ? 'banner.exercise' : 'banner.test'} />
    </strong>
  )
}

/** Anybody may write that they speak for a country: said where the register knows nothing of it. */
export function Sender({ notification: { origin, isSenderKnown } }: Props) {
  return (
    <>
      {origin}
      {!isSenderKnown && (
        <>
          {' '}
          <strong className="tag" data-severity="Severe" data-testid="unknown-sender">
            <T k="inbox.unknownSender" />
          </strong>
        </>
      )}
    </>
  )
}

export function State({ notification: { state } }: Props) {
  return (
    <strong className="tag" data-severity={state === 'overdue' ? 'Severe' : undefined}>
      <T k={`inbox.state.${state}`} />
    </strong>
  )
}

/** One line for each addressee, an alarm in river order. */
export function Clocks({ notification: { clocks } }: Props) {
  const { nameOf } = useCountries()
  return (
    <ol className="plain" data-testid="clocks">
      {clocks.map((clock) => (
        <li key={clock.contact} data-testid="addressee" data-state={clock.state}>
          <b>{nameOf(clock.country)}</b>: <ClockWord state={clock.state} />
          {clock.acknowledged && (
            <>
              {' '}
              <When at={clock.acknowledged.at} /> {clock.acknowledged.by.name} ({clock.acknowledged.node})
            </>
          )}
          {clock.waitingSince !== undefined && (
            <>
              , <T k="inbox.due" /> <When at={clock.dueAt} />
              {clock.state === 'overdue' && (
                <>
                  {' '}
                  (<Age at={clock.dueAt} />)
                </>
              )}
            </>
          )}
          {clock.arrival && (
            <small className="faint">
              {' '}
              <T k="inbox.water" /> <When at={clock.arrival.from} /> – <When at={clock.arrival.until} />
            </small>
          )}
          {clock.escalation && (
            <>
              {' '}
              <strong className="tag" data-severity="Severe" lang="en">
                {clock.escalation.step}
              </strong>
            </>
          )}
        </li>
      ))}
    </ol>
  )
}

function ClockWord({ state }: { readonly state: NotificationSummary['clocks'][number]['state'] }) {
  switch (state) {
    case 'waiting':
    case 'overdue':
      return <T k={`inbox.state.${state}`} />
    case 'acknowledged':
      return <T k="inbox.state.answered" />
    case 'acknowledged-late':
      return (
        <>
          <T k="inbox.state.answered" />, <T k="inbox.late" />
        </>
      )
    case 'closed':
      return <T k="inbox.state.ended" />
  }
}

/** In the reader's words; what sender and record call it stands beside. */
export function Kind({ notification: { kind } }: Props) {
  const { say } = useText()
  const key = `inbox.kind.${kind}`
  return <>{isKey(key) ? say(key) : kind}</>
}
