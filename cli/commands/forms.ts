/** The forms of industrial accidents: drafted from a file, sent, answered; and the regular test of the lines. */
import { readJson } from '../../engines/formats/index.ts'
import { type Held, unreachable } from '../../engines/record/index.ts'
import {
  type AcknowledgementBody,
  type AssistanceRequestBody,
  answerRequest,
  type CommunicationTestBody,
  contactsOf,
  discardDraft,
  type FormDraftBody,
  forms,
  industrialAccidents,
  lineTests,
  type Sent,
  saveDraft,
  sendDraft,
} from '../../packs/environment/pack.ts'
import { type Command, Misused, type Run, text } from '../command.ts'
import { readFileOf } from '../read-file.ts'
import { realmOf, realmOption } from '../realm.ts'
import { withNode } from '../with-node.ts'
import { sayWritten, whoOf } from './alarms.ts'
import { idBeginning, listOf } from './recall-node.ts'

const who = {
  as: { type: 'string', value: 'NAME', help: 'who does it' },
  role: { type: 'string', value: 'TEXT', help: 'in which role' },
} as const

export const formDraft: Command = {
  name: 'form draft',
  summary:
    'Draft one of the three accident notification forms, or a test of the line; it stays at home until sent.',
  teaches: [
    'KEY names it. --fields is a JSON file with what the form asks (docs/examples has one); a draft may have gaps. The same key',
    'again takes the place of the draft before; --discard throws it away. mosaic form send sends it.',
    '',
    'Example: mosaic form draft ruse-ammonia --form early-warning --to RO --fields docs/examples/early-warning.json --as "Petya Dimitrova"',
  ].join('\n'),
  arguments: 'KEY',
  takes: [1, 1],
  options: {
    form: { type: 'string', value: 'WORD', help: forms.join(', ') },
    to: { type: 'string', value: 'CODE', multiple: true, help: 'countries that are told, with commas' },
    fields: { type: 'string', value: 'FILE', help: 'what is filled in, JSON' },
    discard: { type: 'boolean', help: 'throw the draft away' },
    realm: realmOption,
    ...who,
  },
  run: async (run) => {
    const [key = ''] = run.positionals
    const realm = realmOf(run.values)
    const by = whoOf(run.values)
    if (run.values['discard'] === true)
      return withNode(run, async ({ store, clock }) => {
        const draft = await draftOf(run, { key, realm, read: store.read, node: store.identity.node })
        return draft === undefined
          ? 1
          : sayDrafted(run, await discardDraft(store, draft, { by, now: clock.now() }))
      })
    const form = forms.find((one) => one === text(run.values, 'form'))
    if (form === undefined) throw new Misused(`--form is one of ${forms.join(', ')}.`)
    const to = (listOf(run.values, 'to') ?? []).map((code) => code.trim().toUpperCase())
    const fields = await fieldsIn(text(run.values, 'fields'))
    return withNode(run, async ({ store, clock }) =>
      sayDrafted(run, await saveDraft(store, { key, form, realm, to, fields, by, now: clock.now() })),
    )
  },
}

const fieldLimits = { maxBytes: 200_000, maxDepth: 8 }

async function fieldsIn(file: string | undefined): Promise<Readonly<Record<string, unknown>>> {
  if (file === undefined) return {}
  const read = readJson(await readFileOf(file), fieldLimits)
  if (read.ok && typeof read.value === 'object' && read.value !== null && !Array.isArray(read.value))
    return read.value as Readonly<Record<string, unknown>>
  throw new Misused(`${file} holds no JSON object with the fields of the form.`)
}

type Wanted = {
  readonly key: string
  readonly realm: ReturnType<typeof realmOf>
  readonly node: string
  readonly read: (query: {
    readonly types: readonly string[]
    readonly realm: ReturnType<typeof realmOf>
    readonly key: string
  }) => Promise<readonly Held[]>
}

async function draftOf(
  run: Run,
  { key, realm, read, node }: Wanted,
): Promise<Held<FormDraftBody> | undefined> {
  const held = await read({ types: ['environment.form-draft'], realm, key })
  const own = held.find(({ record }) => record.origin === node)
  if (own === undefined) run.out.say(`There is no draft ${key} in ${realm}; mosaic form draft writes one.`)
  return own as Held<FormDraftBody> | undefined
}

function sayDrafted(run: Run, drafted: Awaited<ReturnType<typeof saveDraft>>): 0 | 1 {
  if (drafted.kind === 'drafted') return sayWritten(run, drafted.appended)
  run.out.say(`This draft was ${drafted.state} before; choose another key.`)
  return 1
}

export const formSend: Command = {
  name: 'form send',
  summary: 'Send a draft to the points of contact of the countries that it names, and to nobody else.',
  teaches: [
    'Nothing goes out with a gap in it: what is missing is named. Each addressee has a clock from now on (mosaic inbox).',
    '',
    'Example: mosaic form send ruse-ammonia --as "Petya Dimitrova" --role "duty officer"',
  ].join('\n'),
  arguments: 'KEY',
  takes: [1, 1],
  options: { realm: realmOption, ...who },
  run: (run) => {
    const [key = ''] = run.positionals
    const realm = realmOf(run.values)
    const by = whoOf(run.values)
    return withNode(run, async ({ store, places, clock }) => {
      const { node } = store.identity
      const draft = await draftOf(run, { key, realm, read: store.read, node })
      if (draft === undefined) return 1
      const contacts = await contactsOf((query) => store.read(query), places.region, node)
      return saySent(run, await sendDraft(store, contacts, { draft, by, now: clock.now() }))
    })
  },
}

