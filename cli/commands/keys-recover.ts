import { randomBytes } from 'node:crypto'
import { actual, type Draft, type NodeId } from '../../engines/record/index.ts'
import {
  openKeys,
  openLog,
  putBack,
  type RecoveredKeys,
  recoverKeys,
  type SuccessionBody,
  succeeds,
  successionBody,
  tlogSuccession,
} from '../../engines/tlog/index.ts'
import type { MosaicNode } from '../../node.ts'
import { type Command, type ExitCode, type Run, text } from '../command.ts'
import { readFileOf } from '../read-file.ts'
import { withNode } from '../with-node.ts'
import { linesOfInput, passphraseOf, positional } from './keys-node.ts'

export const keysRecover: Command = {
  name: 'keys recover',
  summary: "Get a node's keys back with the shares of two people, or let this node succeed a lost one.",
  teaches: [
    'Reads the shares from standard input, one a line, closed by an empty line; one alone is refused. On the restored',
    'backup of that node the keys are put back, sealed under the passphrase where one is set. On another node give the',
    'last checkpoint of the lost one (a peer has it) with --succeed: this node then owns what that one owned.',
    '',
    'Example: mosaic keys recover node.escrow --succeed last-checkpoint.txt',
  ].join('\n'),
  arguments: 'ESCROW',
  takes: [1, 1],
  options: {
    succeed: {
      type: 'string',
      value: 'FILE',
      help: 'the last checkpoint of the lost node, which this one succeeds',
    },
  },
  run: async (run) => {
    const escrow = await textOf(positional(run, 0, 'the escrow copy'))
    const last = text(run.values, 'succeed')
    const checkpoint = last === undefined ? undefined : await textOf(last)
    run.out.say('Type the shares of two people, each on a line, and then an empty line.')
    const recovered = await recoverKeys(await linesOfInput(255), escrow)
    return withNode(run, (node) =>
      checkpoint === undefined
        ? restore(run, node, recovered)
        : succeed(run, { node, recovered, checkpoint }),
    )
  },
}

const textOf = async (file: string): Promise<string> => new TextDecoder().decode(await readFileOf(file))

async function restore(run: Run, node: MosaicNode, recovered: RecoveredKeys): Promise<ExitCode> {
  if (recovered.node !== node.settings.name) {
    run.out.say(
      `These are the keys of ${recovered.node}, and this node is ${node.settings.name}. To succeed it give --succeed.`,
    )
    return 1
  }
  await putBack(node.store.database, recovered, { random: randomBytes, ...passphraseOf(node) })
  if (run.json) run.out.object({ recovered: recovered.node, keyId: recovered.keyId })
  else run.out.line(`The keys of ${recovered.node} are back; ${recovered.keyId} signs.`)
  return 0
}

type SuccessionParts = {
  readonly node: MosaicNode
  readonly recovered: RecoveredKeys
  readonly checkpoint: string
}

async function succeed(run: Run, { node, recovered, checkpoint }: SuccessionParts): Promise<ExitCode> {
  const { settings, store, clock } = node
  const successor = {
    from: recovered.node,
    to: settings.name,
    kind: 'recovery',
    checkpoint,
    keyId: recovered.keyId,
  } as const
  const body = successionBody(successor, recovered.signing.sign)
  const outcome = succeeds({ type: tlogSuccession.type, origin: settings.name, body }, recovered.publicKeys)
  if (outcome.kind === 'refused') {
    run.out.say(
      `This succession would not hold (${outcome.reason}). Is that the last checkpoint of ${recovered.node}?`,
    )
    return 1
  }
  if (await refusedBeside(run, node, successor)) return 1
  const [appended] = await store.append([successionDraft(body, clock.now())])
  if (appended?.kind !== 'appended' && appended?.kind !== 'unchanged') {
    run.out.say('The succession was not taken into the log; mosaic records shows what it holds.')
    return 1
  }
  const keys = await openKeys({ database: store.database, node: settings.name, clock, ...passphraseOf(node) })
  await openLog({ database: store.database, node: settings.name, clock, keys }).integrate()
  if (run.json) run.out.object(body)
  else
    run.out.line(
      `${settings.name} succeeds ${recovered.node} from its ${outcome.end.size} records on. Peers follow when they pull.`,
    )
  return 0
}

export const successionDraft = (body: SuccessionBody, now: Draft['valid']['from']): Draft => ({
  type: tlogSuccession.type,
  key: body.from,
  realm: actual,
  producer: { kind: 'method', name: 'tlog', version: '1' },
  valid: { from: now },
  body,
})

/** Does another succession of that node hold here? Whoever holds its records would refuse this one. */
export async function refusedBeside(
  { out }: Run,
  node: MosaicNode,
  { from, to }: { readonly from: NodeId; readonly to: NodeId },
): Promise<boolean> {
  const { exchange } = await node.trust()
  const { stands } = (await exchange.successions()).decided(from)
  if (stands === undefined || stands.to === to) return false
  out.say(
    `${stands.to} has succeeded ${from} already (mosaic successions); whoever knows that refuses another.`,
  )
  return true
}
