/**
 * When each report arrived: one row per agency, one dot per revision, logarithmic from one second to the last arrival,
 * because the first minutes matter most and the last revision may be weeks later. The table below says the same in words.
 */
import type { Member } from '../../server/schemas/index.ts'
import type { TextKey } from '../text/catalogue.ts'
import { decimal, delay } from '../text/format.ts'
import { useText } from '../text/use-text.tsx'

const left = 78
const width = 640
const rowHeight = 30
const mostRows = 30
const marksMs = [10_000, 60_000, 600_000, 3_600_000, 86_400_000, 604_800_000, 31_536_000_000]

/** 0 at one second or before, 1 at `longestMs`. */
export const placeOnLine = (ms: number, longestMs: number): number =>
  Math.log10(Math.max(1, ms / 1000)) / Math.log10(Math.max(10, longestMs / 1000))

type TimelineProps = {
  readonly members: readonly Member[]
  readonly from: number
  readonly caption: TextKey
}

export function Timeline({ members, from, caption }: TimelineProps) {
  const { say, locale } = useText()
  const rows = [...Map.groupBy(members, ({ agency }) => agency)].slice(0, mostRows)
  const after = (receivedAt: string): number => Date.parse(receivedAt) - from
  const longest = Math.max(
    60_000,
    ...members.flatMap(({ revisions }) => revisions.map(({ receivedAt }) => after(receivedAt))),
  )
  const x = (ms: number): number => left + placeOnLine(ms, longest) * (width - left - 24)
  const height = rows.length * rowHeight + 26
  return (
    <figure className="timeline">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={say(caption)}>
        {marksMs
          .filter((mark) => mark <= longest)
          .map((mark) => (
            <g key={mark} className="timeline-mark">
              <line x1={x(mark)} x2={x(mark)} y1="0" y2={height - 20} />
              <text x={x(mark)} y={height - 6} textAnchor="middle">
                {shortDelay(mark)}
              </text>
            </g>
          ))}
        {rows.map(([agency, own], row) => (
          <g key={agency} transform={`translate(0 ${row * rowHeight + rowHeight / 2})`}>
            <text x="0" y="4" className="timeline-agency">
              {shortName(agency)}
            </text>
            <line className="timeline-row" x1={left} x2={width} y1="0" y2="0" />
            {own.flatMap(({ id, isPreferred, revisions }) =>
              revisions.map(({ version, receivedAt, figures }) => (
                <circle
                  key={`${id}@${version}`}
                  cx={x(after(receivedAt))}
                  cy="0"
                  r={5}
                  data-preferred={isPreferred || undefined}
                >
                  <title>
                    {delay(after(receivedAt))}
                    {figures.magnitude === undefined ? '' : ` · M ${decimal(figures.magnitude, locale)}`}
                  </title>
                </circle>
              )),
            )}
          </g>
        ))}
      </svg>
      <figcaption>{say(caption)}</figcaption>
    </figure>
  )
}

const shortName = (agency: string): string =>
  agency.length <= 10 ? agency.toUpperCase() : `${agency.slice(0, 9)}…`

/** Unit symbols, not words: the same in every language. */
function shortDelay(ms: number): string {
  if (ms < 60_000) return `${ms / 1000} s`
  if (ms < 3_600_000) return `${ms / 60_000} min`
  if (ms < 86_400_000) return `${ms / 3_600_000} h`
  return `${ms / 86_400_000} d`
}
