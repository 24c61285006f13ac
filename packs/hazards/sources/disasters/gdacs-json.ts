/**
 * GDACS as GeoJSON: one event (`geteventdata`), a list of events (`geteventlist/SEARCH`), or the shapes of one episode
 * (`getgeometry`: a centroid, and polygons told apart by `Class`). Features of one event go together: the centroid gives
 * the words, the polygons the area.
 *
 * Not areas of the event: circles drawn around a shock, the cone in which a storm may go, the frame of the whole track.
 */
import type { MultiPolygon, Position } from 'geojson'
import type { Observed } from '../../../../engines/ingest/index.ts'
import { cellsOverlapping } from '../../../../engines/place/index.ts'
import type { Issue } from '../../../../engines/record/index.ts'
import { hazardsReport } from '../../report-records.ts'
import { type Area, areaIn } from './area.ts'
import { type Fields, fieldsIn, isFields, listIn, textIn } from './fields.ts'
import { type GdacsWords, gdacsAlert, gdacsName } from './gdacs-alert.ts'
import { type Item, missing } from './report.ts'

export type GdacsJson =
  | { readonly items: readonly Item[]; readonly defects: readonly Issue[] }
  | { readonly issue: Issue }

type Feature = { readonly feature: Fields; readonly properties: Fields; readonly place: string }

/** `about`: what the RSS said of the event whose shapes these are; then only its place is new. */
export function readGdacsJson(value: unknown, about?: unknown): GdacsJson {
  const features = featuresOf(value)
  if (features === undefined) return { issue: notGdacs }
  const groups = Map.groupBy(features, ({ properties }) => gdacsName(wordsOf({}, properties)) ?? '')
  const defects: Issue[] = []
  const items = [...groups].flatMap(([name, own]): readonly Item[] => {
    const centre = own.find(isCentre)
    const raw = () => JSON.stringify(own.map(({ feature }) => feature))
    if (name === '' || centre === undefined) {
      const place = own[0]?.place ?? ''
      if (name !== '') defects.push(shapeAlone(place, name))
      return name === ''
        ? [{ read: { issues: [missing(place, 'name', 'It names no event of GDACS.')] }, raw }]
        : []
    }
    const area = areaOf(own)
    if (isTold(about) && about.key === `gdacs:${name}`) return [{ read: placedAt(about, area), raw }]
    const words = wordsOf(centre.feature, centre.properties)
    return [{ read: gdacsAlert(area === undefined ? words : { ...words, area }, centre.place), raw }]
  })
  return { items, defects }
}

function featuresOf(value: unknown): readonly Feature[] | undefined {
  if (!isFields(value)) return undefined
  const all =
    value['type'] === 'FeatureCollection' && Array.isArray(value['features'])
      ? value['features'].map((feature, at) => [feature, `/features/${at}`] as const)
      : value['type'] === 'Feature'
        ? [[value, ''] as const]
        : undefined
  return all?.map(([feature, place]) => ({
    feature: fieldsIn(feature),
    properties: fieldsIn(fieldsIn(feature)['properties']),
    place,
  }))
}

const isCentre = ({ feature }: Feature): boolean => fieldsIn(feature['geometry'])['type'] === 'Point'

function wordsOf(feature: Fields, properties: Fields): GdacsWords {
  const [longitude, latitude] = listIn(fieldsIn(feature['geometry'])['coordinates'])
  const severity = fieldsIn(properties['severitydata'])
  const affected = listIn(properties['affectedcountries']).flatMap(
    (each) => textIn(fieldsIn(each)['iso3']) ?? [],
  )
  const sourceId = textIn(properties['sourceid'])
  return {
    ...properties,
    title: textIn(properties['name']) ?? textIn(properties['description']),
    countries:
      affected.length > 0 ? affected : [textIn(properties['country']) ?? textIn(properties['iso3']) ?? ''],
    severity: { value: severity['severity'], unit: severity['severityunit'], text: severity['severitytext'] },
    population: {},
    vulnerability: {},
    longitude,
    latitude,
    url: fieldsIn(properties['url'])['report'],
    ...(sourceId !== undefined && /^[a-z]{2}[a-z0-9]{4,20}$/.test(sourceId) ? { usgsId: sourceId } : {}),
  }
}

const noAreas = /circle|cone|global|frame/i

function areaOf(features: readonly Feature[]): MultiPolygon | undefined {
  const polygons = features.flatMap(({ feature, properties }): readonly Position[][][] => {
    const { type, coordinates } = fieldsIn(feature['geometry'])
    if (noAreas.test(textIn(properties['Class']) ?? '')) return []
    if (type === 'Polygon') return [coordinates as Position[][]] // checked as a whole by `checkGeometry`
    return type === 'MultiPolygon' && Array.isArray(coordinates) ? (coordinates as Position[][][]) : []
  })
  return polygons.length === 0 ? undefined : { type: 'MultiPolygon', coordinates: [...polygons] }
}

const isTold = (about: unknown): about is Observed =>
  isFields(about) && about['type'] === hazardsReport.type && typeof about['key'] === 'string'

function placedAt(told: Observed, area: MultiPolygon | undefined): Item['read'] {
  const { geometry, defects }: Area = area === undefined ? { defects: [] } : areaIn(area, '/features')
  if (geometry === undefined) return { observed: told, defects }
  return { observed: { ...told, place: { geometry, cells: cellsOverlapping(geometry) } }, defects }
}

const shapeAlone = (place: string, name: string): Issue => ({
  rule: 'gdacs/shape-alone',
  place,
  value: name,
  message: 'This shape belongs to an event whose centre is not in the answer; it was not used.',
})

const notGdacs: Issue = {
  rule: 'gdacs/unknown-document',
  place: '',
  message: 'This is no feature or list of features in GeoJSON; an answer of error looks like this.',
}
