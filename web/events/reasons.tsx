/** Why these reports are one event: each join with its named measures, their values, and what each added to the score. */
import { useState } from 'react'
import type { EventDetail } from '../../server/schemas/index.ts'
import { decimal } from '../text/format.ts'
import { T, useText } from '../text/use-text.tsx'

type Join = EventDetail['joined'][number]
type Reason = Join['reasons'][number]

const step = 12

export function Reasons({ event }: { readonly event: EventDetail }) {
  const [shown, setShown] = useState(step)
  const nameOf = (id: string): string => {
    const member = event.members.find((one) => one.id === id)
    return member ? `${member.agency.toUpperCase()} ${member.sourceEventId}` : id.slice(0, 10)
  }
  return (
    <section aria-labelledby="reasons" data-testid="reasons">
      <h2 id="reasons">
        <T k="event.joined" />
      </h2>
      {event.joined.length === 0 && (
        <p>
          <T k="event.joined.single" />
        </p>
      )}
      {event.joined.slice(0, shown).map((join) => (
        <div key={`${join.a}${join.b}`} className="join">
          <p>
            <strong>
              {nameOf(join.a)} + {nameOf(join.b)}
            </strong>
            {' – '}
            <JoinedBy join={join} />
          </p>
          <ReasonList reasons={join.reasons} />
        </div>
      ))}
      {event.joined.length > shown && (
        <button type="button" className="more" onClick={() => setShown(shown + step)}>
          <T k="app.more" /> ({event.joined.length - shown})
        </button>
      )}
      {event.aliases.length > 0 && (
        <p className="faint">
          <T k="event.aliases" />: {event.aliases.map((id) => id.slice(0, 10)).join(', ')}
        </p>
      )}
    </section>
  )
}

function JoinedBy({ join }: { readonly join: Join }) {
  const { locale } = useText()
  switch (join.by) {
    case 'hard-link':
      return <T k="event.join.hardLink" />
    case 'person':
      return <T k="event.join.person" />
    case 'score':
      return (
        <T k="event.join.score" score={join.score === undefined ? '–' : decimal(join.score, locale, 2)} />
      )
  }
}

export function ReasonList({ reasons }: { readonly reasons: readonly Reason[] }) {
  const { locale } = useText()
  return (
    <ul className="reason-list">
      {reasons.map(({ name, value, unit, weight }) => (
        <li key={name}>
          <span lang="en">{name}</span>{' '}
          <b>
            {new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value)} {unit}
          </b>{' '}
          <span className="faint">
            {weight >= 0 ? '+' : '−'}
            {decimal(Math.abs(weight), locale, 2)}
          </span>
        </li>
      ))}
    </ul>
  )
}
