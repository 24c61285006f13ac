/**
 * GDACS as XML: its RSS (words in the namespace http://www.gdacs.org), its CAP-link RSS (a CAP message inside each item,
 * the same words as parameters), and one CAP message alone. CAP goes through the reader of CAP, which recovers values that
 * GDACS puts outside the namespace and withholds what is truncated; then the words are read as everywhere.
 */
import type { Polygon } from 'geojson'
import {
  type CapAlert,
  child,
  childrenNamed,
  readCap,
  readFeed,
  readXml,
  type XmlElement,
  xmlText,
} from '../../../../engines/formats/index.ts'
import type { IndexLink, Rejected } from '../../../../engines/ingest/index.ts'
import type { Issue } from '../../../../engines/record/index.ts'
import { numberIn } from './fields.ts'
import { type Figure, type GdacsWords, gdacsAlert, gdacsName } from './gdacs-alert.ts'
import { type Item, missing, type Read } from './report.ts'

export type GdacsXml = {
  readonly items: readonly Item[]
  readonly rejected: readonly Rejected[]
  readonly defects: readonly Issue[]
}

type FeedItem = { readonly element: XmlElement; readonly place: string; readonly words: GdacsWords }

export function readGdacsXml(bytes: Uint8Array): GdacsXml {
  const read = readXml(bytes)
  if (!read.ok) return refused(bytes, read.issue)
  if (read.root.name === 'alert') {
    const raw = () => new TextDecoder().decode(bytes)
    return { items: [{ read: fromCap(bytes, {}, ''), raw }], rejected: [], defects: [] }
  }
  const channel = read.root.name === 'rss' ? child(read.root, 'channel') : undefined
  if (channel === undefined) return refused(bytes, notGdacs(`/${read.root.name}`))
  const inline = new Map(readFeed(bytes).entries.map((entry) => [entry.place, entry.inline]))
  const items = itemsIn(channel).map(({ element, place, words }): Item => {
    const message = inline.get(place)
    return {
      read: message === undefined ? gdacsAlert(words, place) : fromCap(message, words, place),
      raw: () => xmlText(element),
    }
  })
  return { items, rejected: [], defects: [] }
}

const itemsIn = (channel: XmlElement): readonly FeedItem[] =>
  childrenNamed(channel, 'item').map((element, at) => ({
    element,
    place: `/rss/channel/item[${at + 1}]`,
    words: wordsOf(element),
  }))

const refused = (bytes: Uint8Array, issue: Issue): GdacsXml => ({
  items: [],
  rejected: [{ bytes, mediaType: 'application/xml', issues: [issue] }],
  defects: [],
})

const notGdacs = (place: string): Issue => ({
  rule: 'gdacs/unknown-document',
  place,
  message: 'This is neither the RSS of GDACS nor a CAP message; a page of error looks like this.',
})

const said = (item: XmlElement, name: string): string | undefined => child(item, name)?.text.trim()
const figureIn = (item: XmlElement, name: string): Figure => {
  const found = child(item, name)
  return found === undefined
    ? {}
    : { value: found.attributes.get('value'), unit: found.attributes.get('unit'), text: found.text }
}

function wordsOf(item: XmlElement): GdacsWords {
  const point = child(item, 'Point')
  const words = Object.fromEntries(
    (
      [
        'eventtype',
        'eventid',
        'episodeid',
        'title',
        'glide',
        'alertlevel',
        'alertscore',
        'episodealertlevel',
        'episodealertscore',
        'iscurrent',
        'fromdate',
        'todate',
        'datemodified',
      ] as const
    ).map((name) => [name, said(item, name)]),
  )
  const usgsId = usgsIdIn(item)
  return {
    ...words,
    published: said(item, 'pubDate'),
    countries: [said(item, 'country') || said(item, 'iso3') || ''],
    severity: figureIn(item, 'severity'),
    population: figureIn(item, 'population'),
    vulnerability: figureIn(item, 'vulnerability'),
    longitude: point && said(point, 'long'),
    latitude: point && said(point, 'lat'),
    url: said(item, 'link'),
    ...(usgsId === undefined ? {} : { usgsId }),
  }
}

/** GDACS names NEIC's shock only by the address of its page. */
function usgsIdIn(item: XmlElement): string | undefined {
  const resources = childrenNamed(child(item, 'resources') ?? item, 'resource')
  return resources
    .map(
      ({ attributes }) =>
        /earthquake\.usgs\.gov\/.*eventpage\/([a-z]{2}[a-z0-9]{4,20})/.exec(
          attributes.get('url')?.slice(0, 500) ?? '',
        )?.[1],
    )
    .find((id) => id !== undefined)
}

