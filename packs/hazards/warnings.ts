/**
 * When an earthquake's impact becomes a proposal to warn: one per country with a town where the expected shaking reaches
 * the threshold.
 *
 * Severity follows the damage that the intensity stands for (USGS ShakeMap legend: V very light, VI light, VII moderate,
 * VIII moderate to heavy): each CAP step begins where the rounded intensity does. The shaking itself is over when the
 * message comes; what people must act on are aftershocks and damage, so from light damage on urgency is Immediate, below
 * it Past. Certainty is Likely: the place and size of the shock were measured, the shaking in a town is computed.
 *
 * Area: the convex hull of the country's shaken towns with a margin around each, as one polygon. It covers every such
 * town and little of the neighbours. The country's own code does not stand beside it: CAP adds up what an area holds
 * (§3.2.4), so a country code would warn all of a country for a shock in its corner. The code is a parameter.
 *
 * Event codes: SAME `EQW` (47 CFR 11.31) and the GLIDE hazard code `EQ`.
 */
import { type CapResponseType, type CapSeverity, capSeverities } from '../../engines/formats/index.ts'
import { type Held, plusMs } from '../../engines/record/index.ts'
import type { ProposalBody, Proposed, WarningRule } from '../../engines/warn/index.ts'
import { type ImpactBody, impactRecord } from './impact-record.ts'
import { hullAround } from './warning-area.ts'
import { defaultWarningSettings, type WarningSettings } from './warning-settings.ts'

export const earthquakeWarnings = (chosen: Partial<WarningSettings> = {}): WarningRule<ImpactBody> => {
  const settings = { ...defaultWarningSettings, ...chosen }
  return {
    name: 'hazards.earthquake',
    version: '1',
    reads: impactRecord.type,
    withdrawn: ({ record }) => record.body.state === 'withdrawn',
    propose: (impact) =>
      impact.record.body.state === 'withdrawn'
        ? []
        : impact.record.body.countries.flatMap(({ code }) => proposalFor(impact, code, settings)),
  }
}

/** The rule as the pack declares it. */
export const earthquakeWarning = earthquakeWarnings()

type Town = ImpactBody['towns'][number]

function proposalFor(impact: Held<ImpactBody>, code: string, settings: WarningSettings): readonly Proposed[] {
  const { record } = impact
  const own = record.body.towns.filter(({ country }) => country === code)
  const starts = own.some(({ mmi }) => mmi >= settings.threshold)
  const least = starts ? settings.threshold : settings.threshold - settings.keepMargin
  const shaken = own
    .filter(({ mmi }) => mmi >= least)
    .sort((a, b) => b.mmi - a.mmi || b.people - a.people || (a.name < b.name ? -1 : 1))
  const [strongest] = shaken
  if (!strongest) return []
  const hull = hullAround(
    shaken.map(({ at: [lon, lat] }) => [lat, lon] as const),
    settings.townMarginKm,
  )
  return [
    {
      ...(starts ? {} : { onlyKeeps: true }),
      valid: { from: record.valid.from, until: plusMs(record.valid.from, settings.validHours * 3_600_000) },
      place: {
        geometry: { type: 'Polygon', coordinates: [hull.map(([lat, lon]) => [lon, lat])] },
        areas: [{ scheme: 'ISO3166-1', code }],
      },
      body: bodyFor(impact, code, shaken, strongest.mmi, hull, settings),
    },
  ]
}

