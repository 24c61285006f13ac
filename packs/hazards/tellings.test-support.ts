/** Reports and warnings of others for these tests, invented, and what fusion makes of them in a real store. */
import type { Geometry } from 'geojson'
import { type EventBody, fuseDecision, fuseProposal, fuseReactor } from '../../engines/fuse/index.ts'
import { openPlaces, type Places } from '../../engines/place/index.ts'
import {
  createRegistry,
  type Draft,
  type Held,
  instant,
  nodeId,
  type Realm,
  type RecordDefinition,
} from '../../engines/record/index.ts'
import { type OpenStore, settle } from '../../engines/store/index.ts'
import { aStore } from '../../engines/store/store.test-support.ts'
import { type NoticeBody, noticeRecord } from '../../engines/warn/index.ts'
import { see } from '../../regions/see/region.ts'
import { disastersIn } from './disasters/fusion.ts'
import { floodsIn } from './floods/fusion.ts'
import { type HazardFigures, hazardsEvent } from './records.ts'
import { type HazardReport, hazardsDetection, hazardsReport } from './report-records.ts'
import { weatherIn } from './weather/fusion.ts'

export const testing = 'test' as Realm
export const node = nodeId('durres.example')

let opened: Promise<Places> | undefined
export const seePlaces = (): Promise<Places> => {
  opened ??= openPlaces(see)
  return opened
}

/** Hours after 6:00 on 14 May 2026. */
export const hour = (hours: number) => instant(Date.UTC(2026, 4, 14, 6) + hours * 3_600_000)

/** A square of so many degrees around a point. */
export const square = (lon: number, lat: number, size = 0.2): Geometry => {
  const [w, e, s, n] = [lon - size / 2, lon + size / 2, lat - size / 2, lat + size / 2]
  return {
    type: 'Polygon',
    coordinates: [
      [
        [w, s],
        [e, s],
        [e, n],
        [w, n],
        [w, s],
      ],
    ],
  }
}

export type Reported = Partial<HazardReport> & {
  readonly id: string
  readonly at: readonly [lon: number, lat: number]
  readonly from?: number
  readonly until?: number
  readonly geometry?: Geometry
}

export function aReport({ id, at, from = 0, until, geometry, ...parts }: Reported): Draft<HazardReport> {
  return {
    type: hazardsReport.type,
    key: id,
    realm: testing,
    producer: { kind: 'source', name: 'gdacs' },
    attribution: [{ source: 'gdacs', licence: 'open', credit: 'GDACS' }],
    valid: { from: hour(from), ...(until === undefined ? {} : { until: hour(until) }) },
    place: { geometry: geometry ?? { type: 'Point', coordinates: [...at] } },
    body: {
      kind: 'flood',
      source: 'gdacs',
      agency: 'GDACS',
      eventId: id,
      ids: [`gdacs:${id}`],
      status: 'active',
      longitude: at[0],
      latitude: at[1],
      countries: [],
      severity: 'Severe',
      measures: [],
      updated: hour(from + 1),
      ...parts,
    },
  }
}

export type Noticed = {
  readonly id: string
  readonly country: string
  /** Meteoalarm's number: 12 flooding, 1 wind, 10 rain. */
  readonly type?: number
  readonly geometry?: Geometry
  readonly codes?: readonly string[]
  readonly from?: number
  readonly until?: number
  readonly parts?: Partial<NoticeBody>
}

export function aNotice({
  id,
  country,
  type = 12,
  geometry,
  codes = [],
  ...more
}: Noticed): Draft<NoticeBody> {
  const { from = 0, until = 24, parts = {} } = more
  const areas = codes.map((code) => ({ scheme: 'EMMA_ID', code }))
  const sent = hour(from - 3)
  const sender = `warnings@${country.toLowerCase()}.example`
  const triple = { sender, identifier: id, sent }
  return {
    type: noticeRecord.type,
    key: id,
    realm: testing,
    producer: { kind: 'method', name: 'warn/resolve', version: '1' },
    valid: { from: hour(from), until: hour(until) },
    ...(geometry === undefined && areas.length === 0
      ? {}
      : { place: { ...(geometry && { geometry }), ...(areas.length > 0 && { areas }) } }),
    body: {
      authority: {
        id: `${country.toLowerCase()}-weather`,
        isKnown: true,
        country,
        names: { en: `Weather service, ${country}` },
      },
      sender,
      state: 'in-force',
      status: 'Actual',
      kind: [{ scheme: 'awareness_type', code: String(type) }],
      level: { severity: 'Severe', urgency: 'Future', certainty: 'Likely' },
      texts: {
        event: { en: 'Orange warning' },
        headline: { en: `Orange warning for ${country}` },
        description: {},
        instruction: {},
        senderName: {},
        area: { en: `Area of ${id}` },
        web: {},
        contact: {},
      },
      expires: hour(until),
      expiresAssumed: false,
      areas: { codes: areas, polygons: [], circles: [] },
      slot: 'a'.repeat(40),
      group: `${country}|${type}|${from}|${until}`,
      messages: [{ key: `durres.example ${id}`, triple, role: 'first', because: 'earliest-known' }],
      dangling: [],
      holds: false,
      ...parts,
    },
  }
}

const own = [hazardsReport, hazardsDetection, hazardsEvent, fuseProposal, fuseDecision]
export const registry = createRegistry([...own, noticeRecord])
export const registryWith = (others: readonly RecordDefinition[]) => createRegistry([...own, ...others])

export type HazardEvent = Held<EventBody<HazardFigures>>

/** Appends one after the other, settles after each, and gives the events that stand. */
export async function eventsOf(drafts: readonly Draft[]): Promise<readonly HazardEvent[]> {
  await using open = await aStore({ registry })
  return await fused(open.store, drafts)
}

export async function fused(open: OpenStore, drafts: readonly Draft[]): Promise<readonly HazardEvent[]> {
  const places = await seePlaces()
  const reactors = [floodsIn(places), weatherIn(places), disastersIn(places)].map((rule) =>
    fuseReactor(rule, node),
  )
  for (const draft of drafts) {
    const [outcome] = await open.append([draft])
    if (outcome?.kind === 'refused') throw new Error(JSON.stringify(outcome))
  }
  await settle({ store: open, reactors, realm: testing, retryAfterMs: [] })
  if ((await open.quarantine.count()) > 0) throw new Error('something could not be digested')
  const all = (await open.read({ types: [hazardsEvent.type] })) as readonly HazardEvent[]
  return all.filter(({ record }) => record.body.state === 'active')
}

export const membersOf = (events: readonly HazardEvent[]): readonly number[] =>
  events.map(({ record }) => record.body.members.length).sort((a, b) => a - b)
