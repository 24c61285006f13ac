/** Everything of the rule for hazards other than shaking that a duty officer could want to set. */
import type { Parameter } from '../warning-settings.ts'

export const hazardWarningParameters = {
  validHours: {
    title: 'A proposal holds at least so long after the event began',
    unit: 'h',
    value: 24,
    range: [3, 96],
    source: 'Assumed: until the next day’s look; a longer time that a telling gives is kept',
  },
  townMarginKm: {
    title: 'Margin around each town, where an area is drawn around towns',
    unit: 'km',
    value: 8,
    range: [2, 50],
    source: 'Assumed: the size of a town with its surroundings',
  },
  townsNamed: {
    title: 'Towns named in the text',
    unit: 'towns',
    value: 6,
    range: [1, 12],
    source: 'Assumed: what is read at a glance',
  },
  bankRadiusKm: {
    title: 'Radius of the area at each point of a river that lies downstream',
    unit: 'km',
    value: 20,
    range: [5, 50],
    source: 'Assumed: the error of the rough lines, and the plain beside the river',
  },
  fastestKmPerHour: {
    title: 'A flood travels downstream no faster than',
    unit: 'km/h',
    value: 8,
    range: [2, 20],
    source: 'Assumed: fast waves on steep rivers; bounds the earliest arrival',
  },
  slowestKmPerHour: {
    title: 'A flood travels downstream no slower than',
    unit: 'km/h',
    value: 2,
    range: [0.5, 8],
    source: 'Assumed: waves on rivers of the plain that fill their banks; bounds the latest arrival',
  },
  downstreamDays: {
    title: 'No proposal downstream reaches further ahead than',
    unit: 'd',
    value: 10,
    range: [1, 21],
    source: 'Assumed: beyond that a forecast of its own is needed',
  },
} as const satisfies Record<string, Parameter>

export type HazardWarningSettings = { readonly [Name in keyof typeof hazardWarningParameters]: number }

export const defaultHazardWarningSettings: HazardWarningSettings = {
  validHours: hazardWarningParameters.validHours.value,
  townMarginKm: hazardWarningParameters.townMarginKm.value,
  townsNamed: hazardWarningParameters.townsNamed.value,
  bankRadiusKm: hazardWarningParameters.bankRadiusKm.value,
  fastestKmPerHour: hazardWarningParameters.fastestKmPerHour.value,
  slowestKmPerHour: hazardWarningParameters.slowestKmPerHour.value,
  downstreamDays: hazardWarningParameters.downstreamDays.value,
}
