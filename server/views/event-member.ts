/**
 * One member of an event: a report, what a sensor detected, or a warning of another authority. Bodies are read by their
 * field's standard names (QuakeML 1.2, CAP 1.2) and shape, whichever pack declares them; what a body lacks is left out.
 */
import type { EventBody } from '../../engines/fuse/index.ts'
import { type Held, instant, millis, type RecordId } from '../../engines/record/index.ts'
import { type NoticeBody, noticeRecord } from '../../engines/warn/index.ts'
import type { Measure, Member } from '../schemas/index.ts'
import { told } from './event.ts'

type Figures = Member['revisions'][number]['figures']

/** Of an earthquake, a disaster system's report, a satellite's pass. */
type Observed = {
  readonly agency?: string
  readonly eventId?: string
  readonly source?: string
  readonly region?: string
  readonly title?: string
  readonly origin?: {
    readonly time?: string
    readonly latitude?: number
    readonly longitude?: number
    readonly depth?: number
  }
  readonly latitude?: number
  readonly longitude?: number
  readonly magnitude?: { readonly mag?: number; readonly type?: string }
  readonly evaluationMode?: string
  readonly evaluationStatus?: string
  readonly status?: string
  readonly severity?: string
  readonly level?: { readonly scheme?: string; readonly value?: string; readonly score?: number }
  readonly probability?: number
  readonly measures?: readonly { readonly name: string; readonly unit: string; readonly value: number }[]
  readonly url?: string
  readonly instrument?: string
  readonly satellite?: string
  readonly acquired?: string
  readonly pixels?: readonly Pixel[]
}
type Pixel = { readonly latitude: number; readonly longitude: number; readonly frp?: number }

export function memberOf(id: RecordId, event: Held<EventBody>, reports: readonly Held[]): Member {
  const revisions = reports.filter(({ record }) => record.id === id)
  const newest = revisions.at(-1)?.record
  const said = named(newest)
  return {
    id,
    type: newest?.type ?? '',
    as: partOf(newest),
    source: said.source ?? newest?.key.split(':')[0] ?? '',
    agency: said.agency ?? '',
    sourceEventId: said.eventId ?? newest?.key ?? '',
    isPreferred: told(event.record.body).preferred === id,
    ...(said.region === undefined ? {} : { region: said.region }),
    attribution: [...(newest?.attribution ?? [])],
    revisions: revisions.map(({ record, receivedAt, withheld }) => {
      const figures = figuresOf(record)
      return {
        version: record.version,
        receivedAt,
        ...(withheld ? { withheld: [...withheld] } : {}),
        delayMs: millis(receivedAt) - millis(instant(figures.time)),
        figures,
      }
    }),
  }
}

type SomeRecord = Held['record']

function partOf(record: SomeRecord | undefined): Member['as'] {
  if (record?.type === noticeRecord.type) return 'warning'
  return record && observed(record).pixels ? 'detection' : 'report'
}

const observed = (record: SomeRecord): Observed => told(record.body as Observed)

function named(record: SomeRecord | undefined): Pick<Observed, 'source' | 'agency' | 'eventId' | 'region'> {
  if (!record) return {}
  if (record.type !== noticeRecord.type) {
    const { source, agency, eventId, region, satellite, instrument } = observed(record)
    const pass = [satellite, instrument].filter(Boolean).join(' ')
    return {
      ...(source === undefined ? {} : { source }),
      ...(agency === undefined ? {} : { agency }),
      ...(eventId !== undefined ? { eventId } : pass ? { eventId: pass } : {}),
      ...(region === undefined ? {} : { region }),
    }
  }
  const { authority, sender, messages = [] } = told(record.body as NoticeBody)
  const names = authority?.names ?? {}
  return {
    source: sender ?? '',
    agency: names['en'] ?? Object.values(names)[0] ?? authority?.id ?? '',
    eventId: messages.at(-1)?.triple.identifier ?? record.key,
  }
}

function figuresOf(record: SomeRecord): Figures {
  return record.type === noticeRecord.type ? noticed(record) : reported(record)
}

function noticed({ body, valid }: SomeRecord): Figures {
  const { level, state, texts, onset } = told(body as NoticeBody)
  const title = { ...(texts?.headline ?? {}) }
  return {
    time: onset ?? valid.from,
    title: Object.keys(title).length > 0 ? title : { ...texts?.event },
    ...(level === undefined ? {} : { severity: level.severity }),
    ...(level?.own === undefined ? {} : { ownLevel: level.own.text }),
    ...(state === undefined ? {} : { status: state }),
  }
}

function reported(record: SomeRecord): Figures {
  const body = observed(record)
  const { origin, magnitude, evaluationMode, pixels, level } = body
  const [first] = pixels ?? []
  const latitude = origin?.latitude ?? body.latitude ?? first?.latitude
  const longitude = origin?.longitude ?? body.longitude ?? first?.longitude
  const status = body.evaluationStatus ?? body.status
  const measures = pixels ? seenIn(pixels) : body.measures?.map(single)
  return {
    time: origin?.time ?? body.acquired ?? record.valid.from,
    ...(latitude === undefined ? {} : { latitude }),
    ...(longitude === undefined ? {} : { longitude }),
    ...(body.title === undefined ? {} : { title: { und: body.title } }),
    ...(body.severity === undefined ? {} : { severity: body.severity }),
    ...(level === undefined ? {} : { ownLevel: [level.scheme, level.value].filter(Boolean).join(' ') }),
    ...(body.probability === undefined ? {} : { probability: body.probability }),
    ...(measures ? { measures } : {}),
    ...(body.url !== undefined && /^https?:\/\//i.test(body.url) ? { url: body.url } : {}),
    ...(origin?.depth === undefined ? {} : { depthKm: Math.round(origin.depth / 100) / 10 }),
    ...(magnitude?.mag === undefined ? {} : { magnitude: magnitude.mag }),
    ...(magnitude?.type === undefined ? {} : { magnitudeType: magnitude.type }),
    ...(evaluationMode === undefined ? {} : { mode: evaluationMode }),
    ...(status === undefined ? {} : { status }),
  }
}

const single = ({ name, unit, value }: NonNullable<Observed['measures']>[number]): Measure => ({
  name,
  unit,
  range: [value, value],
})

/** Hot spots of one pass: how many, and their fire radiative power together. */
function seenIn(pixels: readonly Pixel[]): Measure[] {
  const power = Math.round(10 * pixels.reduce((sum, { frp = 0 }) => sum + frp, 0)) / 10
  return [
    { name: 'hot spots', unit: '1', range: [pixels.length, pixels.length] },
    ...(power > 0
      ? [{ name: 'fire radiative power', unit: 'MW', range: [power, power] as [number, number] }]
      : []),
  ]
}
