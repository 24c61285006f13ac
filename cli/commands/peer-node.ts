/** What the commands about peers share: the exchange of the node, and how a peer's name and rules are read. */
import { type Exchange, parseRules, type SharingRule } from '../../engines/exchange/index.ts'
import { isNodeId, type NodeId } from '../../engines/record/index.ts'
import { type ExitCode, Misused, type Run, type Values } from '../command.ts'
import { withNode } from '../with-node.ts'

export const withExchange = (run: Run, act: (exchange: Exchange) => Promise<ExitCode>): Promise<ExitCode> =>
  withNode(run, async (node) => {
    const { exchange } = await node.trust()
    return act(exchange)
  })

export function peerName(run: Run): NodeId {
  const [name = ''] = run.positionals
  if (isNodeId(name)) return name
  throw new Misused(`"${name}" is no name of a node; mosaic peer list shows them.`)
}

/** `--give` may stand several times. */
export function rulesOf(values: Values): readonly SharingRule[] | undefined {
  const given = values['give']
  if (given === undefined) return undefined
  return parseRules((Array.isArray(given) ? given : [given]).join(' '))
}

export const giveOption = {
  type: 'string',
  value: 'RULES',
  multiple: true,
  help: 'what it may receive, as TYPES:LABEL@AREAS; for example warn.*:GREEN or hazards.event:AMBER@RS,BA',
} as const
