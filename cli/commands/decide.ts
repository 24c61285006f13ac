import { decisionDraft, type ProposalBody as Question } from '../../engines/fuse/index.ts'
import { exerciseOf, type Held, type Producer, type RecordId } from '../../engines/record/index.ts'
import { type Appended, type Store, settle } from '../../engines/store/index.ts'
import { decide as decideOn } from '../../engines/warn/index.ts'
import type { MosaicNode } from '../../node.ts'
import { type Command, type ExitCode, Misused, type Run, text } from '../command.ts'
import { withNode } from '../with-node.ts'

const words = ['issue', 'decline', 'end', 'same', 'different'] as const
type Word = (typeof words)[number]
type Person = Extract<Producer, { kind: 'person' }>

export const decide: Command = {
  name: 'decide',
  summary: 'Answer what waits for a person; the answer is a record with your name and reason.',
  teaches: [
    'On a proposal to warn: issue sends its newest version, end cancels what is in force, decline notes that you looked and',
    'said no. On a question of fusion: same, or different. ID is what mosaic proposals lists; its beginning will do.',
    'What follows is printed: the decision, then the warnings or events that it made.',
    '',
    'Example: mosaic decide 3f2a9c issue --because "Felt in Durrës, agencies agree" --as "Duty officer"',
  ].join('\n'),
  arguments: 'ID issue|decline|end|same|different',
  takes: [2, 2],
  options: {
    because: { type: 'string', value: 'TEXT', help: 'why; kept with the decision' },
    as: { type: 'string', value: 'NAME', help: 'who decides' },
    role: { type: 'string', value: 'TEXT', help: 'in which role' },
  },
  run: async (run) => {
    const [id = '', said = ''] = run.positionals
    const because = text(run.values, 'because')?.trim()
    const name = text(run.values, 'as')?.trim()
    const role = text(run.values, 'role')
    if (!/^[0-9a-f]{6,40}$/.test(id))
      throw new Misused('An id is 40 hexadecimal digits; six or more will do.')
    if (!isWord(said)) throw new Misused(`Say one of ${words.join(', ')}, not "${said}".`)
    if (!because) throw new Misused('Say why with --because.')
    if (!name) throw new Misused('Say who decides with --as.')
    const by: Person = { kind: 'person', name, ...(role === undefined ? {} : { role }) }
    return withNode(run, (node) => answer(run, node, { id, said, because, by }))
  },
}

type Answer = { readonly id: string; readonly said: Word; readonly because: string; readonly by: Person }

async function answer(run: Run, node: MosaicNode, given: Answer): Promise<ExitCode> {
  const { store } = node
  const proposal = await find(run, store, given.id)
  if (!proposal) return 1
  const isQuestion = proposal.record.type === 'fuse.proposal'
  if (isQuestion !== (given.said === 'same' || given.said === 'different'))
    throw new Misused(
      isQuestion
        ? 'This is a question of fusion: same or different?'
        : 'This is a proposal to warn: issue, decline or end?',
    )
  const before = await store.head()
  const decision = isQuestion
    ? await answerQuestion(node, proposal as Held<Question>, given)
    : await decideOn(store, {
        proposal: proposal.record.id,
        decision: given.said as never,
        by: given.by,
        because: given.because,
      })
  if (decision.kind === 'refused') {
    run.out.say(`The decision was refused: ${decision.reason.code}.`)
    return 1
  }
  return (await digest(run, node, proposal)) ? print(run, node, before) : 1
}

/** A proposal that waits, by the beginning of its id. */
async function find(run: Run, store: Store, asked: string): Promise<Held | undefined> {
  const all = await store.read({ types: ['warn.proposal', 'fuse.proposal'] })
  const found = all.filter(({ record }) => record.id.startsWith(asked))
  if (found.length === 1) return found[0]
  run.out.say(
    found.length === 0
      ? `This node holds no proposal ${asked}; mosaic proposals lists them.`
      : `${found.length} proposals begin with ${asked}; give more of the id.`,
  )
  return undefined
}

async function answerQuestion(
  { store, clock }: MosaicNode,
  { record: { body, realm } }: Held<Question>,
  { said, because, by }: Answer,
): Promise<Appended> {
  const { rule, a, b } = body
  const decision = said === 'same' ? 'must-link' : 'cannot-link'
  const [appended] = await store.append([
    decisionDraft({
      rule,
      a: a as RecordId,
      b: b as RecordId,
      decision,
      because,
      by,
      realm,
      at: clock.now(),
    }),
  ])
  if (!appended) throw new Error('the store answered nothing')
  return appended
}

/** An exercise is digested by its own player, in its own name and time; all else here and now. */
async function digest(
  run: Run,
  { store, reactors, settings }: MosaicNode,
  { record }: Held,
): Promise<boolean> {
  if (exerciseOf(record.realm) !== undefined) {
    run.out.say('Noted. The player of the exercise acts on it with its next step.')
    return true
  }
  let isDigested = true
  await settle({
    store,
    realm: record.realm,
    reactors: reactors(store.identity, settings.issueRules),
    onFailure: ({ error }) => {
      isDigested = false
      run.out.say(error instanceof Error ? error.message : String(error))
    },
  })
  return isDigested
}

async function print(run: Run, { store, packs }: MosaicNode, after: number): Promise<ExitCode> {
  const events = packs.flatMap(({ fusion }) => fusion.map(({ writes }) => writes))
  const types = ['warn.decision', 'fuse.decision', 'warn.warning', ...events]
  for (const { record } of await store.read({ types, after })) {
    if (run.json) run.out.object(record)
    else run.out.line(`${record.recordedAt}  ${record.type}  ${record.id}@${record.version}`)
  }
  return 0
}

const isWord = (text: string): text is Word => words.includes(text as Word)
