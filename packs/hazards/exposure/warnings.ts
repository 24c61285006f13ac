/**
 * When exposure to a flood, fire, storm or other disaster becomes a proposal to warn: one per country.
 *
 *   touched      the event's severity is Moderate or more, and, of weather, a listed town lies inside; severity as told,
 *                urgency Immediate, or Expected of what is forecast
 *   downstream   of a flood of Severe or Extreme, in every country that its water reaches within the estimate's way:
 *                one step milder, urgency Future, certainty Possible; when it may arrive follows from the distance
 *   near, or only named by a source    nothing: it is shown in the assessment
 *
 * A country whose own authority warns of the same event is never proposed: that warning is shown as theirs, in the event
 * and in the assessment (`warnedBy`), and another one beside it could only disagree. Does it come after a proposal, the
 * proposal ends; is it cancelled while the event goes on, the proposal comes back.
 *
 * Area: where one country is touched the event's own shapes; where several are, the hull of the country's towns inside
 * with a margin, since a shape that crosses a border would warn the neighbour's public; without a listed town, the
 * shapes that reach into it. Downstream: circles along the river. Shapes have at most 100 corners (agreed among CAP
 * editors), above that their hull. Codes of areas that the tellings give for this country stand beside them, of the
 * schemes that the region's profile writes.
 */
import { type CapSeverity, capSeverities } from '../../../engines/formats/index.ts'
import type { CodeReader, River } from '../../../engines/place/index.ts'
import type { Held, Instant, MosaicRecord } from '../../../engines/record/index.ts'
import { instant, millis, plusMs } from '../../../engines/record/index.ts'
import {
  type ProposalBody,
  type Proposed,
  type RegionWarnings,
  type WarningRule,
  withProfile,
} from '../../../engines/warn/index.ts'
import { kindWords } from '../kinds.ts'
import { convexHull, hullAround } from '../warning-area.ts'
import { type ExposureBody, exposureRecord } from './record.ts'
import { defaultHazardWarningSettings, type HazardWarningSettings } from './warning-settings.ts'
import { downstreamTexts, responsesOf, touchedTexts, urgencyOf, warnFamilyOf } from './warning-words.ts'

export type HazardWarningParts = {
  readonly settings?: Partial<HazardWarningSettings>
  /** How the region writes level, kind and areas. */
  readonly warnings?: RegionWarnings
  readonly rivers?: readonly River[]
  /** Whose an area code is, as the region's data says it. */
  readonly countryOf?: CodeReader['countryOf']
}
type Rule = Omit<HazardWarningParts, 'settings'> & { readonly settings: HazardWarningSettings }
type Country = ExposureBody['countries'][number]
type Exposure = MosaicRecord<ExposureBody>

export function hazardWarnings(parts: HazardWarningParts = {}): WarningRule<ExposureBody> {
  const rule: Rule = { ...parts, settings: { ...defaultHazardWarningSettings, ...parts.settings } }
  return {
    name: 'hazards.exposure',
    version: '1',
    reads: exposureRecord.type,
    withdrawn: ({ record }) => record.body.state === 'withdrawn',
    propose: ({ record }: Held<ExposureBody>) =>
      record.body.state === 'withdrawn' || record.body.status === 'ended'
        ? []
        : record.body.countries.flatMap((country) => proposalFor(record, country, rule)),
  }
}

function proposalFor(record: Exposure, country: Country, rule: Rule): readonly Proposed[] {
  if (country.warnedBy !== undefined) return []
  const { severity = 'Unknown', kind } = record.body
  if (country.downstream !== undefined)
    return isAtLeast(severity, 'Severe')
      ? [downstreamProposal(record, country, country.downstream, rule)]
      : []
  const isInside = warnFamilyOf(kind) !== 'weather' || country.towns > 0
  return country.relation === 'touched' && isInside && isAtLeast(severity, 'Moderate')
    ? [touchedProposal(record, country, severity, rule)]
    : []
}

const isAtLeast = (severity: CapSeverity, least: CapSeverity): boolean =>
  capSeverities.indexOf(severity) <= capSeverities.indexOf(least)
