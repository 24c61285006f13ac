/**
 * OpenAQ, worked: `/v3/locations` of the area that the operator's address names is the index, and each location's newest
 * values are fetched as the list says that they changed. The key stands in the operator's settings and goes to the host of
 * that address alone. Of 60 requests a minute and 2,000 an hour at most 200 are made every ten minutes, one at a time.
 */
import { readJson } from '../../../engines/formats/index.ts'
import type { IndexLink, PartnerSource, Payload } from '../../../engines/ingest/index.ts'
import { openAqAttribution, openAqDecoder, readOpenAqLocations } from './openaq.ts'

const mediaType = 'application/json'

export const openAq: PartnerSource = {
  id: 'openaq',
  title: { en: 'OpenAQ air quality' },
  open: ({ url, credentials }) => ({
    id: 'openaq',
    title: { en: 'OpenAQ air quality' },
    transport: {
      kind: 'http',
      url,
      intervalMs: 10 * 60_000,
      timeoutMs: 30_000,
      maxBytes: 16 * 1024 * 1024,
      accept: mediaType,
      credentials,
    },
    attribution: openAqAttribution,
    index: {
      links: latestOf,
      hosts: [],
      accept: mediaType,
      maxBytes: 1024 * 1024,
      maxPerPoll: 200,
      atOnce: 1,
    },
    decode: (payload) => openAqDecoder(stationsIn(payload.about))(payload),
  }),
}

/** A list that cannot be read names nothing; that it could not is said where it is decoded. */
function latestOf({ bytes }: Pick<Payload, 'bytes'>): readonly IndexLink[] {
  const json = readJson(bytes)
  const results = json.ok ? (json.value as { readonly results?: unknown } | null)?.results : undefined
  return (Array.isArray(results) ? results : []).flatMap((location: unknown) => {
    const { id, datetimeLast } = (location ?? {}) as {
      readonly id?: unknown
      readonly datetimeLast?: { readonly utc?: unknown } | null
    }
    if (typeof id !== 'number' || !Number.isSafeInteger(id)) return []
    const updated = datetimeLast?.utc
    return [
      {
        id: `location ${id}`,
        url: `/v3/locations/${id}/latest`,
        ...(typeof updated === 'string' && { updated }),
        about: location,
      },
    ]
  })
}

const stationsIn = (location: unknown) =>
  location === undefined
    ? undefined
    : readOpenAqLocations(new TextEncoder().encode(JSON.stringify({ results: [location] }))).stations
