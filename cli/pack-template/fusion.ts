/** When two reports are one thing: near in time. Replace by what this domain knows, with figures and their source. */
import type { FusionRule } from '../../engines/fuse/index.ts'
import { millis } from '../../engines/record/index.ts'
import { type ExampleReport, exampleEvent, exampleReport } from './records.ts'

/** Seconds at which a match is worth nothing. */
const secondsToNothing = 600

export const sameExample: FusionRule<ExampleReport> = {
  name: 'example.report',
  version: '1',
  reads: [exampleReport.type],
  writes: exampleEvent.type,
  applies: ({ kind }) => kind === 'report',
  revisedAt: ({ updated }) => Date.parse(updated),
  hardLinks: () => [],
  agency: ({ agency }) => agency,
  windowMs: secondsToNothing * 1000,
  match: (a, b) => {
    const seconds = Math.abs(millis(a.record.valid.from) - millis(b.record.valid.from)) / 1000
    const weight = Math.max(0, 1 - seconds / secondsToNothing)
    return { score: weight, reasons: [{ name: 'Δt', value: seconds, unit: 's', weight }] }
  },
  marks: { merge: 0.8, ask: 0.5 },
  summarise: (members) => {
    const [preferred] = [...members].sort(
      (a, b) =>
        b.record.body.updated.localeCompare(a.record.body.updated) || (a.record.id < b.record.id ? -1 : 1),
    )
    if (!preferred) throw new Error('an event has at least one report')
    const { id, valid, place, body } = preferred.record
    const agencies = [...new Set(members.map(({ record }) => record.body.agency))].sort()
    return {
      valid,
      place: place ?? {},
      preferred: id,
      figures: { kind: 'report', value: body.value, agencies },
    }
  },
}
