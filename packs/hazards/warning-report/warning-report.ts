/**
 * The warning report of an event of any hazard: what, where, how sure, what it may mean, which countries it touches, which
 * warnings stand, what is advised, what was known when, from whom.
 *
 * Figures are those of the records, rounded as the records' own faces round them; what is uncertain stands as a range.
 */
import {
  type Block,
  number,
  type Plan,
  plain,
  type ReportTemplate,
  range,
  type Section,
  said,
  time,
  type Words,
} from '../../../engines/report/index.ts'
import { hazardsEvent } from '../records.ts'
import { magnitudeFigure, mapFigure } from './figures.ts'
import { impactSection, neighboursSection } from './impact-sections.ts'
import { knownWhenSection, recordsSection, sourcesSection } from './known-when.ts'
import { type Matter, matterOf } from './material.ts'
import { adviceSection, warningsSection } from './warning-sections.ts'

export const warningReport: ReportTemplate = {
  name: 'hazards.warning-report',
  version: '1',
  title: { en: 'Warning report' },
  reads: [hazardsEvent.type],
  plan: (material) => {
    const matter = matterOf(material)
    return matter && planOf(matter)
  },
}

function planOf(matter: Matter): Plan {
  const { figures, countries, places } = matter
  return {
    title: said('report.title', {
      kind: said(`report.kind.${figures.kind}`),
      where: plain(whereOf(matter)),
      at: time(figures.time),
    }),
    sections: [
      whatSection(matter),
      whereSection(matter),
      certaintySection(matter),
      ...impactSection(matter),
      ...neighboursSection(matter),
      ...warningsSection(matter),
      ...adviceSection(matter),
      knownWhenSection(matter),
      sourcesSection(matter),
      recordsSection(matter),
    ],
    countries,
    timeZone: places.country(countries[0] ?? '')?.timeZone ?? 'UTC',
  }
}

export const whereOf = ({ near, figures: { region, latitude, longitude } }: Matter): string =>
  near?.town.name ?? region ?? `${latitude.toFixed(2)}, ${longitude.toFixed(2)}`

type Row = { readonly label: Words; readonly value: Words }
const row = (label: string, value: Words): Row => ({ label: said(`report.${label}`), value })
const facts = (rows: readonly Row[]): Block<Words> => ({ kind: 'facts', id: 'facts', rows })

function whatSection({ event, figures }: Matter): Section<Words> {
  const isEarthquake = figures.kind === 'earthquake'
  const rows = [
    row('hazard', said(`report.kind.${figures.kind}`)),
    row('time', time(figures.time)),
    ...(isEarthquake && figures.magnitude !== undefined
      ? [row('magnitude', number(figures.magnitude, 1, figures.magnitudeType))]
      : []),
    ...(isEarthquake ? [row('depth', number(figures.depth / 1000, 0, 'km'))] : []),
    ...(isEarthquake ? [] : otherRows(figures)),
  ]
  const taken: readonly Block<Words>[] =
    event.record.body.state === 'retracted'
      ? [{ kind: 'paragraph', id: 'retracted', words: said('report.retracted') }]
      : []
  return { id: 'what', heading: said('report.what'), blocks: [...taken, facts(rows)] }
}

function otherRows(figures: Exclude<Matter['figures'], { kind: 'earthquake' }>): readonly Row[] {
  const { title, status, severity, until, measures } = figures
  return [
    ...(title === undefined ? [] : [row('title.given', plain(title))]),
    row('status', said(`report.status.${status}`)),
    ...(until === undefined ? [] : [row('until', time(until))]),
    ...(severity === undefined ? [] : [row('severity', said(`report.severity.${severity}`))]),
    ...measures.map(({ name, unit, low, high }) => ({
      label: plain(name),
      value: range(low, high, Math.abs(high) < 100 ? 1 : 0, unit),
    })),
  ]
}

function whereSection(matter: Matter): Section<Words> {
  const { figures, near, countries } = matter
  const position = `${figures.latitude.toFixed(2)}°, ${figures.longitude.toFixed(2)}°`
  return {
    id: 'where',
    heading: said('report.where'),
    blocks: [
      facts([
        row('position', plain(position)),
        ...(near ? [row('nearest', plain(`${near.town.name}, ${Math.round(near.km)} km`))] : []),
        ...(countries.length === 0 ? [] : [row('countries', { kind: 'countries', codes: countries })]),
      ]),
      mapFigure(matter, whereOf(matter)),
    ],
  }
}

function certaintySection(matter: Matter): Section<Words> {
  const { figures, event } = matter
  const reports = event.record.body.members.filter(({ withdrawn }) => !withdrawn).length
  const isEarthquake = figures.kind === 'earthquake'
  const magnitudes = isEarthquake ? figures.magnitudeRange : undefined
  return {
    id: 'certainty',
    heading: said('report.certainty'),
    blocks: [
      facts([
        row('agencies', plain(figures.agencies.join(', '))),
        row('reports', number(reports)),
        ...(magnitudes ? [row('magnitudes', range(magnitudes[0], magnitudes[1], 1))] : []),
        ...(figures.spreadKm === undefined ? [] : [row('spread', number(figures.spreadKm, 0, 'km'))]),
        ...(isEarthquake ? [row('evaluation', said(`report.evaluation.${figures.mode}`))] : []),
      ]),
      { kind: 'paragraph', id: 'note', words: said('report.certainty.note') },
      ...magnitudeFigure(matter),
    ],
  }
}
