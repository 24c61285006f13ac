import type { ProposalBody as Question } from '../../engines/fuse/index.ts'
import type { Held } from '../../engines/record/index.ts'
import type { ProposalBody } from '../../engines/warn/index.ts'
import type { MosaicNode } from '../../node.ts'
import type { Command } from '../command.ts'
import { realmOf, realmOption } from '../realm.ts'
import { withNode } from '../with-node.ts'

export const proposals: Command = {
  name: 'proposals',
  summary: 'List what waits for a person: warnings to issue or end, reports that may be one thing.',
  teaches: [
    'The node proposes; people decide, unless one of its issue rules lets it issue by itself.',
    'Decide with: mosaic decide ID issue|decline|end, or same|different for two reports.',
  ].join('\n'),
  takes: [0, 0],
  options: { realm: realmOption },
  run: (run) =>
    withNode(run, async (node) => {
      const waiting = await waitingIn(node, realmOf(run.values))
      for (const held of waiting) {
        if (run.json) run.out.object(held.record)
        else run.out.line(describe(held))
      }
      if (waiting.length === 0) run.out.say('Nothing waits for a person.')
      return 0
    }),
}

/** A decision names the proposal by its id, a warning by id and version. */
type Answer = { readonly proposal: string | { readonly id: string } }
const idOf = ({ proposal }: Answer): string => (typeof proposal === 'string' ? proposal : proposal.id)

/** Open questions of fusion, and warning proposals in the version that nobody has answered. */
async function waitingIn({ store }: MosaicNode, realm: ReturnType<typeof realmOf>): Promise<readonly Held[]> {
  const questions = (await store.read({ types: ['fuse.proposal'], realm })) as readonly Held<Question>[]
  const proposed = (await store.read({ types: ['warn.proposal'], realm })) as readonly Held<ProposalBody>[]
  const answers = (await store.read({
    types: ['warn.warning', 'warn.decision'],
    realm,
  })) as readonly Held<Answer>[]
  const answered = new Set(answers.map(({ record: { body } }) => idOf(body)))
  return [
    ...questions.filter(({ record }) => record.body.state === 'open'),
    ...proposed.filter(({ record }) => record.body.state === 'warn' && !answered.has(record.id)),
  ]
}

function describe({ record }: Held): string {
  if (record.type === 'fuse.proposal') {
    const { a, b, score, reasons } = record.body as Question
    const why = reasons.map(({ name, value, unit }) => `${name} ${value} ${unit}`).join(', ')
    return `${record.id}  same or different? ${a.slice(0, 8)} and ${b.slice(0, 8)}, score ${score}: ${why}`
  }
  const { country, severity, because } = record.body as ProposalBody
  const why = because.map(({ name, value }) => `${name} ${value}`).join(', ')
  return `${record.id}  warn ${country}? ${severity}: ${why}`
}
