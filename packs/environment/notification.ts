/**
 * Telling the neighbour: an exceedance within a set distance of another country's border opens one notification to that
 * country, with the time by which it is to be acknowledged and the nodes that may do so for it. It is opened once, when this node first knew of the
 * exceedance, and its clock never starts again; later versions carry the newest peak and say when it was over. What was long
 * over when it became known opens none: an archive that is read in is no news.
 */
import type { Detection, Detector } from '../../engines/assess/index.ts'
import type { LonLat, Places, PointOfContact } from '../../engines/place/index.ts'
import { type Held, km, plusMs } from '../../engines/record/index.ts'
import type { World } from '../pack.ts'
import { contactsFor } from './addressed.ts'
import { contactsOf } from './contacts.ts'
import {
  type ExceedanceBody,
  exceedanceRecord,
  type NotificationBody,
  notificationRecord,
} from './records.ts'
import { hoursToAcknowledge, notificationParameters } from './settings.ts'

export const notificationDetector: Detector<World> = {
  name: 'environment.notification',
  version: '1',
  reads: [exceedanceRecord.type],
  writes: notificationRecord.type,
  detect: async (input, view, { places }) => {
    const exceedance = input as Held<ExceedanceBody>
    const point = pointOf(exceedance)
    if (point === undefined) return []
    const { code: home } = places.countryAt(point)
    const contacts = await contactsOf(view.read, places.region, exceedance.record.origin)
    const found: Detection<NotificationBody>[] = []
    for (const neighbour of neighboursNear(point, home, places)) {
      const key = `${exceedance.record.id}:${neighbour.code}`
      const told = (await view.read({
        types: [notificationRecord.type],
        key,
      })) as readonly Held<NotificationBody>[]
      const earlier = told.find(({ record }) => record.origin === exceedance.record.origin)
      if (earlier !== undefined || isFresh(exceedance))
        found.push(
          draftOf({ exceedance, key, home, neighbour, nodes: nodesFor(contacts, neighbour), earlier }),
        )
    }
    return found
  },
}

const isFresh = ({ record, receivedAt }: Held<ExceedanceBody>): boolean =>
  record.body.state !== 'withdrawn' &&
  plusMs(record.body.until, notificationParameters.freshHours.value * 3_600_000) >= receivedAt

type Neighbour = { readonly code: string; readonly km: number }

function neighboursNear(point: LonLat, home: string | undefined, places: Places): readonly Neighbour[] {
  return places
    .countriesWithin(point, km(notificationParameters.distance.value))
    .filter(({ code }) => code !== home)
}

type Telling = {
  readonly exceedance: Held<ExceedanceBody>
  readonly key: string
  readonly home: string | undefined
  readonly neighbour: Neighbour
  readonly nodes: readonly string[]
  readonly earlier: Held<NotificationBody> | undefined
}

const nodesFor = (contacts: readonly PointOfContact[], { code }: Neighbour): readonly string[] => [
  ...new Set(contactsFor(contacts, 'environment', code).flatMap(({ nodes }) => nodes)),
]

function draftOf({ exceedance, key, home, neighbour, nodes, earlier }: Telling): Detection<NotificationBody> {
  const { id, version, body, place } = exceedance.record
  const { series, station, property, limit, peak, peakAt, state } = body
  const openedAt = earlier?.record.body.openedAt ?? exceedance.receivedAt
  const dueAt = earlier?.record.body.dueAt ?? plusMs(openedAt, hoursToAcknowledge(limit.kind) * 3_600_000)
  return {
    key,
    valid: { from: body.from, until: body.until },
    ...(place && { place }),
    links: [
      { type: 'about', id },
      { type: 'derivedFrom', id, version },
    ],
    body: {
      exceedance: id,
      series,
      station,
      property,
      limit,
      ...(home === undefined ? {} : { from: home }),
      to: neighbour.code,
      nodes: [...(earlier?.record.body.nodes ?? nodes)],
      distanceKm: Math.round(neighbour.km * 10) / 10,
      peak,
      peakAt,
      openedAt,
      dueAt,
      state,
    },
  }
}

function pointOf({ record: { place } }: Held): LonLat | undefined {
  const geometry = place?.geometry
  if (geometry?.type !== 'Point') return undefined
  const [lon, lat] = geometry.coordinates
  return lon === undefined || lat === undefined ? undefined : [lon, lat]
}
