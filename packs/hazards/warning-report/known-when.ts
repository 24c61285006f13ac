/** What reached this node when, from whom, under which credit, and which records that is. */
import type { Held } from '../../../engines/record/index.ts'
import { plain, quoted, type Section, said, time, type Words } from '../../../engines/report/index.ts'
import { type WarningBody, warningRecord } from '../../../engines/warn/index.ts'
import type { EarthquakeObservation } from '../records.ts'
import type { Matter } from './material.ts'

const mostRows = 80

export function knownWhenSection({ inputs, warnings }: Matter): Section<Words> {
  const came = [...inputs, ...warnings].toSorted((a, b) => a.index - b.index)
  return {
    id: 'known-when',
    heading: said('report.timeline'),
    blocks: [
      {
        kind: 'table',
        id: 'arrivals',
        caption: said('report.timeline'),
        head: [said('report.received'), said('report.agencies'), said('report.message')],
        rows: came.slice(-mostRows).map((held) => [time(held.receivedAt), whoOf(held), whatOf(held)]),
      },
    ],
  }
}

/** Any of these fields may be there, by the record's type. */
type Told = Partial<Pick<EarthquakeObservation, 'magnitude' | 'agency' | 'region'>> & {
  readonly title?: string
  readonly satellite?: string
  readonly sender?: string
  readonly texts?: { readonly headline?: Readonly<Record<string, string>> }
}

function whoOf({ record }: Held): Words {
  const { agency, satellite, sender } = (record.body ?? {}) as Told
  return plain(agency ?? satellite ?? sender ?? record.origin)
}

function whatOf({ record }: Held): Words {
  if (record.type === warningRecord.type)
    return quoted(
      Object.fromEntries(
        (record.body as WarningBody).infos.map(({ language, headline }) => [language, headline]),
      ),
    )
  const { magnitude, title, region, texts } = (record.body ?? {}) as Told
  const headline = texts?.headline
  if (headline && Object.keys(headline).length > 0) return quoted(headline)
  if (magnitude) return plain(`${magnitude.type} ${magnitude.mag.toFixed(1)}${region ? `, ${region}` : ''}`)
  return plain(title ?? region ?? `${record.type}, ${record.version}`)
}

export function sourcesSection({ event, related }: Matter): Section<Words> {
  const credits = [event, ...related].flatMap(({ record }) => record.attribution)
  const lines = [...new Set(credits.map(({ credit, licence }) => `${credit} (${licence})`))].sort()
  return {
    id: 'sources',
    heading: said('report.sources'),
    blocks: [{ kind: 'list', id: 'credits', items: lines.slice(0, 100).map(plain) }],
  }
}

export function recordsSection({ event, inputs, related }: Matter): Section<Words> {
  const newest = new Map([...inputs, event, ...related].map(({ record }) => [record.id, record]))
  return {
    id: 'records',
    heading: said('report.records'),
    blocks: [
      {
        kind: 'table',
        id: 'all',
        caption: said('report.records'),
        head: [said('report.records'), said('report.origin')],
        rows: [...newest.values()]
          .slice(-mostRows)
          .map(({ type, id, version, origin }) => [plain(`${type} ${id}@${version}`), plain(origin)]),
      },
    ],
  }
}
