import { unevenEdits } from '../../engines/report/index.ts'
import { reportsOf } from '../../node.ts'
import { type Command, Misused, text, type Values } from '../command.ts'
import { readFileOf } from '../read-file.ts'
import { withNode } from '../with-node.ts'
import { answer, asOption, personIn, reportIn } from './report-node.ts'

export const reportEdit: Command = {
  name: 'report edit',
  summary: 'Write a text of a report, or stand for the texts of a language, by name.',
  teaches: [
    'BLOCK is what mosaic report show names: title, or a paragraph; remarks.text is for what only people know. Tables and',
    'figures come from the records. --reviewed says that you have read the report in that language and stand for its words;',
    'a later edit takes that back. --version refuses when somebody was faster.',
    '',
    'Example: mosaic report edit 3f2a9c --language sq --block remarks.text --text "…" --as "Vera Hoxha"',
  ].join('\n'),
  arguments: 'ID',
  takes: [1, 1],
  options: {
    ...asOption,
    language: { type: 'string', value: 'TAG', help: 'BCP 47' },
    block: { type: 'string', value: 'BLOCK', help: 'which text' },
    text: { type: 'string', value: 'TEXT', help: 'what it shall say' },
    file: { type: 'string', value: 'FILE', help: 'the same, from a file' },
    reviewed: { type: 'boolean', help: 'you stand for the words of this language' },
    version: { type: 'string', value: 'N', help: 'the version that you saw' },
  },
  run: async (run) => {
    const { values } = run
    const by = personIn(values)
    const language = text(values, 'language')
    if (language === undefined) throw new Misused('Say in which language: --language.')
    const edit = await editIn(values)
    const version = versionIn(values)
    return withNode(run, async (node) => {
      const held = await reportIn(run, node.store)
      if (!held) return 1
      const common = { id: held.record.id, by, language, ...(version === undefined ? {} : { version }) }
      const outcome = await reportsOf(node).act(
        edit ? { ...common, kind: 'edit', ...edit } : { ...common, kind: 'review' },
      )
      return answer(run, outcome)
    })
  },
}

export const reportIssue: Command = {
  name: 'report issue',
  summary: 'Issue a report in your name. It then stays as it is; the next draft is the next edition.',
  teaches: [
    'What it rests on says who may have it: of public records it is public. Texts that nobody has reviewed say so.',
    '',
    'Example: mosaic report issue 3f2a9c --as "Vera Hoxha" --role "duty officer"',
  ].join('\n'),
  arguments: 'ID',
  takes: [1, 1],
  options: { ...asOption, version: { type: 'string', value: 'N', help: 'the version that you saw' } },
  run: async (run) => {
    const by = personIn(run.values)
    const version = versionIn(run.values)
    return withNode(run, async (node) => {
      const held = await reportIn(run, node.store)
      if (!held) return 1
      for (const { block, languages } of unevenEdits(held.record.body))
        run.out.say(`${block} was edited in ${languages.join(', ')} only: do the languages say the same?`)
      const seen = version === undefined ? {} : { version }
      return answer(run, await reportsOf(node).act({ kind: 'issue', id: held.record.id, by, ...seen }))
    })
  },
}

function versionIn(values: Values): number | undefined {
  const value = text(values, 'version')
  if (value === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new Misused(`--version takes a whole number, not "${value}".`)
  return Number(value)
}

/** What is to be written where; undefined: somebody stands for what is. */
async function editIn(
  values: Values,
): Promise<{ readonly block: string; readonly text: string } | undefined> {
  const [block, words, file] = ['block', 'text', 'file'].map((name) => text(values, name))
  const isReview = values['reviewed'] === true
  if (isReview !== (block === undefined)) throw new Misused('Say --block with its text, or --reviewed.')
  if (block === undefined) return undefined
  if ((words === undefined) === (file === undefined)) throw new Misused('Say the text with --text or --file.')
  return {
    block,
    text: words ?? (await new TextDecoder('utf-8', { fatal: false }).decode(await readFileOf(file ?? ''))),
  }
}
