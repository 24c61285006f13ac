/** What a warning report is made of, told apart by type: event, reports, impact, warnings of this region. */
import type { EventBody } from '../../../engines/fuse/index.ts'
import type { LonLat, Places, Town } from '../../../engines/place/index.ts'
import { type Held, type Instant, km } from '../../../engines/record/index.ts'
import type { Material } from '../../../engines/report/index.ts'
import { type HeldWarning, type WarningBody, warningRecord } from '../../../engines/warn/index.ts'
import { type ImpactBody, impactRecord } from '../impact-record.ts'
import {
  type EarthquakeFigures,
  type EarthquakeObservation,
  type HazardFigures,
  hazardsObservation,
} from '../records.ts'

export type Matter = {
  readonly event: Held<EventBody<EarthquakeFigures | HazardFigures>>
  readonly figures: EarthquakeFigures | HazardFigures
  readonly at: LonLat
  /** Nearest town of note, for people to know where. */
  readonly near?: { readonly town: Town; readonly km: number }
  readonly observations: readonly Held<EarthquakeObservation>[]
  readonly inputs: readonly Held[]
  readonly impact?: Held<ImpactBody>
  readonly warnings: readonly HeldWarning[]
  readonly related: readonly Held[]
  /** Sorted; the country of the event first. */
  readonly countries: readonly string[]
  readonly asOf: Instant
  readonly places: Places
}

/** Undefined: an event without figures, because all its reports were withdrawn before it had any. */
export function matterOf({ subject, inputs, related, asOf, places }: Material): Matter | undefined {
  const event = subject as Matter['event']
  const { figures } = event.record.body
  if (!figures) return undefined
  const at: LonLat = [figures.longitude, figures.latitude]
  const impact = ofType<ImpactBody>(related, impactRecord.type).findLast(
    ({ record }) => record.body.state !== 'withdrawn',
  )
  const warnings = ofType<WarningBody>(related, warningRecord.type)
  const near = nearestOf(places, at)
  const matter = { event, figures, at, inputs, warnings, related, asOf, places }
  return {
    ...matter,
    ...(near ? { near } : {}),
    ...(impact ? { impact } : {}),
    observations: ofType<EarthquakeObservation>(inputs, hazardsObservation.type),
    countries: countriesOf(figures, places.countryAt(at).code, impact, warnings),
  }
}

const ofType = <Body>(all: readonly Held[], type: string) =>
  all.filter(({ record }) => record.type === type) as readonly Held<Body>[]

/** The nearest that people know: 50,000 people within 60 km, else 5,000 within 150 km, else any within 250 km. */
function nearestOf(places: Places, at: LonLat): Matter['near'] {
  const around = places.townsWithin(at, km(250))
  const known = [
    { people: 50_000, within: 60 },
    { people: 5000, within: 150 },
    { people: 0, within: 250 },
  ]
  for (const { people, within } of known) {
    const found = around.find((one) => one.km <= within && one.town.people >= people)
    if (found) return found
  }
  return undefined
}

function countriesOf(
  figures: Matter['figures'],
  own: string | undefined,
  impact: Matter['impact'],
  warnings: readonly HeldWarning[],
): readonly string[] {
  const named = figures.kind === 'earthquake' ? [] : figures.countries
  const touched = [
    ...named,
    ...(impact?.record.body.countries ?? []).filter(({ maxMmi }) => maxMmi >= 3.5).map(({ code }) => code),
    ...warnings.map(({ record }) => record.body.country),
  ].filter((code) => code !== own)
  return [...(own === undefined ? [] : [own]), ...[...new Set(touched)].sort()]
}
