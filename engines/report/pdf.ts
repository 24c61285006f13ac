/**
 * A report as PDF, set by Typst inside this process: PDF/A-2b (ISO 19005-2), all fonts embedded, no network, no file
 * read. PDF/A refuses a character without a glyph, so a page with boxes cannot leave. Equal records are equal bytes: the
 * only time in the file is the report's own.
 */
import { fileURLToPath } from 'node:url'
import { type Instant, type Language, MosaicError } from '../record/index.ts'
import type { Block, Written } from './contract.ts'
import { type Sheet, type Sheets, sheetOf } from './sheet.ts'
import { spellForPrint } from './spell.ts'
import { typstLayout } from './typst.ts'

export class ReportUnprintable extends MosaicError {
  override readonly name = 'ReportUnprintable'
  override readonly code = 'report/unprintable'
}

export type Pdf = { readonly bytes: Uint8Array; readonly pages: number }

export async function reportPdf(sheets: Sheets, language: Language): Promise<Pdf> {
  const { body } = sheets.report
  const sheet = sheetOf(sheets, language, spellForPrint)
  const at = body.issued?.at ?? body.drafted.at
  return typeset(
    JSON.stringify({
      ...sheet.text,
      language: sheet.language,
      cite: sheet.cite,
      issued: body.state === 'issued',
      date: partsOf(at),
      sections: sheet.text.sections.map(({ id, heading, blocks }) => ({
        heading,
        blocks: blocks.map((block) => drawn(block, sheet, id)),
      })),
    }),
  )
}

const drawn = (block: Block<Written>, { drawings }: Sheet, section: string): object =>
  block.kind === 'figure'
    ? { kind: block.kind, caption: block.caption, svg: drawings[`${section}.${block.id}`] }
    : block

/** Year, month, day, hour, minute, second. */
const partsOf = (at: Instant): readonly number[] => at.match(/\d+/g)?.slice(0, 6).map(Number) ?? []

/** The compiler is large and native, so it is loaded with the first PDF, and kept. */
let compiler: Promise<InstanceType<Compiler>> | undefined
type Compiler = typeof import('@myriaddreamin/typst-ts-node-compiler')['NodeCompiler']

async function compilerOf(): Promise<InstanceType<Compiler>> {
  try {
    const { NodeCompiler } = await import('@myriaddreamin/typst-ts-node-compiler')
    return NodeCompiler.create({ workspace: nowhere })
  } catch (cause) {
    throw new ReportUnprintable(
      'The typesetter cannot be loaded on this machine; take the HTML and print it from a browser.',
      { cause },
    )
  }
}

/** A folder that is not there: were a file asked for, none would be found. */
const nowhere = fileURLToPath(new URL('no-files-for-the-typesetter', import.meta.url))

async function typeset(data: string): Promise<Pdf> {
  compiler ??= compilerOf()
  const typst = await compiler
  const outcome = typst.compile({ mainFileContent: typstLayout, inputs: { data } })
  try {
    if (!outcome.result) throw new Error(JSON.stringify(outcome.takeDiagnostics()?.shortDiagnostics ?? []))
    const bytes = typst.pdf(outcome.result, { pdfStandard: 'a-2b' })
    return { bytes, pages: outcome.result.numOfPages }
  } catch (cause) {
    throw new ReportUnprintable(
      'The report cannot be set as PDF; take the HTML, and tell whoever keeps the templates.',
      { cause },
    )
  } finally {
    typst.evictCache(3)
  }
}
