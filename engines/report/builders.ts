/** What the tests of reports do not care about: a plan that is sound, texts for it, a report made of it. */
import { actual, instant, type MosaicRecord, nodeId, type RecordId } from '../record/index.ts'
import type { Catalogue } from '../warn/index.ts'
import { number, type Plan, plain, range, said, time } from './contract.ts'
import type { ReportBody, ReportText } from './records.ts'

export const at = instant('2026-03-01T06:00:00Z')
export const anId = '0'.repeat(40) as RecordId

const entries = (texts: Readonly<Record<string, string>>): Catalogue['messages'] =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, { text }]))

const english: Catalogue = {
  language: 'en',
  locale: 'en-GB',
  messages: entries({
    'common.exercise': 'EXERCISE',
    'common.exercise.note': 'This is an exercise.',
    'common.test.note': 'This is a test.',
    'common.unreviewed': 'This text has not been reviewed.',
    'report.state.draft': 'Draft, not issued.',
    'report.state.edited': 'Edited draft, not issued.',
    'report.state.issued': 'Issued by {publisher}: {who}, {at, date, ::yMMMMd} ({atOffset}).',
    'report.edition': 'Edition {edition, number}, {asOf, date, ::yMMMMdHHmm} ({asOfOffset}).',
    'report.reviewed': 'Reviewed by {who}.',
    'report.remarks': 'Remarks',
    'water.title': 'High water: {where}',
    'water.level': 'Level',
    'water.only-english': 'Only in English: {what}',
  }),
}
const albanian: Catalogue = {
  language: 'sq',
  messages: entries({
    'report.state.draft': 'Projekt, i palëshuar.',
    'report.edition': 'Botimi {edition, number}, {asOf, date, ::yMMMMdHHmm} ({asOfOffset}).',
    'water.title': 'Ujë i lartë: {where}',
    'water.level': 'Niveli',
  }),
}
export const catalogues: Readonly<Record<string, Catalogue>> = { en: english, sq: albanian }

export const aPlan = (parts: Partial<Plan> = {}): Plan => ({
  title: said('water.title', { where: plain('Ura e Zogut') }),
  sections: [
    {
      id: 'what',
      heading: said('water.level'),
      blocks: [
        { kind: 'paragraph', id: 'note', words: said('water.only-english', { what: 'stays' }) },
        {
          kind: 'facts',
          id: 'facts',
          rows: [
            { label: said('water.level'), value: range(3.2, 4.1, 1, 'm') },
            { label: plain('Q'), value: number(12_400) },
            { label: plain('t'), value: time(at) },
          ],
        },
      ],
    },
  ],
  countries: ['AL'],
  timeZone: 'Europe/Tirane',
  ...parts,
})

/** A text whose every string is this one. */
export const aText = (text: string): ReportText => {
  const words = { text }
  return {
    title: words,
    head: [words],
    banner: words,
    sections: [
      {
        id: 'all',
        heading: words,
        blocks: [
          { kind: 'paragraph', id: 'p', words },
          { kind: 'list', id: 'l', items: [words] },
          { kind: 'facts', id: 'f', rows: [{ label: words, value: words }] },
          { kind: 'table', id: 't', caption: words, head: [words, words], rows: [[words, words]] },
          {
            kind: 'figure',
            id: 'spans',
            caption: words,
            figure: {
              kind: 'spans',
              asOf: at,
              rows: [{ label: words, spans: [{ from: at, until: at, isOver: false }] }],
            },
          },
        ],
      },
    ],
    notes: [words],
  }
}

export const aBody = (parts: Partial<ReportBody> = {}): ReportBody => ({
  template: { name: 'water.report', version: '1' },
  edition: 1,
  state: 'draft',
  subject: { id: anId, version: 1 },
  asOf: at,
  drafted: { name: 'Vera Hoxha', at },
  edits: [],
  timeZone: 'Europe/Tirane',
  texts: { en: aText('High water'), sq: aText('Ujë i lartë') },
  rests: [],
  ...parts,
})

export const aReportOf = (body: ReportBody): MosaicRecord<ReportBody> => ({
  id: anId,
  version: 2,
  type: 'report.report',
  schemaVersion: 1,
  origin: nodeId('durres.example'),
  key: 'water.report',
  realm: actual,
  producer: { kind: 'person', name: 'Vera Hoxha' },
  attribution: [],
  recordedAt: at,
  valid: { from: at },
  handling: { tlp: 'TLP:CLEAR' },
  links: [],
  body,
})