/** `around`: what the item of a feed says beside the message; CAP has no point. */
function fromCap(message: Uint8Array | string, around: Partial<GdacsWords>, place: string): Read {
  const verdict = readCap(message)
  if (verdict.verdict === 'withhold')
    return {
      issues: verdict.defects.map(({ rule, place: at, message: says }) => ({
        rule,
        place: `${place}${at}`,
        message: says,
      })),
    }
  const { alert } = verdict
  const info = alert.info[0]
  if (info === undefined) return { issues: [missing(place, 'name', 'The message has no info block.')] }
  const said = new Map(info.parameter.map(({ valueName, value }) => [valueName.toLowerCase(), value.trim()]))
  const read = gdacsAlert({ ...around, ...wordsOfCap(said, alert), ...placeOf(around, info) }, place)
  if ('issues' in read) return read
  // Its status says whether it is meant.
  const observed = alert.status === 'Actual' ? read.observed : { ...read.observed, isTest: true }
  return {
    observed,
    defects: [
      ...verdict.defects.map((defect) => ({ ...defect, place: `${place}${defect.place}` })),
      ...read.defects,
    ],
  }
}

function wordsOfCap(said: ReadonlyMap<string, string>, { identifier, info: [info] }: CapAlert) {
  const [, type, event, episode] = /^GDACS_([A-Z]{2})_(\d+)_(\d+)$/.exec(identifier) ?? []
  const severity = said.get('severity') ?? ''
  return {
    eventtype: said.get('eventtype') || type,
    eventid: said.get('eventid') || event,
    episodeid: said.get('currentepisodeid') || episode,
    title: info?.headline,
    glide: said.get('glide'),
    alertlevel: said.get('alertlevel'),
    fromdate: said.get('fromdate'),
    todate: said.get('todate'),
    datemodified: said.get('datemodified'),
    countries: [said.get('country') || said.get('iso3') || ''],
    severity: {
      value: numberIn(/([\d.]+)/.exec(severity)?.[1]),
      unit: /^Magnitude [\d.]+M/.test(severity) ? 'M' : '',
      text: severity,
    },
    population: { text: said.get('population') },
    vulnerability: { text: said.get('vulnerability') },
    url: said.get('link'),
  }
}

/** A circle of 100 km around a shock is no area of anything; other polygons are. */
function placeOf(around: Partial<GdacsWords>, { area }: CapAlert['info'][number]): Partial<GdacsWords> {
  const [ring] = area.flatMap(({ polygon }) => polygon)
  if (ring === undefined) return {}
  const polygon: Polygon = { type: 'Polygon', coordinates: [ring.map(([lat, lon]) => [lon, lat])] }
  if (around.longitude !== undefined) return { area: polygon }
  const middle = (at: 0 | 1) => {
    const values = ring.map((point) => point[at])
    return Number(((Math.min(...values) + Math.max(...values)) / 2).toFixed(3))
  }
  return { area: polygon, longitude: middle(1), latitude: middle(0) }
}

/** South East Europe and what surrounds it: [west, south, east, north]. */
const near = [0, 25, 50, 60] as const

/** The polygons of the newest episode, for what lies near and is no earthquake. */
export function gdacsAreaLinks(bytes: Uint8Array): readonly IndexLink[] {
  const read = readXml(bytes)
  const channel = read.ok ? child(read.root, 'channel') : undefined
  if (channel === undefined) return []
  return itemsIn(channel).flatMap(({ words, place }): readonly IndexLink[] => {
    const name = gdacsName(words)
    const episode = numberIn(words.episodeid)
    if (name === undefined || episode === undefined || name.startsWith('EQ') || !isNear(words)) return []
    const alert = gdacsAlert(words, place)
    if (!('observed' in alert)) return []
    const query = new URLSearchParams({
      eventtype: name.slice(0, 2),
      eventid: name.slice(2),
      episodeid: String(episode),
    })
    return [
      {
        id: name,
        url: `https://www.gdacs.org/gdacsapi/api/polygons/getgeometry?${query}`,
        updated: `${episode} ${words.datemodified ?? words.published ?? ''}`,
        about: alert.observed,
      },
    ]
  })
}

function isNear({ longitude, latitude }: GdacsWords): boolean {
  const [lon, lat] = [numberIn(longitude), numberIn(latitude)]
  const [west, south, east, north] = near
  return lon !== undefined && lat !== undefined && lon >= west && lon <= east && lat >= south && lat <= north
}
