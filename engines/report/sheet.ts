/** What is printed of a report: the text of one language, without what is empty, with its figures drawn. */
import type { Places } from '../place/index.ts'
import { inLanguage, type Language, type MosaicRecord } from '../record/index.ts'
import { type Block, mapBlock, type Section, type Written } from './contract.ts'
import { draw } from './drawing/index.ts'
import type { ReportBody, ReportText } from './records.ts'
import { utc } from './write.ts'

export type Sheet = {
  readonly language: Language
  readonly text: ReportText
  /** SVG by `<section>.<block>`. */
  readonly drawings: Readonly<Record<string, string>>
  /** How to cite it: whose record, which version. */
  readonly cite: string
}

export type Sheets = { readonly report: MosaicRecord<ReportBody>; readonly places: Places }

/** In the language asked for, else English, else the first there is. */
export function sheetOf(
  { report, places }: Sheets,
  asked: Language,
  spell: (text: string) => string = (text) => text,
): Sheet {
  const { texts } = report.body
  const found = inLanguage(
    Object.fromEntries(Object.keys(texts).map((language) => [language, language])),
    asked,
  )
  const language = found?.language ?? 'en'
  const text = spelt(texts[language] ?? nothing, spell)
  const drawings = Object.fromEntries(
    text.sections.flatMap(({ id, blocks }) =>
      blocks.flatMap((block) => {
        if (block.kind !== 'figure') return []
        const name = `${id}.${block.id}`
        return [
          [name, draw(block.figure, { places, id: `figure-${id}-${block.id}`, title: block.caption.text })],
        ]
      }),
    ),
  )
  return { language, text, drawings, cite: spell(citation(report)) }
}

const nothing: ReportText = { title: { text: '' }, head: [], sections: [], notes: [] }

/** `durres.example, report.report, 0f3c…@3, 2019-11-26 04:00 UTC`. */
const citation = ({ origin, type, id, version, body }: MosaicRecord<ReportBody>): string =>
  `${origin}, ${type}, ${id}@${version}, ${utc(body.issued?.at ?? body.drafted.at)}`

function spelt(text: ReportText, spell: (text: string) => string): ReportText {
  const write = (words: Written): Written => ({ ...words, text: spell(words.text) })
  return {
    ...text,
    title: write(text.title),
    head: text.head.map(write),
    ...(text.banner ? { banner: write(text.banner) } : {}),
    sections: text.sections.flatMap((section) => sectionOf(section, write)),
    notes: text.notes.map(write),
  }
}

function sectionOf(
  section: Section<Written>,
  write: (words: Written) => Written,
): readonly Section<Written>[] {
  const blocks = section.blocks.filter(hasContent).map((block) => mapBlock(block, write))
  return blocks.length === 0 ? [] : [{ ...section, heading: write(section.heading), blocks }]
}

function hasContent(block: Block<Written>): boolean {
  switch (block.kind) {
    case 'paragraph':
      return block.words.text !== ''
    case 'list':
      return block.items.length > 0
    case 'facts':
    case 'table':
      return block.rows.length > 0
    case 'figure':
      return true
  }
}
