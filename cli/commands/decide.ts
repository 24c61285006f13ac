import { decisionDraft, type ProposalBody as Question } from '../../engines/fuse/index.ts'
import { type Held, isRecordId, type RecordId } from '../../engines/record/index.ts'
import { type Appended, settle } from '../../engines/store/index.ts'
import { decide as decideOnWarning, type Person } from '../../engines/warn/index.ts'
import type { MosaicNode } from '../../node.ts'
import { type Command, Misused, text } from '../command.ts'
import { withNode } from '../with-node.ts'

const onWarning = ['issue', 'decline', 'end'] as const
const onReports = ['same', 'different', 'withdraw'] as const

export const decide: Command = {
  name: 'decide',
  summary: 'Say a person’s word on a proposal; it is a record like any other, with name and reason.',
  teaches: [
    'On a proposed warning: issue it, decline it, or end what is in force. On two reports: same, different, or withdraw an',
    'earlier word. A warning goes out only where an issue rule of the node gives it the mandate.',
    '',
    'Example: mosaic decide 3f2a… issue --as "A. Person" --because "felt here"',
  ].join('\n'),
  arguments: 'PROPOSAL issue|decline|end|same|different|withdraw',
  takes: [2, 2],
  options: {
    as: { type: 'string', value: 'NAME', help: 'who decides' },
    role: { type: 'string', value: 'ROLE', help: 'in which role (default: duty officer)' },
    because: { type: 'string', value: 'TEXT', help: 'why; stays on record' },
  },
  run: async (run) => {
    const [id = '', word = ''] = run.positionals
    const name = text(run.values, 'as')
    const because = text(run.values, 'because')
    if (!isRecordId(id)) throw new Misused('A proposal is named by its whole id, 40 hexadecimal digits.')
    if (!name || !because) throw new Misused('Say who decides with --as, and why with --because.')
    const by: Person = { kind: 'person', name, role: text(run.values, 'role') ?? 'duty officer' }
    return withNode(run, async (node) => {
      const outcome = await say(node, id, word, by, because)
      if (outcome.kind === 'refused' || outcome.kind === 'held-back') {
        run.out.say(
          `The decision is refused: ${outcome.kind === 'refused' ? outcome.reason.code : 'nothing was written'}.`,
        )
        return 1
      }
      const { record } = outcome
      await settle({
        store: node.store,
        realm: record.realm,
        reactors: node.reactors(node.store.identity, node.settings.issueRules),
      })
      if (run.json) run.out.object(record)
      else run.out.line(`${record.type} ${record.id}@${record.version} by ${name}`)
      return 0
    })
  },
}

async function say(
  { store, clock }: MosaicNode,
  id: RecordId,
  word: string,
  by: Person,
  because: string,
): Promise<Appended> {
  const held = await store.get(id)
  if (held?.record.type === 'warn.proposal' && isOneOf(onWarning, word)) {
    return decideOnWarning(store, { proposal: id, decision: word, by, because })
  }
  if (held?.record.type === 'fuse.proposal' && isOneOf(onReports, word)) {
    const { rule, a, b } = (held as Held<Question>).record.body
    const decision = { same: 'must-link', different: 'cannot-link', withdraw: 'withdrawn' } as const
    const draft = decisionDraft({
      rule,
      a,
      b,
      decision: decision[word],
      because,
      by,
      realm: held.record.realm,
      at: clock.now(),
    })
    const [appended] = await store.append([draft])
    if (appended) return appended
  }
  const asked = held?.record.type === 'fuse.proposal' ? onReports : onWarning
  throw new Misused(
    held
      ? `On this proposal one decides ${asked.join(', ')}, not "${word}".`
      : `This node holds no proposal ${id}.`,
  )
}

const isOneOf = <Word extends string>(words: readonly Word[], word: string): word is Word =>
  words.some((one) => one === word)
