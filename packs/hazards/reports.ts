/** What several reports of one event say together. */
import { type CapSeverity, capSeverities } from '../../engines/formats/index.ts'
import { millis } from '../../engines/record/index.ts'
import type { HazardReport } from './report-records.ts'

/** CAP lists severities from the worst on; `Unknown` says nothing. */
export function worstSeverity(all: readonly CapSeverity[]): CapSeverity | undefined {
  return capSeverities.find((severity) => severity !== 'Unknown' && all.includes(severity))
}

/** As long as one report says that it goes on, it does; without a report, what the observations say. */
export function statusOf(
  reports: readonly Pick<HazardReport, 'status'>[],
  observed: HazardReport['status'],
): HazardReport['status'] {
  const said = new Set(reports.map(({ status }) => status))
  for (const status of ['active', 'forecast', 'ended'] as const) if (said.has(status)) return status
  return observed
}

/** The title that was given last. */
export const titleOf = (reports: readonly HazardReport[]): string | undefined =>
  [...reports].sort((a, b) => millis(a.updated) - millis(b.updated)).findLast(({ title }) => title)?.title
