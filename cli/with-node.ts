/** Opens the node that the settings name for one command, notes it on the audit trail, and closes whatever happens. */
import { type MosaicNode, openNode } from '../node.ts'
import type { ExitCode, Run } from './command.ts'
import { readSettings } from './settings.ts'
import { noteCommand } from './trail.ts'

export async function withNode(run: Run, act: (node: MosaicNode) => Promise<ExitCode>): Promise<ExitCode> {
  await using node = await openNode(readSettings(process.env), undefined, {
    info: () => {},
    warn: (_, message) => run.out.say(message),
    error: (facts, message) => run.out.say(`${message} ${JSON.stringify(facts)}`),
  })
  return await noteCommand(run, [node], () => act(node))
}
