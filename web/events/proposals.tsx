/** What waits for a person: two reports that may be one event, or a warning that nobody has issued yet. */
import type { EventDetail } from '../../server/schemas/index.ts'
import { useCountries } from '../app/countries.ts'
import { T } from '../text/use-text.tsx'
import { Decide } from './decide.tsx'
import { ReasonList } from './reasons.tsx'

export function Proposals({ event }: { readonly event: EventDetail }) {
  const { nameOf } = useCountries()
  if (event.proposals.length === 0) return null
  return (
    <section aria-labelledby="proposals" className="waiting" data-testid="proposals">
      <h2 id="proposals">
        <T k="event.proposals" />
      </h2>
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
            {proposal.kind === 'warn' && <Decide proposal={proposal} />}
          </li>
        ))}
      </ul>
    </section>
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
