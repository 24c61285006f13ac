/**
 * The frame that JSON event feeds share: one document, items in it, each taken or rejected by itself.
 */
import { jsonLimits, readJson } from '../json.ts'
import type { RejectedSeismic, SeismicEvent, SeismicRead, SeismicReadOptions } from './event.ts'
import { isObject, type JsonObject } from './json-fields.ts'
import { type Findings, findingsAt, issueOf, rejectedItem, verify } from './verify.ts'

export type JsonItem = {
  readonly value: unknown
  readonly place: string
  /** The frame around the item says that the agency took it back. */
  readonly isWithdrawn?: boolean
}

/** Reads one item; undefined when `findings.issues` says why not. */
export type ItemReader = (item: JsonObject, findings: Findings) => SeismicEvent | undefined

export function readJsonItems(
  bytes: Uint8Array,
  options: SeismicReadOptions,
  itemsOf: (document: unknown) => readonly JsonItem[] | undefined,
  readItem: ItemReader,
): SeismicRead {
  const maxBytes = options.maxBytes ?? jsonLimits.maxBytes
  const json = readJson(bytes, { ...jsonLimits, maxBytes })
  if (!json.ok) return wholeRejected(bytes, [json.issue])
  const items = itemsOf(json.value)
  if (items === undefined) {
    const message = 'A GeoJSON FeatureCollection or Feature of events was expected.'
    return wholeRejected(bytes, [issueOf('seismic/unknown-document', '', json.value, message)])
  }
  const read = items.map((item) => readOne(item, options, readItem))
  return {
    events: read.flatMap(({ event }) => (event === undefined ? [] : [event])),
    rejected: read.flatMap(({ rejected }) => (rejected === undefined ? [] : [rejected])),
    defects: [...json.defects, ...read.flatMap(({ defects }) => defects)],
  }
}

export const wholeRejected = (raw: Uint8Array, issues: RejectedSeismic['issues']): SeismicRead => ({
  events: [],
  rejected: [{ place: '', raw, issues }],
  defects: [],
})

/** The features of a FeatureCollection, or one Feature alone. */
export function featuresOf(document: unknown, at = ''): readonly JsonItem[] | undefined {
  if (!isObject(document)) return undefined
  if (document.type === 'Feature') return [{ value: document, place: at }]
  const features = document.features
  if (document.type !== 'FeatureCollection' || !Array.isArray(features)) return undefined
  return features.map((value: unknown, index) => ({ value, place: `${at}/features/${index}` }))
}

function readOne(
  { value, place, isWithdrawn = false }: JsonItem,
  options: SeismicReadOptions,
  readItem: ItemReader,
): { event?: SeismicEvent; rejected?: RejectedSeismic; defects: Findings['defects'] } {
  const findings = findingsAt(place)
  if (!isObject(value) || value.type !== 'Feature') {
    findings.issues.push(
      issueOf('seismic/not-a-feature', findings.place, value, 'A GeoJSON Feature was expected.'),
    )
  }
  const event = isObject(value) ? readItem(value, findings) : undefined
  if (event !== undefined) verify(event, options.receivedAt, findings)
  if (event === undefined || findings.issues.length > 0) {
    return { rejected: rejectedItem(JSON.stringify(value), findings), defects: [] }
  }
  const status = isWithdrawn ? { evaluationStatus: 'rejected' as const } : {}
  return { event: { ...event, ...status }, defects: findings.defects }
}
