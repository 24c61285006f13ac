/** Reports of the replayed Durrës earthquake, in the languages of those who read them; every person is invented. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exercise, type Held, instant, type MosaicRecord, type RecordId } from '../engines/record/index.ts'
import { type ReportBody, type Reports, reportHtml, reportPdf } from '../engines/report/index.ts'
import { reportsOf } from '../node.ts'
import { aPlayedNode, type PlayedNode } from '../server/builders.ts'
import { pagesIn, textIn } from './support/pdf.ts'

const realm = exercise('durres-2019')
const vera = { kind: 'person', name: 'Vera Hoxha', role: 'duty officer' } as const
const languages = ['en', 'sq', 'mk', 'el'] as const
/** When the first hour was over. */
const knownAt = instant('2019-11-26T04:00:00Z')
let played: PlayedNode
let reports: Reports
let subject: RecordId
let report: MosaicRecord<ReportBody>

beforeAll(async () => {
  played = await aPlayedNode()
  reports = reportsOf(played.node)
  subject = await mainShock()
  const drafted = await reports.draft({ subject, realm, by: vera, languages, knownAt })
  if (drafted.kind === 'refused') throw new Error(JSON.stringify(drafted.reason))
  const issued = await reports.act({ kind: 'issue', id: drafted.report.id, by: vera })
  if (issued.kind === 'refused') throw new Error(JSON.stringify(issued.reason))
  report = issued.report
}, 120_000)
afterAll(() => played?.[Symbol.asyncDispose]())

async function mainShock(): Promise<RecordId> {
  const events = await played.node.store.read({ types: ['hazards.event'], realm })
  const magnitudeOf = ({ record }: Held) =>
    (record.body as { figures?: { magnitude?: number } }).figures?.magnitude ?? 0
  const [strongest] = events.toSorted((a, b) => magnitudeOf(b) - magnitudeOf(a))
  if (!strongest) throw new Error('the scenario has no event')
  return strongest.record.id
}

const html = (language: string) => reportHtml({ report, places: played.node.places, language })

describe('a report of the Durrës earthquake', () => {
  test.each(languages)('says figures, ranges and credits in %s', (language) => {
    const page = html(language)

    expect(page).toContain(`<html lang="${language}">`)
    expect(page).toMatch(/6[.,]4/)
    expect(page).toContain('Durrës')
    expect(page).toContain('U.S. Geological Survey')
    expect(page).toContain('CC BY 4.0')
    expect(page).toContain(`${report.id}@${report.version}`)
  })

  test.each(languages)('is a PDF in %s whose words can be read out of it', async (language) => {
    const { bytes, pages } = await reportPdf({ report, places: played.node.places }, language)
    const title = report.body.texts[language]?.title.text ?? ''

    expect(pages).toBeGreaterThan(1)
    expect(pagesIn(bytes)).toBe(pages)
    expect(textIn(bytes)).toContain(title.split(':')[0])
    expect(textIn(bytes)).toContain('U.S. Geological Survey')
  })
})
