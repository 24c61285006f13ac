/** Everything of the earthquake rule that a duty officer could want to set: unit, default, range, and where it comes from. */
export type Parameter = {
  readonly unit: string
  readonly value: number
  readonly range: readonly [number, number]
  readonly title: string
  readonly source: string
}

/** Everything that a duty officer could want to set. */
export const warningParameters = {
  threshold: {
    title: 'A country is warned when a town of it is expected to shake at least so',
    unit: 'MMI',
    value: 4,
    range: [3, 7],
    source: 'MMI IV: felt indoors by many (USGS)',
  },
  keepMargin: {
    title: 'A warning stands until the strongest shaking lies so far below the threshold',
    unit: 'MMI',
    value: 0.3,
    range: [0, 1],
    source: 'Assumed: half of what revisions of an origin usually move an intensity by',
  },
  moderate: {
    title: 'Severity Moderate from',
    unit: 'MMI',
    value: 5.5,
    range: [4.5, 7],
    source: 'VI by rounding: light damage (USGS ShakeMap legend)',
  },
  severe: {
    title: 'Severity Severe from',
    unit: 'MMI',
    value: 6.5,
    range: [5.5, 8],
    source: 'VII by rounding: moderate damage (USGS ShakeMap legend)',
  },
  extreme: {
    title: 'Severity Extreme from',
    unit: 'MMI',
    value: 7.5,
    range: [6.5, 9],
    source: 'VIII by rounding: moderate to heavy damage (USGS ShakeMap legend)',
  },
  validHours: {
    title: 'The warning ends so long after the shock',
    unit: 'h',
    value: 24,
    range: [1, 72],
    source: 'Assumed: the first day has most of the strong aftershocks (Omori)',
  },
  townMarginKm: {
    title: 'Margin of the area around each shaken town',
    unit: 'km',
    value: 10,
    range: [2, 50],
    source: 'Assumed: the size of a large town with its surroundings',
  },
  townsNamed: {
    title: 'Towns named in the text',
    unit: 'towns',
    value: 6,
    range: [1, 12],
    source: 'Assumed: what is read at a glance',
  },
} as const satisfies Record<string, Parameter>

export type WarningSettings = { readonly [Name in keyof typeof warningParameters]: number }

export const defaultWarningSettings: WarningSettings = {
  threshold: warningParameters.threshold.value,
  keepMargin: warningParameters.keepMargin.value,
  moderate: warningParameters.moderate.value,
  severe: warningParameters.severe.value,
  extreme: warningParameters.extreme.value,
  validHours: warningParameters.validHours.value,
  townMarginKm: warningParameters.townMarginKm.value,
  townsNamed: warningParameters.townsNamed.value,
}