const milder = (severity: CapSeverity): CapSeverity => (severity === 'Extreme' ? 'Severe' : 'Moderate')

function touchedProposal(record: Exposure, country: Country, severity: CapSeverity, rule: Rule): Proposed {
  const { body, valid } = record
  const { settings } = rule
  const until = instant(
    Math.max(millis(valid.until ?? valid.from), millis(plusMs(valid.from, settings.validHours * hourMs))),
  )
  const own = body.towns.filter(({ country: code }) => code === country.code)
  const names = own.slice(0, settings.townsNamed).map(({ name }) => name)
  const polygons = polygonsFor(body, country, settings)
  return proposed(record, {
    ...{ country, rule, severity, polygons, circles: [], from: valid.from, until },
    urgency: urgencyOf(body.status),
    certainty: body.status === 'forecast' ? 'Likely' : 'Observed',
    responseType: responsesOf(warnFamilyOf(body.kind), severity),
    texts: touchedTexts(body.kind, names.length > 0),
    args: {
      townsLine: names.length > 0 ? '@hazard.towns' : '@hazard.towns.none',
      ...(names.length > 0 && { townNames: names }),
      ...(names.length > 0 && {
        peopleLow: twoFigures(country.people.low),
        peopleHigh: twoFigures(country.people.high),
      }),
    },
    material: [
      { name: 'level', value: body.level },
      ...(country.people.high >= 1
        ? [
            {
              name: 'people, powers of ten',
              value: decimals(Math.log10(country.people.high)),
              tolerance: 0.3,
            },
          ]
        : []),
    ],
    because: [
      { name: 'severity', value: severity, threshold: 'Moderate' },
      { name: 'towns inside', value: country.towns },
      { name: 'people inside, at most', value: country.people.high },
    ],
  })
}

function downstreamProposal(
  record: Exposure,
  country: Country,
  { river, order, km, banks }: NonNullable<Country['downstream']>,
  rule: Rule,
): Proposed {
  const { settings } = rule
  const { valid } = record
  const mostMs = settings.downstreamDays * 24 * hourMs
  const from = plusMs(valid.from, Math.min(mostMs, (km.low / settings.fastestKmPerHour) * hourMs))
  const latest = Math.min(mostMs, (km.high / settings.slowestKmPerHour + settings.validHours) * hourMs)
  const until = instant(Math.max(millis(from) + settings.validHours * hourMs, millis(valid.from) + latest))
  const severity = milder(record.body.severity ?? 'Unknown')
  return proposed(record, {
    ...{ country, rule, severity, polygons: [], from, until },
    urgency: 'Future',
    certainty: 'Possible',
    responseType: ['Prepare', 'Monitor'],
    circles: banks.map(([lon, lat]) => ({ center: [lat, lon] as const, radiusKm: settings.bankRadiusKm })),
    texts: downstreamTexts,
    args: {
      river: rule.rivers?.find(({ id }) => id === river)?.names['en'] ?? river,
      kmLow: twoFigures(km.low),
      kmHigh: twoFigures(km.high),
    },
    material: [{ name: 'distance along the river', value: km.low, tolerance: 50 }],
    because: [
      { name: 'severity upstream', value: record.body.severity ?? 'Unknown', threshold: 'Severe' },
      { name: 'river', value: river },
      { name: 'reached by the water as number', value: order },
      { name: 'distance along the river, km', value: km.low },
    ],
  })
}

type Said = Pick<
  ProposalBody,
  'urgency' | 'severity' | 'certainty' | 'responseType' | 'texts' | 'args' | 'because'
> & {
  readonly material: NonNullable<ProposalBody['material']>
  readonly country: Country
  readonly rule: Rule
  readonly from: Instant
  readonly until: Instant
  readonly polygons: ProposalBody['areas'][number]['polygons']
  readonly circles: ProposalBody['areas'][number]['circles']
}

