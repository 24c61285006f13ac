import type { HeldRound } from '../../engines/exchange/index.ts'
import { type Command, type ExitCode, text } from '../command.ts'
import { withNode } from '../with-node.ts'
import { answerLine } from './log.ts'

export const logResume: Command = {
  name: 'log resume',
  summary: 'After a restore: ask the peers what they saw of this log, and sign again where that allows it.',
  teaches: [
    'A running node does this by itself. With --because a person decides not to wait for peers that do not answer: if one of',
    'them saw more than this database holds, it will see a second history. Ask its operators first. Where a peer was seen',
    'ahead the decision is refused; one that only says so, and wrongly, can be suspended (mosaic peer suspend).',
    '',
    'Example: mosaic log resume --because "Tirana is closed for the week; its operators say it had nothing new"',
  ].join('\n'),
  takes: [0, 0],
  options: {
    because: { type: 'string', value: 'TEXT', help: 'why peers that do not answer are not waited for; kept' },
  },
  run: (run) =>
    withNode(run, async (node) => {
      const { exchange, log } = await node.trust()
      const { answers, outcome } = await exchange.resumeSigning(text(run.values, 'because'), run.signal)
      if (outcome.kind === 'resumes') await log.integrate()
      if (run.json) run.out.object({ answers, outcome })
      else for (const line of [...answers.map(answerLine), outcomeLine(outcome)]) run.out.line(line)
      return exitOf(outcome)
    }),
}

const exitOf = ({ kind }: HeldRound['outcome']): ExitCode => (kind === 'stays-held' ? 1 : 0)

function outcomeLine(outcome: HeldRound['outcome']): string {
  switch (outcome.kind) {
    case 'not-held':
      return 'This node signs its log; nothing is held.'
    case 'resumes':
      return 'This node signs its log again.'
    case 'stays-held':
      return `Signing stays held: ${whys[outcome.reason]}: ${outcome.peers.join(', ')}.`
    default:
      return outcome satisfies never
  }
}

const whys = {
  ahead:
    'these peers hold what this database does not; let a node of another name succeed it (mosaic keys recover)',
  'says-ahead':
    'these peers say that they saw another log; ask their operators, suspend whoever says it wrongly',
  'no-answer': 'these peers have not said what they saw; wait, or decide with --because',
} as const
