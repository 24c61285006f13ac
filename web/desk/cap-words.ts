/** Words of CAP 1.2 that a draft may choose (§3.2.2), worst first, as its lists have them. */
import type { DeskContent } from '../../server/schemas/index.ts'

export const severities = [
  'Extreme',
  'Severe',
  'Moderate',
  'Minor',
] as const satisfies readonly DeskContent['severity'][]
export const urgencies = [
  'Immediate',
  'Expected',
  'Future',
  'Past',
] as const satisfies readonly DeskContent['urgency'][]
export const certainties = [
  'Observed',
  'Likely',
  'Possible',
  'Unlikely',
] as const satisfies readonly DeskContent['certainty'][]
export const responseTypes = [
  'Shelter',
  'Evacuate',
  'Prepare',
  'Execute',
  'Avoid',
  'Monitor',
  'Assess',
  'AllClear',
  'None',
] as const satisfies readonly DeskContent['responseType'][number][]
export const categories = [
  'Geo',
  'Met',
  'Safety',
  'Security',
  'Rescue',
  'Fire',
  'Health',
  'Env',
  'Transport',
  'Infra',
  'CBRNE',
  'Other',
] as const satisfies readonly DeskContent['category'][number][]
