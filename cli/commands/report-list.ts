import { editableBlocks, type ReportText, reportRecord, unevenEdits } from '../../engines/report/index.ts'
import { type Command, text } from '../command.ts'
import { table } from '../output.ts'
import { realmOf, realmOption } from '../realm.ts'
import { noteGiven } from '../trail.ts'
import { withNode } from '../with-node.ts'
import { type HeldReport, reportIn, shortly } from './report-node.ts'

export const reportList: Command = {
  name: 'report list',
  summary: 'List reports, the newest first.',
  teaches: 'Newest first, with edition, state and languages. With --json each is its whole record.',
  takes: [0, 0],
  options: { realm: realmOption },
  run: (run) => {
    const realm = realmOf(run.values)
    return withNode(run, async (node) => {
      const held = (await node.store.read({
        ...{ types: [reportRecord.type], realm, order: '-index' },
      })) as readonly HeldReport[]
      await noteGiven(run, node, { act: 'search', held })
      if (run.json) for (const { record } of held) run.out.object(record)
      else for (const line of table(held.map(rowOf))) run.out.line(line)
      return 0
    })
  },
}

const rowOf = ({ record: { id, version, body, origin } }: HeldReport): readonly string[] => [
  `${id}@${version}`,
  body.state,
  `edition ${body.edition}`,
  Object.keys(body.texts).sort().join(' '),
  origin,
  (body.texts['en'] ?? Object.values(body.texts)[0])?.title.text ?? '',
]

export const reportShow: Command = {
  name: 'report show',
  summary: 'Show the texts of a report that people edit, with the names of their blocks.',
  teaches: 'In --language, else in English. ID is what mosaic report list shows; its beginning will do.',
  arguments: 'ID',
  takes: [1, 1],
  options: { language: { type: 'string', value: 'TAG', help: 'BCP 47 (default en)' } },
  run: (run) =>
    withNode(run, async (node) => {
      const held = await reportIn(run, node.store)
      if (!held) return 1
      await noteGiven(run, node, { act: 'read', held: [held] })
      if (run.json) run.out.object(held.record)
      else show(held, text(run.values, 'language') ?? 'en', run.out.line)
      return 0
    }),
}

type ReportBlock = ReportText['sections'][number]['blocks'][number]

function show({ record }: HeldReport, language: string, line: (text: string) => void): void {
  const { body } = record
  line(shortly(record))
  const found = Object.hasOwn(body.texts, language) ? body.texts[language] : undefined
  if (!found) {
    line(`No text in ${language}; there are ${Object.keys(body.texts).sort().join(', ')}.`)
    return
  }
  for (const { text: said } of found.head) line(said)
  line(`title: ${found.title.text}`)
  const blocks = new Map<string, ReportBlock>(
    found.sections.flatMap(({ id, blocks: all }) => all.map((block) => [`${id}.${block.id}`, block])),
  )
  for (const name of editableBlocks(found)) {
    const block = blocks.get(name)
    if (block?.kind === 'paragraph') line(`${name}: ${block.words.text}`)
  }
  for (const { block, languages } of unevenEdits(body))
    line(`edited in ${languages.join(', ')} only: ${block}`)
}
