/** Colour of a CAP severity where nothing is assessed: Meteoalarm's correspondence of severities and awareness levels. */
import type { EventSummary } from '../../server/schemas/index.ts'
import type { Level } from './level.tsx'

const levels: { readonly [severity: string]: Level } = {
  Minor: 'green',
  Moderate: 'yellow',
  Severe: 'orange',
  Extreme: 'red',
}
export const levelOfSeverity = (severity: string | undefined): Level => levels[severity ?? ''] ?? null

export const shownLevel = ({ level, severity }: Pick<EventSummary, 'level' | 'severity'>): Level =>
  level ?? levelOfSeverity(severity)
