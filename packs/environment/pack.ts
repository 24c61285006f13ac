/**
 * The environment pack: stations of air and water, agreed limits, and neighbours who are told when one is exceeded;
 * accidents and alarms on rivers, told between points of contact.
 */
import { definePack } from '../pack.ts'
import { accidentDetector } from './accidents/hazard-report.ts'
import { airQualityReferences } from './air-quality/references.ts'
import { exceedanceDetector } from './exceedance.ts'
import { notificationDetector } from './notification.ts'
import { environmentRecords, exceedanceRecord } from './records.ts'
import { openAq } from './sources/index.ts'

export * from './accidents/answer.ts'
export * from './accidents/line-tests.ts'
export * from './accidents/records.ts'
export {
  type Drafted,
  discardDraft,
  type FormOrder,
  industrialAccidents,
  type Sent,
  saveDraft,
  sendDraft,
  sendForm,
} from './accidents/send.ts'
export * from './acknowledgement.ts'
export * from './addressed.ts'
export * from './air-quality/station.ts'
export * from './alarm/raise.ts'
export * from './alarm/records.ts'
export * from './alarm/sequence.ts'
export { contactsOf } from './contacts.ts'
export * from './floods/return-periods.ts'
export * from './inbox.ts'
export { directiveLimits } from './limits.ts'
export { type PropertyCode, propertyCodes, unitOfProperty } from './properties.ts'
export * from './records.ts'
export * from './sources/index.ts'
export { toldOf, toldTypes } from './told.ts'

export const environment = definePack({
  name: 'environment',
  title: { en: 'Environment' },
  records: environmentRecords,
  sources: [],
  partnerSources: [openAq],
  fusion: [],
  assessors: [],
  detectors: [exceedanceDetector, notificationDetector, accidentDetector],
  warnings: [],
  catalogues: {},
  layers: [
    {
      id: 'limits-exceeded',
      title: { en: 'Limits exceeded' },
      reads: exceedanceRecord.type,
      size: '/peak',
      label: '/property',
    },
  ],
  references: airQualityReferences,
})
