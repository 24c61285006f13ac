/**
 * Every warning that holds at a point: those that this node issued and those of other authorities, in force now or to
 * come. All of them, the gravest first: the first one found is not the one that matters. Found by shape and by code, never
 * by the name of a place.
 */
import type { Geometry } from 'geojson'
import { cellsHolding, holdsPoint, type LonLat, prepareShape } from '../../engines/place/index.ts'
import { type Instant, instant, type NodeId } from '../../engines/record/index.ts'
import { areaLookup, heldAreas, noticeRecord, whereIn } from '../../engines/warn/index.ts'
import { nowIn, type View } from '../ask.ts'
import type { Seen } from '../context.ts'
import type { WarningsAtPoint } from '../schemas/index.ts'
import { type HeldNotice, isNoticeInForce, noticeSummary } from './notice.ts'
import { type HeldWarning, isWhole, warningSummaries } from './warning.ts'

type Because = WarningsAtPoint['notices'][number]['because']
/** The countries of the point: more than one within 2 km of a line. */
type Spot = { readonly at: LonLat; readonly countries: readonly string[] }

const nearKm = 2

export async function warningsAtPoint(
  seen: Seen,
  view: View,
  { at, warnings }: { readonly at: LonLat; readonly warnings: readonly HeldWarning[] },
): Promise<WarningsAtPoint> {
  const { places } = seen.node
  const now = nowIn(seen, view)
  const here = places.countryAt(at)
  const countries = here.isNearBorder
    ? places.region.countries
        .map(({ code }) => code)
        .filter((code) => places.distanceToCountry(at, code) <= nearKm)
    : here.code === undefined
      ? []
      : [here.code]
  const spot = { at, countries }
  return {
    ...(here.code === undefined ? {} : { country: here.code }),
    isNearBorder: here.isNearBorder,
    warnings: await ownAt(seen, view, { warnings, spot, now }),
    notices: await noticesAt(seen, view, { spot, now }),
  }
}

async function noticesAt(
  { records }: Seen,
  view: View,
  { spot, now }: { readonly spot: Spot; readonly now: Instant },
): Promise<WarningsAtPoint['notices']> {
  const held = await records.read({
    types: [noticeRecord.type],
    ...view,
    validFrom: now,
    cells: cellsHolding(spot.at).slice(0, 1),
  })
  const notices = (held.filter(isWhole) as readonly HeldNotice[]).filter(
    (notice) => notice.record.body.goesOnAs === undefined && isNoticeInForce(notice, now),
  )
  return notices
    .flatMap((notice) => {
      const { place, body } = notice.record
      const countries = (body.areaFallback ?? []).flatMap(({ country }) => country ?? [])
      const because = becauseAt({ geometry: place?.geometry, countries, ofCells: true }, spot)
      return because === undefined ? [] : [{ because, notice: noticeSummary(notice, now) }]
    })
    .sort((a, b) => gravity(b.notice.severity) - gravity(a.notice.severity))
}

/** A warning of ours may name codes only; those are settled here, since it says no more than its message. */
async function ownAt(
  { node: { places, identity }, records }: Seen,
  view: View,
  {
    warnings,
    spot,
    now,
  }: { readonly warnings: readonly HeldWarning[]; readonly spot: Spot; readonly now: Instant },
): Promise<WarningsAtPoint['warnings']> {
  const lookup = areaLookup(places)
  const codes = warnings.flatMap((warning) => areasOf(warning).flatMap((area) => area.codes))
  const areas = await heldAreas(codes, lookup, {
    view: { read: (query) => records.read({ ...query, ...view }) },
    node: identity.node as NodeId,
  })
  const whereOf = whereIn(areas, lookup)
  const found = warnings.flatMap((warning) => {
    const { country, sent, infos } = warning.record.body
    const from = instant(infos[0]?.onset ?? sent)
    const because = areasOf(warning)
      .map((area) => {
        const { geometry, fallbacks } = whereOf(area, from, country)
        const whole = geometry === undefined && fallbacks.length === 0 ? [country] : []
        const countries = [...whole, ...fallbacks.flatMap((one) => one.country ?? [])]
        return becauseAt({ geometry, countries, ofCells: false }, spot)
      })
      .filter((one) => one !== undefined)
    const [first] = because.includes('shape') ? ['shape' as const] : because
    return first === undefined ? [] : [{ because: first, warning }]
  })
  const summaries = warningSummaries(warnings, now)
  return found
    .flatMap(({ because, warning }) => {
      const summary = summaries.find(({ id }) => id === warning.record.id)
      return summary === undefined ? [] : [{ because, warning: summary }]
    })
    .sort((a, b) => gravity(b.warning.severity) - gravity(a.warning.severity))
}

/** Every block of a message says the same areas; the first one's are taken. */
const areasOf = ({ record: { body } }: HeldWarning) =>
  (body.infos[0]?.area ?? []).map(({ polygon, circle, geocode }) => ({
    polygons: polygon,
    circles: circle,
    codes: geocode.map(({ valueName, value }) => ({ scheme: valueName, code: value })),
  }))

type Held = {
  readonly geometry: Geometry | undefined
  readonly countries: readonly string[]
  /** It was found by a cell that the point has. */
  readonly ofCells: boolean
}

function becauseAt(
  { geometry, countries, ofCells }: Held,
  { at, countries: here }: Spot,
): Because | undefined {
  if (geometry !== undefined && holdsPoint(prepareShape(geometry), at)) return 'shape'
  if (countries.some((country) => here.includes(country))) return 'country'
  return geometry === undefined && countries.length === 0 && ofCells ? 'nearby' : undefined
}

const severities = ['Unknown', 'Minor', 'Moderate', 'Severe', 'Extreme']
const gravity = (severity: string): number => severities.indexOf(severity)
