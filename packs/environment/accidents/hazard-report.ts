/**
 * What an accident's reports say to everybody who works on hazards: a `hazards.report` of this node's own early warnings
 * and information reports, so that an accident, a spill or a release of radiation stands among the other events, bound as
 * the form is. One for each accident: its information reports are later versions. A report without a position gives none.
 */
import type { Detection, Detector } from '../../../engines/assess/index.ts'
import type { Held, RecordId } from '../../../engines/record/index.ts'
import type { ReactorView } from '../../../engines/store/index.ts'
import type { World } from '../../pack.ts'
import { modeOf } from '../addressed.ts'
import {
  type EarlyWarningBody,
  earlyWarningRecord,
  type InformationBody,
  informationRecord,
} from './records.ts'

type Report = Held<EarlyWarningBody | InformationBody>

export const accidentDetector: Detector<World> = {
  name: 'environment.accident',
  version: '1',
  reads: [earlyWarningRecord.type, informationRecord.type],
  writes: 'hazards.report',
  detect: async (input, view) => {
    const report = input as Report
    const { position } = report.record.body.accident
    if (position === undefined || modeOf(report.record.realm) === 'communication-test') return []
    return [detectionOf(report, await firstOf(report, view), position)]
  },
}

/** The report that the chain began with; bounded, so that a ring of reports ends. */
async function firstOf({ record }: Report, view: ReactorView): Promise<RecordId> {
  let first = record.id
  let follows = record.body.follows
  for (let steps = 0; follows !== undefined && steps < 100; steps += 1) {
    const before = await view.get(follows)
    if (before === undefined || before.record.origin !== record.origin) break
    first = before.record.id
    follows = (before.record.body as EarlyWarningBody).follows
  }
  return first
}

type Position = { readonly longitude: number; readonly latitude: number }

function detectionOf({ record }: Report, first: RecordId, { longitude, latitude }: Position): Detection {
  const { id, version, body } = record
  const { accident, from, addressees, sentAt, headline } = body
  return {
    key: `ian:${first}`,
    valid: { from: accident.occurredAt },
    place: { geometry: { type: 'Point', coordinates: [longitude, latitude] } },
    links: [{ type: 'derivedFrom', id, version }],
    body: {
      kind: kindOf(accident),
      source: 'industrial-accident-notification',
      agency: `Point of contact ${from.contact}`,
      eventId: first,
      ids: [`ian:${first}`],
      title: `${headline}: ${accident.where}`.slice(0, 1000),
      status: 'situation' in body && body.situation === 'over' ? 'ended' : 'active',
      ...{ latitude, longitude },
      countries: [...new Set([from.country, ...addressees.map(({ country }) => country)])],
      measures: measuresOf(body),
      updated: sentAt,
    },
  }
}

function kindOf({ kinds, media }: EarlyWarningBody['accident']): string {
  if (kinds.includes('radiation')) return 'radiation'
  if (kinds.includes('spill')) return media.includes('water') ? 'water-pollution' : 'industrial-accident'
  return 'industrial-accident'
}

function measuresOf(body: EarlyWarningBody | InformationBody) {
  if (!('casualties' in body) || body.casualties === undefined) return []
  return Object.entries(body.casualties).map(([name, value]) => ({ name, value, unit: '1' }))
}
