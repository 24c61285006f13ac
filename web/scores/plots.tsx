/**
 * Two plots as plain SVG: lead times as marks on a line of hours, and the reliability diagram. Each is an image with a name
 * and a sentence for who does not see it; the figures themselves stand in the tables beside.
 */
import type { ScoreFigures } from '../../server/schemas/index.ts'

const ink = 'var(--text, currentColor)'
const faint = 'var(--faint, #777)'

export function LeadTimes({
  hours,
  title,
  told,
}: {
  readonly hours: readonly number[]
  readonly title: string
  readonly told: string
}) {
  const [width, height, margin] = [520, 74, 16]
  const low = Math.min(0, ...hours)
  const high = Math.max(1, ...hours)
  const x = (value: number): number => margin + ((value - low) / (high - low)) * (width - 2 * margin)
  const ticks = [...new Set([low, 0, high].map((value) => Math.round(value)))]
  return (
    <svg
      className="score-plot"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${title}: ${told}`}
      data-testid="lead-times"
    >
      <line x1={x(low)} x2={x(high)} y1="44" y2="44" stroke={faint} />
      <line x1={x(0)} x2={x(0)} y1="12" y2="52" stroke={ink} strokeWidth="2" />
      {ticks.map((tick) => (
        <text key={tick} x={x(tick)} y="68" textAnchor="middle" fontSize="12" fill={ink}>
          {tick}
        </text>
      ))}
      {hours.map((value, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a drawing of all values at once; none has a name
        <circle key={at} cx={x(value)} cy={30} r="6" fill="none" stroke={ink} strokeWidth="2" />
      ))}
    </svg>
  )
}

type Bins = NonNullable<ScoreFigures['probability']>['bins']

export function Reliability({
  bins,
  title,
  told,
}: {
  readonly bins: Bins
  readonly title: string
  readonly told: string
}) {
  const [side, margin] = [240, 30]
  const at = (share: number): number => margin + share * (side - 2 * margin)
  const most = Math.max(...bins.map(({ forecasts }) => forecasts))
  return (
    <svg
      className="score-plot score-square"
      viewBox={`0 0 ${side} ${side}`}
      role="img"
      aria-label={`${title}: ${told}`}
      data-testid="reliability"
    >
      <rect x={at(0)} y={at(0)} width={at(1) - at(0)} height={at(1) - at(0)} fill="none" stroke={faint} />
      <line x1={at(0)} y1={at(1)} x2={at(1)} y2={at(0)} stroke={faint} strokeDasharray="4 4" />
      {[0, 0.5, 1].map((share) => (
        <g key={share} fontSize="11" fill={ink}>
          <text x={at(share)} y={side - 12} textAnchor="middle">
            {share}
          </text>
          <text x={margin - 6} y={at(1 - share) + 4} textAnchor="end">
            {share}
          </text>
        </g>
      ))}
      <polyline
        points={bins
          .map(({ meanForecast, observedRate }) => `${at(meanForecast)},${at(1 - observedRate)}`)
          .join(' ')}
        fill="none"
        stroke={ink}
      />
      {bins.map(({ meanForecast, observedRate, forecasts }) => (
        <circle
          key={meanForecast}
          cx={at(meanForecast)}
          cy={at(1 - observedRate)}
          r={3 + 5 * Math.sqrt(forecasts / most)}
          fill={ink}
        />
      ))}
    </svg>
  )
}