function bodyFor(
  { record }: Held<ImpactBody>,
  code: string,
  shaken: readonly Town[],
  mmi: number,
  hull: readonly (readonly [number, number])[],
  settings: WarningSettings,
): ProposalBody {
  const { body, valid, attribution } = record
  const severity = severityOf(mmi, settings)
  const tone = toneOf(severity)
  const exposure = exposureOf(body, code)
  return {
    country: code,
    event: body.event,
    state: 'warn',
    hazard: 'earthquake',
    category: ['Geo'],
    responseType: responses[tone],
    urgency: tone === 'light' ? 'Past' : 'Immediate',
    severity,
    certainty: 'Likely',
    eventCode: [
      { valueName: 'SAME', value: 'EQW' },
      { valueName: 'GLIDE', value: 'EQ' },
    ],
    onset: valid.from,
    expires: plusMs(valid.from, settings.validHours * 3_600_000),
    texts: textsOf(tone),
    args: {
      magnitude: round(body.magnitude, 1),
      time: valid.from,
      latitude: round(body.latitude, 2),
      longitude: round(body.longitude, 2),
      depthKm: Math.round(body.depthKm),
      shaking: `@earthquake.shaking.${bandOf(mmi)}`,
      mmi: roman(mmi),
      towns: townsToName(shaken, settings.townsNamed),
      sources: [...new Set(attribution.map(({ credit }) => credit))].sort(),
      ...(exposure
        ? {
            people: '@earthquake.people',
            peopleMmi: roman(exposure.mmi),
            peopleLow: exposure.low,
            peopleHigh: exposure.high,
          }
        : { people: '' }),
    },
    material: [
      { name: 'magnitude', value: round(body.magnitude, 1), tolerance: 0.25 },
      { name: 'strongest intensity', value: round(mmi, 1), tolerance: 0.5 },
      { name: 'latitude', value: round(body.latitude, 2), tolerance: 0.15 },
      { name: 'longitude', value: round(body.longitude, 2), tolerance: 0.2 },
      ...(exposure
        ? [{ name: 'people, powers of ten', value: round(Math.log10(exposure.high), 2), tolerance: 0.3 }]
        : []),
    ],
    parameter: [
      { valueName: 'mosaic:country', value: code },
      { valueName: 'mosaic:alert-level', value: body.level },
      { valueName: 'mosaic:magnitude', value: body.magnitude.toFixed(1) },
      { valueName: 'mosaic:intensity-mmi', value: mmi.toFixed(1) },
    ],
    areas: [{ desc: {}, polygons: [hull], circles: [], geocodes: [] }],
    because: [
      { name: 'strongest intensity at a town, MMI', value: round(mmi, 2), threshold: settings.threshold },
      { name: 'towns at or above the threshold', value: shaken.length, threshold: 1 },
      {
        name: `severity ${severity} from, MMI`,
        value: round(mmi, 2),
        threshold: startOf(severity, settings),
      },
      { name: 'magnitude', value: round(body.magnitude, 1) },
      { name: 'alert level of the whole event', value: body.level },
    ],
  }
}

/** Those within one intensity unit of the strongest, which is about what the models can tell apart; largest first. */
function townsToName(shaken: readonly Town[], most: number): readonly string[] {
  const strongest = Math.max(...shaken.map(({ mmi }) => mmi))
  return shaken
    .filter(({ mmi }) => mmi > strongest - 1)
    .sort((a, b) => b.people - a.people || a.id - b.id)
    .slice(0, most)
    .map(({ name }) => name)
}

type Tone = 'light' | 'moderate' | 'severe'

const responses: Readonly<Record<Tone, readonly CapResponseType[]>> = {
  light: ['Monitor'],
  moderate: ['Prepare', 'Monitor'],
  severe: ['Avoid', 'Prepare', 'Monitor'],
}

const textsOf = (tone: Tone): ProposalBody['texts'] => ({
  event: 'earthquake.event',
  headline: 'earthquake.headline',
  description: 'earthquake.description',
  instruction: `earthquake.instruction.${tone}`,
  area: 'earthquake.area',
  revised: 'earthquake.revised',
  advice: { headline: 'earthquake.headline.advice', instruction: 'earthquake.instruction.advice' },
  ending: {
    headline: 'earthquake.ending.headline',
    description: 'earthquake.ending.description',
    instruction: 'earthquake.ending.instruction',
  },
})

function severityOf(mmi: number, { moderate, severe, extreme }: WarningSettings): CapSeverity {
  if (mmi >= extreme) return 'Extreme'
  if (mmi >= severe) return 'Severe'
  return mmi >= moderate ? 'Moderate' : 'Minor'
}

const toneOf = (severity: CapSeverity): Tone => {
  if (capSeverities.indexOf(severity) <= capSeverities.indexOf('Severe')) return 'severe'
  return severity === 'Moderate' ? 'moderate' : 'light'
}

function startOf(severity: CapSeverity, { threshold, moderate, severe, extreme }: WarningSettings): number {
  return { Extreme: extreme, Severe: severe, Moderate: moderate, Minor: threshold, Unknown: threshold }[
    severity
  ]
}

/** Names of the bands as the USGS prints them: IV light … X extreme. Below IV the word for IV serves. */
const bands = ['light', 'moderate', 'strong', 'very-strong', 'severe', 'violent', 'extreme'] as const
const bandOf = (mmi: number) => bands[Math.min(Math.max(Math.round(mmi), 4), 10) - 4] ?? 'light'

const numerals = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X']
const roman = (mmi: number): string => numerals[Math.min(Math.max(Math.round(mmi), 1), 10) - 1] ?? ''

/** People at VI and more, where damage begins; where nobody is, at IV and more; two figures that count. */
function exposureOf(body: ImpactBody, code: string) {
  const bins = body.countries.find((country) => country.code === code)?.exposed ?? []
  for (const from of [6, 4]) {
    const at = bins.filter(({ mmi }) => mmi >= from)
    const high = twoFigures(at.reduce((sum, bin) => sum + bin.high, 0))
    const low = twoFigures(at.reduce((sum, bin) => sum + bin.low, 0))
    if (high > 0) return { mmi: from, low, high }
  }
  return undefined
}

const twoFigures = (value: number): number => (value < 1 ? 0 : Number(value.toPrecision(2)))
const round = (value: number, digits: number): number => Number(value.toFixed(digits))
