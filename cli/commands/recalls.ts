import type { Holder, RecallState } from '../../engines/exchange/index.ts'
import { type Command, type Run, whole } from '../command.ts'
import { withNode } from '../with-node.ts'
import { idBeginning, recallsOf, recordIdOf } from './recall-node.ts'

export const recalls: Command = {
  name: 'recalls',
  summary: 'Show recalls: who has confirmed, who has not answered since when, through whom.',
  teaches: [
    'Without an id: those that this node ordered, newest first.',
    '',
    'Example: mosaic recalls --json',
  ].join('\n'),
  arguments: '[RECALL]',
  takes: [0, 1],
  options: { limit: { type: 'string', value: 'N', help: 'at most so many (default 100)' } },
  run: (run) => {
    const limit = whole(run.values, 'limit', [1, 10_000]) ?? 100
    const [asked] = run.positionals
    const beginning = asked === undefined ? undefined : idBeginning(asked)
    return withNode(run, async (node) => {
      const service = await recallsOf(node)
      if (beginning === undefined) return show(run, await service.ordered(limit))
      const id = await recordIdOf(node, beginning, run)
      const state = id && (await service.state(id))
      if (state) return show(run, [state])
      if (id) run.out.say(`${id} is no recall; mosaic recalls lists them.`)
      return 1
    })
  },
}

function show({ out, json }: Run, all: readonly RecallState[]): 0 {
  for (const state of all) {
    if (json) out.object(state)
    else {
      const stands = standing(state)
      out.line(`${state.id}  ${state.orderedAt}  ${state.action} ${state.target}  ${stands}`)
      for (const holder of state.holders) out.line(`  ${lineOf(holder, state)}`)
    }
  }
  if (all.length === 0) out.say('This node has recalled nothing.')
  return 0
}

function standing({ holders, waitingFor }: RecallState): string {
  if (holders.length === 0) return 'nobody had been given it'
  return waitingFor.length === 0 ? 'confirmed by all' : `waiting for ${waitingFor.length}`
}

function lineOf({ node, through, confirmed }: Holder, { orderedAt }: RecallState): string {
  const by = through === undefined ? node : `${node} through ${through}`
  return confirmed === undefined
    ? `${by}: no answer since ${orderedAt}`
    : `${by}: ${confirmed.done} at ${confirmed.at}, ${confirmed.derived} derived`
}
