/**
 * A list of areas was imported, or corrected: the notices that name its codes get their place anew, with the credit of
 * the shapes they now have. Only those that still hold when the area is recorded; what is over keeps what was known then.
 */
import { isDeepStrictEqual } from 'node:util'
import { placeArea } from '../../place/index.ts'
import { canonical, type Draft, type Held, type NodeId } from '../../record/index.ts'
import type { ReactorView } from '../../store/index.ts'
import { placing } from './notice-place.ts'
import { type NoticeBody, noticeRecord } from './records.ts'
import { type AreaLookup, counts, type HeldArea, heldAreas } from './where.ts'

type HeldNotice = Held<NoticeBody>
type Around = {
  readonly view: Pick<ReactorView, 'read'>
  readonly node: NodeId
  readonly lookup: AreaLookup
}

export async function replacedBy(area: HeldArea, around: Around): Promise<readonly Draft<NoticeBody>[]> {
  const { view, node, lookup } = around
  if (!counts(area, node)) return []
  const notices = (await view.read({
    types: [noticeRecord.type],
    matching: { kind: 'area-in', areas: lookup.reader.writtenAs(area.record.body) },
    validFrom: area.record.recordedAt,
  })) as readonly HeldNotice[]
  const own = notices.filter(({ record }) => record.origin === node && record.body.goesOnAs === undefined)
  if (own.length === 0) return []
  const codes = own.flatMap(({ record }) => record.body.areas.codes)
  const placeOf = placing(await heldAreas(codes, lookup, { view, node }), lookup)
  const earlier = await areasBehind(own, view)
  return own.flatMap(({ record }) => {
    const { type, key, realm, producer, valid } = record
    const { areaFallback: before, ...body } = record.body
    const placed = placeOf(body.areas, valid.from, body.authority.country)
    const messages = record.links.filter(({ id }) => !earlier.has(id))
    const links = [...messages, ...placed.links]
    const isSame =
      isDeepStrictEqual(links, record.links) &&
      isDeepStrictEqual(placed.areaFallback, before ?? []) &&
      canonical(placed.place ?? null) === canonical(record.place ?? null)
    if (isSame) return []
    const next: NoticeBody =
      placed.areaFallback.length === 0 ? body : { ...body, areaFallback: placed.areaFallback }
    return [
      { type, key, realm, producer, valid, ...(placed.place && { place: placed.place }), links, body: next },
    ]
  })
}

/** Of what the notices follow from, the areas. */
async function areasBehind(
  notices: readonly HeldNotice[],
  view: Pick<ReactorView, 'read'>,
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(notices.flatMap(({ record }) => record.links.map(({ id }) => id)))]
  const areas = await view.read({ types: [placeArea.type], ids })
  return new Set(areas.map(({ record }) => record.id))
}
