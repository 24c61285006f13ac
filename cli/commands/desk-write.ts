import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { readJson } from '../../engines/formats/index.ts'
import { actual, type Held, instant, isInstant, MosaicError } from '../../engines/record/index.ts'
import {
  contentSchema,
  type GivenContent,
  type ProposalBody,
  type Start,
  type TemplateBody,
  type WarningBody,
} from '../../engines/warn/index.ts'
import { type Command, type ExitCode, Misused, type Run, text } from '../command.ts'
import { readFileOf } from '../read-file.ts'
import { type AtDesk, asOption, draftAt, personAt, printDraft, recordAt, withDesk } from './desk-node.ts'

export class DraftUnread extends MosaicError {
  override readonly name = 'DraftUnread'
  override readonly code = 'cli/draft-unread'
}

export const deskNew: Command = {
  name: 'desk new',
  summary: 'Begin a draft: blank, from a template, or from what a rule proposed.',
  teaches: [
    'Texts are written from the catalogues in every language of the country; mosaic desk edit changes them. What a rule',
    'proposed brings its evidence along, in the versions of now.',
    '',
    'Example: mosaic desk new --country AL --hazard flood --expires 2026-11-24T06:00:00Z --as ana',
    'Example: mosaic desk new --proposal 3f2a9c --as ana',
  ].join('\n'),
  takes: [0, 0],
  options: {
    proposal: { type: 'string', value: 'ID', help: 'from this proposal' },
    template: { type: 'string', value: 'ID', help: 'from this template; takes --country' },
    country: { type: 'string', value: 'CODE', help: 'ISO 3166-1 alpha-2' },
    hazard: { type: 'string', value: 'WORD', help: 'of a blank draft' },
    expires: { type: 'string', value: 'INSTANT', help: 'of a blank draft' },
    ...asOption,
  },
  run: (run) =>
    withDesk(run, async (at) => {
      const start = await startAt(run, at)
      return start === undefined ? 1 : begin(run, at, start)
    }),
}

async function startAt(run: Run, at: AtDesk): Promise<Start | undefined> {
  const [proposal, template] = [text(run.values, 'proposal'), text(run.values, 'template')]
  if (proposal !== undefined) {
    const held = (await recordAt(run, at, proposal, 'warn.proposal')) as Held<ProposalBody> | undefined
    return held && { kind: 'proposal', proposal: held }
  }
  const country = text(run.values, 'country')
  if (!country || !/^[A-Z]{2}$/.test(country))
    throw new Misused('Name a --proposal, or a --country by its two letters.')
  if (template !== undefined) {
    const held = (await recordAt(run, at, template, 'warn.template')) as Held<TemplateBody> | undefined
    return held && { kind: 'template', template: held, country }
  }
  const [hazard, expires] = [text(run.values, 'hazard'), text(run.values, 'expires')]
  if (!hazard || !expires) throw new Misused('A blank draft takes --hazard and --expires.')
  return { kind: 'blank', country, hazard, expires: instantIn(expires) }
}

function instantIn(value: string) {
  try {
    return instant(value)
  } catch {
    throw new Misused(`"${value}" is no instant with its zone, such as 2026-11-24T06:00:00Z.`)
  }
}

async function begin(run: Run, at: AtDesk, start: Start): Promise<ExitCode> {
  const by = await personAt(run, at, 'duty-officer')
  const file = await at.desk.begin(start, by, actual)
  return printDraft(run, file, at.desk.findings(file))
}

const goOn = (purpose: 'update' | 'cancel', says: string): Command => ({
  name: `desk ${purpose}`,
  summary: says,
  teaches: [
    'Begins a draft that refers to every message of the warning still in force; submit, approve and issue it.',
    '',
    `Example: mosaic desk ${purpose} 77aa01 --as ana`,
  ].join('\n'),
  arguments: 'WARNING',
  takes: [1, 1],
  options: { ...asOption },
  run: (run) =>
    withDesk(run, async (at) => {
      const warning = (await recordAt(run, at, run.positionals[0] ?? '', 'warn.warning')) as
        | Held<WarningBody>
        | undefined
      return warning === undefined ? 1 : begin(run, at, { kind: 'warning', warning, purpose })
    }),
})

export const deskUpdate = goOn(
  'update',
  'Begin the next message of a warning: all of it, as it is to stand now.',
)
export const deskCancel = goOn('cancel', 'Begin the message that ends a warning.')

export const deskEdit: Command = {
  name: 'desk edit',
  summary: 'Give a draft another content; what was approved of it is void then.',
  teaches: [
    'The file is JSON as desk show --json has it under "content", points as [latitude, longitude]; a text with "isReviewed"',
    'true is read by whoever edits. --based-on is the version that it was made from.',
    '',
    'Example: mosaic desk edit 3f2a9c content.json --based-on 1 --as ana',
  ].join('\n'),
  arguments: 'DRAFT FILE',
  takes: [2, 2],
  options: { 'based-on': { type: 'string', value: 'N', help: 'version that it was made from' }, ...asOption },
  run: async (run) => {
    const basedOn = Number(text(run.values, 'based-on'))
    if (!Number.isSafeInteger(basedOn) || basedOn < 1)
      throw new Misused('Say which version it was made from: --based-on N.')
    const content = contentIn(await readFileOf(run.positionals[1] ?? ''))
    return withDesk(run, async (at) => {
      const before = await draftAt(run, at)
      if (before === undefined) return 1
      const by = await personAt(run, at, 'duty-officer')
      const file = await at.desk.edit(before.id, { basedOn, content }, by)
      return printDraft(run, file, at.desk.findings(file))
    })
  },
}

const Word = Type.String({ maxLength: 20_000 })
const TextFile = Type.Object({
  event: Word,
  headline: Word,
  description: Word,
  instruction: Word,
  isReviewed: Type.Optional(Type.Boolean()),
  reviewed: Type.Optional(Type.Object({})),
})
const content = Compile(contentSchema(TextFile))

function contentIn(bytes: Uint8Array): GivenContent {
  const read = readJson(bytes)
  if (!read.ok || !content.Check(read.value))
    throw new DraftUnread(
      'The file is no content of a draft; take it from mosaic desk show --json and change that.',
    )
  const given = read.value
  if (![given.effective, given.onset, given.expires].every((at) => at === undefined || isInstant(at)))
    throw new DraftUnread('A time in the file is no instant such as 2026-11-24T06:00:00.000Z.')
  return {
    ...given,
    texts: Object.fromEntries(
      Object.entries(given.texts).map(([tag, { event, headline, description, instruction, ...marks }]) => [
        tag,
        {
          ...{ event, headline, description, instruction },
          isReviewed: marks.isReviewed ?? marks.reviewed !== undefined,
        },
      ]),
    ),
  }
}