function proposed(record: Exposure, said: Said): Proposed {
  const { country, rule, from, until, polygons, circles, severity } = said
  const { body, attribution } = record
  const others = body.countries.flatMap(({ code, warnedBy }) =>
    warnedBy ? [`${code}: ${warnedBy.name}`] : [],
  )
  return {
    valid: { from, until },
    ...placeFor(country.code, polygons, circles),
    body: {
      country: country.code,
      event: body.event,
      state: 'warn',
      hazard: body.kind,
      category: [kindWords[body.kind].category],
      responseType: said.responseType,
      urgency: said.urgency,
      severity,
      certainty: said.certainty,
      eventCode: (kindWords[body.kind].glide ?? [])
        .slice(0, 1)
        .map((value) => ({ valueName: 'GLIDE', value })),
      onset: from,
      expires: until,
      texts: said.texts,
      args: {
        hazard: `@hazard.kind.${body.kind}`,
        severity: `@hazard.severity.${severity.toLowerCase()}`,
        from,
        until,
        sources: [...new Set([...attribution.map(({ credit }) => credit), ...body.agencies])].sort(),
        ...said.args,
      },
      material: said.material,
      parameter: withProfile(
        {
          hazard: body.kind,
          severity,
          isEnding: false,
          parameter: [
            { valueName: 'mosaic:country', value: country.code },
            { valueName: 'mosaic:alert-level', value: body.level },
          ],
        },
        rule.warnings?.writes,
      ),
      areas: [{ desc: {}, polygons, circles, geocodes: codesFor(body, country.code, rule) }],
      because: [
        ...said.because,
        { name: `alert level, by ${body.rule.name}`, value: body.level },
        ...(others.length > 0
          ? [{ name: 'other countries’ own warnings of it', value: others.join(', ') }]
          : []),
      ],
    },
  }
}

function placeFor(
  code: string,
  polygons: Said['polygons'],
  circles: Said['circles'],
): Pick<Proposed, 'place'> {
  const rings = polygons.map((ring) => [ring.map(([lat, lon]) => [lon, lat])])
  const areas = [{ scheme: 'ISO3166-1', code }]
  const [only] = rings
  if (only !== undefined)
    return {
      place: {
        geometry:
          rings.length === 1
            ? { type: 'Polygon', coordinates: only }
            : { type: 'MultiPolygon', coordinates: rings },
        areas,
      },
    }
  const points = circles.map(({ center: [lat, lon] }) => [lon, lat])
  return {
    place: { ...(points.length > 0 && { geometry: { type: 'MultiPoint', coordinates: points } }), areas },
  }
}

const mostCorners = 100
const mostPolygons = 20

function polygonsFor(
  body: ExposureBody,
  country: Country,
  settings: HazardWarningSettings,
): Said['polygons'] {
  const isAlone = body.countries.filter(({ relation }) => relation === 'touched').length === 1
  const towns = body.towns.filter(({ country: code }) => code === country.code)
  if (!isAlone && towns.length > 0)
    return [
      hullAround(
        towns.map(({ at: [lon, lat] }) => [lat, lon] as const),
        settings.townMarginKm,
      ),
    ]
  const rings = country.rings.map((ring) => ring.map(([lon, lat]) => [decimals(lat), decimals(lon)] as const))
  return rings
    .slice(0, mostPolygons)
    .map(bounded)
    .filter((ring) => ring.length >= 4)
}

function bounded(ring: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  if (ring.length <= mostCorners) return ring
  const hull = convexHull(ring)
  const [first] = hull
  return first === undefined ? [] : [...hull, first]
}

/** Of the lists that the region's profile knows, those that its data says are this country's. */
function codesFor(
  { codes }: ExposureBody,
  country: string,
  { warnings, countryOf }: Rule,
): ProposalBody['areas'][number]['geocodes'] {
  const schemes = warnings?.register.profile.areaSchemes ?? []
  return codes.filter((code) => schemes.includes(code.scheme) && countryOf?.(code) === country)
}

const hourMs = 3_600_000
const twoFigures = (value: number): number => (value < 1 ? 0 : Number(value.toPrecision(2)))
const decimals = (value: number): number => Number(value.toFixed(3))
