/** What waits for a person: two reports that may be one event, or a warning that nobody has issued yet. */
import { useState } from 'react'
import type { EventDetail } from '../../server/schemas/index.ts'
import { useCountries } from '../app/countries.ts'
import { Age } from '../app/when.tsx'
import { T } from '../text/use-text.tsx'
import { Decide } from './decide.tsx'
import { ReasonList } from './reasons.tsx'

export function Proposals({ event }: { readonly event: EventDetail }) {
  const { nameOf } = useCountries()
  const [isDecided, setDecided] = useState(false)
  if (event.proposals.length === 0 && event.decisions.length === 0 && !isDecided) return null
  return (
    <section aria-labelledby="proposals" className="waiting" data-testid="proposals">
      <h2 id="proposals">
        <T k={event.proposals.length > 0 ? 'event.proposals' : 'decide.decided'} />
      </h2>
      {/* What was decided no longer waits, so its own place is gone with it. */}
      <output>
        {isDecided && (
          <span className="notice">
            <T k="decide.done" />
          </span>
        )}
      </output>
      <ul>
        {event.proposals.map((proposal) => (
          <li key={proposal.id}>
            {proposal.kind === 'fuse' ? (
              <T k="event.proposals.fuse" />
            ) : (
              <T k="event.proposals.warn" country={nameOf(proposal.country ?? '')} />
            )}
            {proposal.reasons && <ReasonList reasons={proposal.reasons} />}
            {proposal.because && <BecauseList because={proposal.because} />}
            {proposal.kind === 'warn' && <Decide proposal={proposal} onDecided={() => setDecided(true)} />}
          </li>
        ))}
      </ul>
      <Decided decisions={event.decisions} hasHeading={event.proposals.length > 0} />
    </section>
  )
}

type DecidedProps = Pick<EventDetail, 'decisions'> & { readonly hasHeading: boolean }

/** What people have answered: whoever comes later, or loads the page anew, reads who decided what, and why. */
function Decided({ decisions, hasHeading }: DecidedProps) {
  const { nameOf } = useCountries()
  if (decisions.length === 0) return null
  return (
    <>
      {hasHeading && (
        <h3>
          <T k="decide.decided" />
        </h3>
      )}
      <ul className="plain" data-testid="decisions">
        {decisions.map(({ id, country, decision, because, by, role, at }) => (
          <li key={id}>
            <Age at={at} />: <T k={`decide.${decision as 'issue' | 'decline' | 'end'}`} />
            {country !== undefined && ` (${nameOf(country)})`}
            {by !== undefined && ` – ${by}`}
            {role !== undefined && <small lang="en"> {role}</small>}: “{because}”
          </li>
        ))}
      </ul>
    </>
  )
}

type Because = NonNullable<EventDetail['proposals'][number]['because']>

export function BecauseList({ because }: { readonly because: Because }) {
  return (
    <ul className="reason-list">
      {because.map(({ name, value, threshold }) => (
        <li key={name}>
          <span lang="en">{name}</span> <b>{String(value)}</b>
          {threshold !== undefined && <span className="faint"> ≥ {String(threshold)}</span>}
        </li>
      ))}
    </ul>
  )
}
