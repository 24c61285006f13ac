import { isNodeId, type NodeId } from '../../engines/record/index.ts'
import { succeeds, successionBody } from '../../engines/tlog/index.ts'
import { type Command, type ExitCode, Misused, type Run, text } from '../command.ts'
import { type KeyedNode, positional, withKeys } from './keys-node.ts'
import { refusedBeside, successionDraft } from './keys-recover.ts'

export const keysHandOver: Command = {
  name: 'keys hand-over',
  summary: 'End this node: from now on another owns what it owned.',
  teaches: [
    'For a merge. Stop the node first: its log ends with what it holds now, and what it writes afterwards every peer refuses.',
    'Then start it once more, so that its peers fetch the word. This cannot be taken back; --confirm takes the name of this',
    'node.',
    '',
    'Example: mosaic keys hand-over vlora.example --confirm durres.example',
  ].join('\n'),
  arguments: 'HEIR',
  takes: [1, 1],
  options: { confirm: { type: 'string', value: 'NAME', help: 'the name of this node, which ends' } },
  run: (run) => {
    const heir = positional(run, 0, 'the node that takes over')
    if (!isNodeId(heir)) throw new Misused(`"${heir}" is no name of a node.`)
    return withKeys(run, (keyed) => handOver(run, keyed, heir))
  },
}

async function handOver(run: Run, { node, keys, log }: KeyedNode, heir: NodeId): Promise<ExitCode> {
  const { store, settings, clock } = node
  const from = settings.name
  if (text(run.values, 'confirm') !== from) {
    run.out.say(`This ends ${from} for good. Say so with --confirm ${from}.`)
    return 1
  }
  const { note, size } = await log.integrate()
  const { keyId } = keys.current()
  const body = successionBody({ from, to: heir, kind: 'merge', checkpoint: note, keyId }, keys.sign)
  const draft = successionDraft(body, clock.now())
  const outcome = succeeds({ ...draft, origin: from }, await keys.all())
  if (outcome.kind === 'refused') {
    run.out.say(`This succession would not hold (${outcome.reason}).`)
    return 1
  }
  if (await refusedBeside(run, node, { from, to: heir })) return 1
  const [appended] = await store.append([draft])
  if (appended?.kind !== 'appended' && appended?.kind !== 'unchanged') {
    run.out.say('The succession was not taken into the log; mosaic records shows what it holds.')
    return 1
  }
  await log.integrate()
  if (run.json) run.out.object(body)
  else
    run.out.line(
      `${heir} succeeds ${from}, whose log ends at ${size}. Start it once more until its peers have pulled.`,
    )
  return 0
}
