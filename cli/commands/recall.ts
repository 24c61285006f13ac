import { type Recalled, sayRecallRefused } from '../../engines/exchange/index.ts'
import { unreachable } from '../../engines/record/index.ts'
import type { Command, ExitCode, Run } from '../command.ts'
import { withNode } from '../with-node.ts'
import { idBeginning, personOf, reasonOf, recallsOf, recordIdOf, whoOptions } from './recall-node.ts'

export const recall: Command = {
  name: 'recall',
  summary: 'Withdraw a record of this node, here and at every holder, with what was derived from it.',
  teaches: [
    'Its content is erased here at once; every peer that was given it gets the recall, does the same and answers with a',
    'receipt. A node that is away obeys when it returns. This is for good: what is right afterwards is another record.',
    'mosaic recalls shows who has confirmed.',
    '',
    'Example: mosaic recall 1f0c77 --because "names a witness" --as "Besa Hoxha" --role liaison',
  ].join('\n'),
  arguments: 'RECORD',
  takes: [1, 1],
  options: { ...whoOptions, 'dry-run': { type: 'boolean', help: 'only say what would be withdrawn' } },
  run: (run) => {
    const beginning = idBeginning(run.positionals[0])
    const [reason, by] = [reasonOf(run.values), personOf(run.values)]
    return withNode(run, async (node) => {
      const target = await recordIdOf(node, beginning, run)
      if (target === undefined) return 1
      if (run.values['dry-run'] === true) {
        const derived = await node.store.derivedFrom(target)
        run.out.line(`${target} and ${derived.length} versions derived from it would be withdrawn`)
        return 0
      }
      return reportRecall(run, await (await recallsOf(node)).withdraw({ target, reason, by }))
    })
  },
}

export function reportRecall({ out, json }: Run, outcome: Recalled): ExitCode {
  if (json) out.object(outcome)
  switch (outcome.kind) {
    case 'recalled':
      if (json) return 0
      out.line(`recall ${outcome.recall.id}: ${outcome.touched} versions here`)
      for (const node of outcome.told) out.line(`  told ${node}`)
      return 0
    case 'unchanged':
      if (!json)
        out.line(`recall ${outcome.recall.id} was ordered before; mosaic recalls shows where it stands`)
      return 0
    case 'refused':
      out.say(sayRecallRefused(outcome.reason))
      return 1
    default:
      return unreachable(outcome)
  }
}
