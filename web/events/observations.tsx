/**
 * What the event rests on: reports of agencies, what sensors detected, warnings of other authorities. Each with its source,
 * its credit, every revision as it reached this node, and a timeline of arrivals.
 */
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { EventDetail, Member } from '../../server/schemas/index.ts'
import { Icon } from '../app/icon.tsx'
import { decimal, delay, percent, position } from '../text/format.ts'
import { Multilingual, T, useText } from '../text/use-text.tsx'
import { SeverityTag } from '../warnings/severity.tsx'
import { arrivalsFrom } from './arrivals.ts'
import { isQuake } from './kinds.tsx'
import { Measures } from './measures.tsx'
import { Timeline } from './timeline.tsx'

/** A fire is seen in hundreds of passes: the newest stand first, more on request. */
const step = 20

export function Observations({ event }: { readonly event: EventDetail }) {
  const [shown, setShown] = useState(step)
  const from = arrivalsFrom(event)
  const members = [...event.members].sort(byWeight)
  return (
    <section aria-labelledby="observations" data-testid="observations">
      <h2 id="observations">
        <T k={isQuake(event) ? 'event.observations' : 'event.sources'} />
      </h2>
      <Timeline
        members={event.members}
        from={from}
        caption={isQuake(event) ? 'event.timeline' : 'event.timeline.first'}
      />
      {members.slice(0, shown).map((member) => (
        <MemberReport key={member.id} member={member} from={from} />
      ))}
      {members.length > shown && (
        <button type="button" className="more" onClick={() => setShown(shown + step)}>
          <T k="app.more" /> ({members.length - shown})
        </button>
      )}
    </section>
  )
}

const weights: readonly Member['as'][] = ['report', 'warning', 'detection']
const lastArrival = ({ revisions }: Member): string => revisions.at(-1)?.receivedAt ?? ''

/** People's and systems' words before single detections; of each the newest first. An earthquake's stay as they came. */
const byWeight = (a: Member, b: Member): number =>
  Number(b.isPreferred) - Number(a.isPreferred) ||
  weights.indexOf(a.as) - weights.indexOf(b.as) ||
  (a.as === 'detection' ? lastArrival(b).localeCompare(lastArrival(a)) : 0)

type MemberProps = { readonly member: Member; readonly from: number }

function MemberReport({ member, from }: MemberProps) {
  const { id, as, agency, source, sourceEventId, isPreferred, revisions, attribution } = member
  const latest = revisions.at(-1)?.figures
  return (
    <details className="member" open={isPreferred} data-testid="observation" data-as={as}>
      <summary>
        <strong>{agency.length <= 12 ? agency.toUpperCase() : agency}</strong> {source} · {sourceEventId}
        {as !== 'report' && (
          <span className="tag">
            <T k={`event.member.${as}`} />
          </span>
        )}
        {isPreferred && (
          <>
            {' '}
            <Icon name="star" />
          </>
        )}
      </summary>
      {latest?.title && (
        <p>
          <Multilingual text={latest.title} />
        </p>
      )}
      <div className="scroll">
        <table>
          <tbody>
            {revisions.map(({ version, receivedAt, figures }) => (
              <tr key={version}>
                <th scope="row">{delay(Date.parse(receivedAt) - from)}</th>
                <RevisionCells figures={figures} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="links">
        {as === 'warning' && (
          <Link to="/notices/$noticeId" params={{ noticeId: id }}>
            <T k="notice.open" />
          </Link>
        )}
        {latest?.url !== undefined && (
          <a href={latest.url} rel="noreferrer">
            {new URL(latest.url).host}
          </a>
        )}
      </p>
      <p className="credit" lang="en">
        {attribution.map(({ credit, licence }) => `${credit} (${licence})`).join('; ')}
      </p>
    </details>
  )
}

type Figures = Member['revisions'][number]['figures']

function RevisionCells({ figures }: { readonly figures: Figures }) {
  const { locale } = useText()
  const {
    latitude,
    longitude,
    magnitude,
    magnitudeType,
    depthKm,
    severity,
    ownLevel,
    probability,
    measures,
  } = figures
  return (
    <>
      <td>
        {magnitude !== undefined && `${magnitudeType ?? 'M'} ${decimal(magnitude, locale)}`}
        {severity !== undefined && <SeverityTag severity={severity} />}{' '}
        {ownLevel !== undefined && <small>{ownLevel}</small>}
        {probability !== undefined && ` ${percent(probability, locale)}`}
      </td>
      <td>{latitude !== undefined && longitude !== undefined && position(latitude, longitude)}</td>
      <td>
        {depthKm !== undefined && <T k="event.depth.value" km={decimal(depthKm, locale, 0)} />}
        {measures && <Measures all={measures} />}
      </td>
      <td className="faint" lang="en">
        {[figures.mode, figures.status].filter(Boolean).join(', ')}
      </td>
    </>
  )
}
