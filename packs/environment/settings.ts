/** What an authority could want to set of the notification of neighbours: unit, default, range, and where it comes from. */
import { unreachable } from '../../engines/record/index.ts'
import type { LimitKind } from './records.ts'

export type Parameter = {
  readonly title: string
  readonly unit: string
  readonly value: number
  readonly range: readonly [number, number]
  readonly source: string
}

export const notificationParameters = {
  distance: {
    title: 'A neighbour is told when his border lies so near to the station',
    unit: 'km',
    value: 50,
    range: [1, 500],
    source:
      'Assumed: the reach of a plume in the hours that an alert asks for; agree on it with each neighbour',
  },
  freshHours: {
    title: 'Nobody is told of what was over for longer than this when it became known',
    unit: 'h',
    value: 48,
    range: [1, 720],
    source: 'Assumed: an archive that is read in must not ring every neighbour',
  },
  alertHours: {
    title: 'An alert threshold or danger level is to be acknowledged within',
    unit: 'h',
    value: 1,
    range: [0.25, 24],
    source: 'Assumed: one hour, the averaging time of the directive’s alert thresholds',
  },
  otherHours: {
    title: 'Any other limit is to be acknowledged within',
    unit: 'h',
    value: 6,
    range: [1, 72],
    source: 'Assumed',
  },
} as const satisfies Readonly<Record<string, Parameter>>

export function hoursToAcknowledge(kind: LimitKind): number {
  switch (kind) {
    case 'alert':
    case 'danger-level':
      return notificationParameters.alertHours.value
    case 'information':
    case 'limit':
    case 'warning-level':
      return notificationParameters.otherHours.value
    default:
      return unreachable(kind)
  }
}

export const alarmParameters = {
  reach: {
    title: 'An accident on a river lies so near to the river’s rough line',
    unit: 'km',
    value: 25,
    range: [5, 100],
    source: 'Assumed: the lines of the region are good to 10 to 20 km',
  },
  slowest: {
    title: 'Slowest flow',
    unit: 'km/h',
    value: 1.5,
    range: [0.5, 5],
    source: 'Assumed: reservoirs and the lower Danube at low water',
  },
  fastest: {
    title: 'Fastest flow',
    unit: 'km/h',
    value: 7,
    range: [3, 15],
    source: 'Assumed: the upper Danube and mountain tributaries at high water',
  },
  longest: {
    title: 'A downstream centre confirms receipt within',
    unit: 'h',
    value: 1,
    range: [0.25, 12],
    source: 'Assumed; agree on it in the alarm plan',
  },
  shortest: {
    title: 'and is never given less than',
    unit: 'h',
    value: 0.25,
    range: [0.1, 2],
    source: 'Assumed: the time to read and to answer',
  },
  telephoneAfter: {
    title: 'A centre that is overdue for so long is to be called by telephone',
    unit: 'h',
    value: 0.25,
    range: [0, 6],
    source: 'Assumed',
  },
} as const satisfies Readonly<Record<string, Parameter>>

/** Which of the three forms is to be acknowledged within how many hours. */
export const formParameters = {
  earlyWarningHours: {
    title: 'An early warning report is to be acknowledged within',
    unit: 'h',
    value: 1,
    range: [0.25, 24],
    source: 'Assumed: the Convention asks to notify without delay and names no hours',
  },
  informationHours: {
    title: 'An information report is to be acknowledged within',
    unit: 'h',
    value: 6,
    range: [0.5, 72],
    source: 'Assumed',
  },
  requestHours: {
    title: 'A request for assistance is to be answered within',
    unit: 'h',
    value: 2,
    range: [0.5, 48],
    source: 'Assumed: the Convention asks for a prompt decision (article 12) and names no hours',
  },
  testHours: {
    title: 'A communication test is to be acknowledged within',
    unit: 'h',
    value: 1,
    range: [0.25, 24],
    source: 'Assumed',
  },
  testEveryDays: {
    title: 'Every point of contact is tested at least once in',
    unit: 'd',
    value: 90,
    range: [7, 366],
    source: 'Assumed: four tests a year',
  },
} as const satisfies Readonly<Record<string, Parameter>>
