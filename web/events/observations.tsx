/** Reports by agencies: each revision with its figures, when it reached this node, and a timeline of arrivals. */

import type { EventDetail, Member } from '../../server/schemas/index.ts'
import { Icon } from '../app/icon.tsx'
import { decimal, delay, position } from '../text/format.ts'
import { T, useText } from '../text/use-text.tsx'
import { Timeline } from './timeline.tsx'

export function Observations({ event }: { readonly event: EventDetail }) {
  return (
    <section aria-labelledby="observations" data-testid="observations">
      <h2 id="observations">
        <T k="event.observations" />
      </h2>
      <Timeline members={event.members} />
      {event.members.map((member) => (
        <MemberReport key={member.id} member={member} />
      ))}
    </section>
  )
}

function MemberReport({ member }: { readonly member: Member }) {
  const { locale } = useText()
  return (
    <details className="member" open={member.isPreferred} data-testid="observation">
      <summary>
        <strong>{member.agency.toUpperCase()}</strong> {member.source} · {member.sourceEventId}
        {member.isPreferred && (
          <>
            {' '}
            <Icon name="star" />
          </>
        )}
      </summary>
      <div className="scroll">
        <table>
          <tbody>
            {member.revisions.map(({ version, delayMs, figures }) => (
              <tr key={version}>
                <th scope="row">{delay(delayMs)}</th>
                <td>
                  {figures.magnitude !== undefined &&
                    `${figures.magnitudeType ?? 'M'} ${decimal(figures.magnitude, locale)}`}
                </td>
                <td>{position(figures.latitude, figures.longitude)}</td>
                <td>
                  {figures.depthKm !== undefined && (
                    <T k="event.depth.value" km={decimal(figures.depthKm, locale, 0)} />
                  )}
                </td>
                <td className="faint" lang="en">
                  {[figures.mode, figures.status].filter(Boolean).join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="credit" lang="en">
        {member.attribution.map(({ credit, licence }) => `${credit} (${licence})`).join('; ')}
      </p>
    </details>
  )
}
