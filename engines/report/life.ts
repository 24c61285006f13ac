/**
 * The life of an edition, as a pure function of its body and an act.
 *
 *     draft ─ edit, review → edited ─ edit, review → edited ─ issue → issued
 *     draft ─ issue → issued                                  issued: every act is refused
 *
 * People edit what is written for people: the title and the paragraphs. Lists, tables, facts and figures come from the
 * records: who finds one wrong corrects the record. An edit in a language takes back that somebody stood for its text.
 */
import type { Block, Section, Written } from './contract.ts'
import type { ReportBody, ReportText, Signed } from './records.ts'
import type { ReportRefusal } from './refusals.ts'

export type Act =
  | {
      readonly kind: 'edit'
      readonly language: string
      /** `title`, or `<section>.<block>`. */
      readonly block: string
      readonly text: string
      readonly by: Signed
    }
  | { readonly kind: 'review'; readonly language: string; readonly by: Signed }
  | { readonly kind: 'issue'; readonly by: Signed }

export type Step =
  | { readonly kind: 'next'; readonly body: ReportBody }
  | { readonly kind: 'refused'; readonly reason: ReportRefusal }

/** Longest text of a block, in UTF-16 units. */
export const longestText = 20_000

export function step(body: ReportBody, act: Act): Step {
  if (body.state === 'issued') return refused({ code: 'report/frozen', edition: body.edition })
  if (act.kind === 'issue') return { kind: 'next', body: { ...body, state: 'issued', issued: act.by } }
  const text = body.texts[act.language]
  if (!Object.hasOwn(body.texts, act.language) || !text)
    return refused({
      code: 'report/no-language',
      language: act.language,
      languages: Object.keys(body.texts).sort(),
    })
  if (act.kind === 'review') {
    const reviewed = { by: act.by.name, at: act.by.at }
    return { kind: 'next', body: withText(body, act.language, { ...text, reviewed }) }
  }
  return edited(body, text, act)
}

function edited(body: ReportBody, text: ReportText, act: Extract<Act, { kind: 'edit' }>): Step {
  const because = unfit(act.text)
  if (because !== undefined) return refused({ code: 'report/text-unfit', because })
  const blocks = editableBlocks(text)
  if (!blocks.includes(act.block)) return refused({ code: 'report/no-block', block: act.block, blocks })
  const { reviewed: _, ...rest } = text
  const changed: ReportText =
    act.block === 'title'
      ? { ...rest, title: { text: act.text.trim() } }
      : { ...rest, sections: rest.sections.map((section) => withEdit(section, act)) }
  const edits = [...body.edits, { ...act.by, language: act.language, block: act.block }]
  return { kind: 'next', body: { ...withText(body, act.language, changed), edits } }
}

const refused = (reason: ReportRefusal): Step => ({ kind: 'refused', reason })

const withText = (body: ReportBody, language: string, text: ReportText): ReportBody => ({
  ...body,
  state: 'edited',
  texts: { ...body.texts, [language]: text },
})

/** What people edit: the addresses of its texts. */
export const editableBlocks = ({ sections }: ReportText): readonly string[] => [
  'title',
  ...sections.flatMap(({ id, blocks }) =>
    blocks.flatMap((block) => (block.kind === 'paragraph' ? [`${id}.${block.id}`] : [])),
  ),
]

function unfit(text: string): string | undefined {
  if (text.length > longestText) return `it has more than ${longestText} characters`
  if (!text.isWellFormed()) return 'it is no well-formed Unicode'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text)) return 'it holds control characters'
  return undefined
}

function withEdit(section: Section<Written>, { block: address, text }: { block: string; text: string }) {
  const blocks = section.blocks.map(
    (block): Block<Written> =>
      block.kind === 'paragraph' && `${section.id}.${block.id}` === address
        ? { ...block, words: { text: text.trim() } }
        : block,
  )
  return { ...section, blocks }
}

/** Texts that were edited in some languages and not in others: they may say different things. */
export function unevenEdits(
  body: ReportBody,
): readonly { readonly block: string; readonly languages: readonly string[] }[] {
  const byBlock = Map.groupBy(body.edits, ({ block }) => block)
  const all = Object.keys(body.texts).length
  return [...byBlock].flatMap(([block, edits]) => {
    const languages = [...new Set(edits.map(({ language }) => language))].sort()
    return languages.length === all ? [] : [{ block, languages }]
  })
}
