import { writeFile } from 'node:fs/promises'
import { reportHtml, reportPdf } from '../../engines/report/index.ts'
import { type Command, Misused, text } from '../command.ts'
import { withNode } from '../with-node.ts'
import { reportIn } from './report-node.ts'

export const reportExport: Command = {
  name: 'report export',
  summary: 'Write a report into a file, as HTML or PDF.',
  teaches: [
    'In --language, else in English, else in the first that it has. The PDF is PDF/A-2b.',
    '',
    'Example: mosaic report export 3f2a9c --format pdf --language sq --into report.pdf',
  ].join('\n'),
  arguments: 'ID',
  takes: [1, 1],
  options: {
    format: { type: 'string', value: 'html|pdf', help: 'which (default html)' },
    language: { type: 'string', value: 'TAG', help: 'BCP 47 (default en)' },
    into: { type: 'string', value: 'FILE', help: 'the file; HTML goes to standard output without it' },
  },
  run: async (run) => {
    const format = text(run.values, 'format') ?? 'html'
    const language = text(run.values, 'language') ?? 'en'
    const into = text(run.values, 'into')
    if (format !== 'html' && format !== 'pdf')
      throw new Misused(`--format takes html or pdf, not "${format}".`)
    if (format === 'pdf' && into === undefined) throw new Misused('Say where the PDF goes with --into.')
    return withNode(run, async (node) => {
      const held = await reportIn(run, node.store)
      if (!held) return 1
      const sheets = { report: held.record, places: node.places }
      const html = () => Buffer.from(reportHtml({ ...sheets, language }))
      const bytes = format === 'html' ? html() : (await reportPdf(sheets, language)).bytes
      if (into === undefined) run.out.line(Buffer.from(bytes).toString('utf8').trimEnd())
      else {
        await writeFile(into, bytes)
        if (run.json) run.out.object({ file: into, bytes: bytes.length })
        else run.out.line(`${into}: ${bytes.length} bytes`)
      }
      return 0
    })
  },
}
