/**
 * Agreed limits, as data. Of the Union's air directive only the thresholds that ask for action within hours are here:
 * Directive 2008/50/EC, annex XII (alert and information thresholds), hourly means. Its daily and yearly limit values
 * judge a year, not a morning. The recast, Directive (EU) 2024/2881, sets others from 2030 on; they are left out until
 * a state applies them. River levels have no common limit: each gauge's own comes as an `environment.limit` record.
 */
import type { Limit } from './records.ts'

const annexTwelve = 'Directive 2008/50/EC, annex XII'

export const directiveLimits: readonly Limit[] = [
  {
    id: 'eu-2008-50-so2-alert',
    property: 'SO2',
    kind: 'alert',
    value: 500,
    unit: 'ug/m3',
    consecutiveHours: 3,
    source: `${annexTwelve}, A`,
  },
  {
    id: 'eu-2008-50-no2-alert',
    property: 'NO2',
    kind: 'alert',
    value: 400,
    unit: 'ug/m3',
    consecutiveHours: 3,
    source: `${annexTwelve}, A`,
  },
  {
    id: 'eu-2008-50-o3-information',
    property: 'O3',
    kind: 'information',
    value: 180,
    unit: 'ug/m3',
    consecutiveHours: 1,
    source: `${annexTwelve}, B`,
  },
  {
    id: 'eu-2008-50-o3-alert',
    property: 'O3',
    kind: 'alert',
    value: 240,
    unit: 'ug/m3',
    consecutiveHours: 1,
    source: `${annexTwelve}, B`,
  },
]
