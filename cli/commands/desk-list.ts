import { actual, isRealm } from '../../engines/record/index.ts'
import { draftRecord, draftStates, previewOf, unknownCountry } from '../../engines/warn/index.ts'
import { type Command, Misused, text } from '../command.ts'
import { draftAt, printDraft, sayDraft, withDesk } from './desk-node.ts'

export const deskList: Command = {
  name: 'desk list',
  summary: 'List the drafts of the warning desk and where each stands.',
  teaches: [
    'Drafts are what people write before a warning goes out; what rules propose stands in mosaic proposals.',
    '',
    'Example: mosaic desk list --state submitted',
  ].join('\n'),
  takes: [0, 0],
  options: {
    state: { type: 'string', value: 'STATE', help: `one of ${draftStates.join(', ')}` },
    realm: { type: 'string', value: 'REALM', help: 'default actual' },
  },
  run: async (run) => {
    const state = text(run.values, 'state')
    const realm = text(run.values, 'realm') ?? actual
    if (state !== undefined && !draftStates.some((one) => one === state))
      throw new Misused(`There is no state "${state}"; there are ${draftStates.join(', ')}.`)
    if (!isRealm(realm)) throw new Misused(`"${realm}" is no realm: actual, test or exercise:NAME.`)
    return withDesk(run, async ({ node, desk }) => {
      for (const { record } of await node.store.read({ types: [draftRecord.type], realm })) {
        const file = await desk.file(record.id)
        if (file === undefined || (state !== undefined && file.life.state !== state)) continue
        if (run.json) run.out.object({ id: file.id, ...file.life, purpose: file.body.purpose })
        else run.out.line(sayDraft(file))
      }
      return 0
    })
  },
}

export const deskShow: Command = {
  name: 'desk show',
  summary: 'Show a draft with what the checks found and what people did.',
  teaches: [
    'With --json the content stands as desk edit takes it back.',
    '',
    'Example: mosaic desk show 3f2a9c --json',
  ].join('\n'),
  arguments: 'DRAFT',
  takes: [1, 1],
  options: {},
  run: (run) =>
    withDesk(run, async (at) => {
      const file = await draftAt(run, at)
      if (file === undefined) return 1
      const code = printDraft(run, file, file.warning ? [] : at.desk.findings(file))
      if (run.json) return code
      for (const told of file.history)
        run.out.line(
          `${told.held.record.recordedAt}  ${told.kind}  version ${told.version}  ${told.by.name}${told.void === undefined ? '' : `  void: ${told.void}`}`,
        )
      return code
    }),
}

const forms = ['cap', 'plain', 'short', 'spoken'] as const

export const deskPreview: Command = {
  name: 'desk preview',
  summary: 'Show a draft as its readers will get it: CAP, plain text, 160 characters, or for a voice.',
  teaches: [
    'Without --form all of them. Exit 1 when our own validator would not send it.',
    '',
    'Example: mosaic desk preview 3f2a9c --form short --language sq',
  ].join('\n'),
  arguments: 'DRAFT',
  takes: [1, 1],
  options: {
    form: { type: 'string', value: 'FORM', help: forms.join(', ') },
    language: { type: 'string', value: 'TAG', help: 'only in this language' },
  },
  run: (run) => {
    const form = text(run.values, 'form')
    const language = text(run.values, 'language')
    if (form !== undefined && !forms.some((one) => one === form))
      throw new Misused(`There is no form "${form}"; there are ${forms.join(', ')}.`)
    return withDesk(run, async (at) => {
      const file = await draftAt(run, at)
      if (file === undefined) return 1
      const { settings } = at.desk
      const { country } = file.body.content
      const preview = previewOf(at.desk.alert(file), {
        localeOf: (tag) => settings.catalogues[tag]?.locale ?? tag,
        timeZone: (settings.countries(country) ?? unknownCountry(country)).timeZone,
      })
      const languages = preview.languages.filter(
        (each) => language === undefined || each.language === language,
      )
      if (run.json) run.out.object({ ...preview, languages })
      else {
        if (form === undefined || form === 'cap') run.out.line(preview.cap)
        for (const each of languages) {
          if (form === undefined || form === 'plain') run.out.line(`[${each.language}]\n${each.plain}`)
          if (form === undefined || form === 'short')
            run.out.line(
              `[${each.language}, ${each.short.encoding}, ${each.short.length}/${each.short.limit}] ${each.short.text}`,
            )
          if (form === undefined || form === 'spoken') run.out.line(`[${each.language}] ${each.spoken}`)
        }
      }
      return preview.isSendable ? 0 : 1
    })
  },
}