function saySent(run: Run, sent: Sent | { readonly kind: 'closed'; readonly state: string }): 0 | 1 {
  const { say } = run.out
  switch (sent.kind) {
    case 'sent':
      return sayWritten(run, sent.appended)
    case 'incomplete':
      for (const { place, message } of sent.issues) say(`${place}: ${message}`)
      say('It was not sent: fill in what is missing with mosaic form draft.')
      return 1
    case 'no-contact':
      say('This node speaks for no point of contact; mosaic contact set puts it on the register.')
      return 1
    case 'nobody-registered':
      say(
        `Nobody is told: the register has no point of contact of ${sent.countries.join(', ') || 'other countries'}.`,
      )
      return 1
    case 'wrong-realm':
      say('A communication test stands in --realm test, and nothing else does.')
      return 1
    case 'sent-before':
      say(`A form of this key was sent before: ${sent.id}.`)
      return 1
    case 'closed':
      say(`This draft was ${sent.state} before; choose another key.`)
      return 1
    default:
      return unreachable(sent)
  }
}

const helps = ['yes', 'partly', 'no'] as const

export const formAnswer: Command = {
  name: 'form answer',
  summary: 'Answer a request for assistance: whether this country helps, with what, and on which terms.',
  teaches: [
    'ID is what mosaic inbox shows; its beginning will do. A later answer takes the place of the earlier; the first stops the',
    'clock on both sides.',
    '',
    'Example: mosaic form answer 3f2a9c --help-given partly --scope "1 mobile laboratory" --terms "At cost, crew of four" --as "Radu Ionescu"',
  ].join('\n'),
  arguments: 'ID',
  takes: [1, 1],
  options: {
    'help-given': { type: 'string', value: 'WORD', help: helps.join(', ') },
    scope: { type: 'string', value: 'TEXT', multiple: true, help: 'what is given, once for each' },
    terms: { type: 'string', value: 'TEXT', help: 'on which terms, or why not' },
    ...who,
  },
  run: (run) => {
    const beginning = idBeginning(run.positionals[0])
    const help = helps.find((one) => one === text(run.values, 'help-given'))
    const terms = text(run.values, 'terms')?.trim()
    if (help === undefined) throw new Misused(`--help-given is one of ${helps.join(', ')}.`)
    if (!terms) throw new Misused('Say on which --terms, or why not.')
    const given = run.values['scope']
    const scope = (Array.isArray(given) ? (given as readonly string[]) : []).map((what) => ({ what }))
    const by = whoOf(run.values)
    return withNode(run, async ({ store, clock }) => {
      const held = await store.read({ types: ['environment.assistance-request'] })
      const [request, ...others] = held.filter(({ record }) => record.id.startsWith(beginning))
      if (request === undefined || others.length > 0) {
        run.out.say(request === undefined ? `There is no request ${beginning}.` : 'Give more of the id.')
        return 1
      }
      const order = { help, scope, terms, by, at: clock.now() }
      const answered = await answerRequest(store, request as Held<AssistanceRequestBody>, order)
      if (answered.kind === 'written') return sayWritten(run, answered.appended)
      run.out.say(unanswered[answered.kind])
      return 1
    })
  },
}

const unanswered = {
  own: 'This node asked; those asked answer.',
  'not-addressed': 'It is not addressed to this node: mosaic contact list says which nodes speak for whom.',
  'no-scope': 'Say with --scope what is given.',
} as const

export const contactTests: Command = {
  name: 'contact tests',
  summary: 'List when the line to each point of contact was last tested and answered, and which test is due.',
  teaches: [
    'A test is a form of its own: mosaic form draft KEY --form communication-test --realm test, then mosaic form send.',
    '',
    'Example: mosaic contact tests --due',
  ].join('\n'),
  takes: [0, 0],
  options: { due: { type: 'boolean', help: 'only those whose test is due, or that were silent' } },
  run: (run) =>
    withNode(run, async ({ store, places, clock }) => {
      const { node } = store.identity
      const contacts = await contactsOf((query) => store.read(query), places.region, node)
      const [tests, answers] = await Promise.all(
        ['environment.communication-test', 'environment.acknowledgement'].map((type) =>
          store.read({ types: [type] }),
        ),
      )
      const others = contacts.filter(
        ({ systems, nodes }) => systems.includes(industrialAccidents) && !nodes.includes(node),
      )
      const lines = lineTests(others, {
        tests: (tests ?? []).filter(({ record }) => record.origin === node) as Held<CommunicationTestBody>[],
        answers: (answers ?? []) as Held<AcknowledgementBody>[],
        now: clock.now(),
      })
      for (const one of lines) {
        if (run.values['due'] === true && !one.isDue && !one.isSilent) continue
        if (run.json) run.out.object(one)
        else
          run.out.line(
            `${one.contact}  ${one.country}  tested ${one.lastTestedAt ?? 'never'}, answered ${one.lastAnsweredAt ?? 'never'}${one.isSilent ? ', SILENT' : ''}${one.isDue ? ', due' : ''}`,
          )
      }
      return 0
    }),
}
