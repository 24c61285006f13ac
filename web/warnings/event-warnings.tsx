/** Warnings of one event: one per country, each opened in place with a tab per language. */
import type { EventDetail } from '../../server/schemas/index.ts'
import { T } from '../text/use-text.tsx'
import { WarningCard } from './card.tsx'

const severities = ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown']
type Listed = EventDetail['warningList'][number]
const bySeverity = (a: Listed, b: Listed): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity)

export function EventWarnings({ event }: { readonly event: EventDetail }) {
  const inForce = event.warningList.filter((warning) => warning.inForce).toSorted(bySeverity)
  const ended = event.warningList.filter((warning) => !warning.inForce)
  return (
    <section aria-labelledby="event-warnings" data-testid="event-warnings">
      <h2 id="event-warnings">
        <T k="nav.warnings" /> {inForce.length > 0 && <span className="count">{inForce.length}</span>}
      </h2>
      {event.warningList.length === 0 && (
        <p>
          <T k="warning.none" />
        </p>
      )}
      {inForce.map((warning) => (
        <WarningCard key={warning.id} warning={warning} />
      ))}
      {ended.length > 0 && (
        <details>
          <summary>
            <T k="warning.ended" /> ({ended.length})
          </summary>
          {ended.map((warning) => (
            <WarningCard key={warning.id} warning={warning} />
          ))}
        </details>
      )}
    </section>
  )
}
