/** What the commands about keys and log share: the node's keys and log, and lines that a person gives on standard input. */
import { createInterface } from 'node:readline'
import { LogHeld, type OpenKeys, openKeys, openLog, type TransparencyLog } from '../../engines/tlog/index.ts'
import type { MosaicNode } from '../../node.ts'
import { type ExitCode, Misused, type Run } from '../command.ts'
import { withNode } from '../with-node.ts'

export type KeyedNode = { readonly node: MosaicNode; readonly keys: OpenKeys; readonly log: TransparencyLog }

export const passphraseOf = ({ settings: { passphrase } }: Pick<MosaicNode, 'settings'>) =>
  passphrase === undefined ? {} : { passphrase }

export const withKeys = (run: Run, act: (keyed: KeyedNode) => Promise<ExitCode>): Promise<ExitCode> =>
  withNode(run, async (node) => {
    const { clock, settings } = node
    const { database } = node.store
    const keys = await openKeys({ database, node: settings.name, clock, ...passphraseOf(node) })
    return act({ node, keys, log: openLog({ database, node: settings.name, clock, keys }) })
  })

/** Takes up what is new. While signing is held that waits, which is said, and what was signed before stands. */
export async function integrateUnlessHeld({ out }: Run, { log }: Pick<KeyedNode, 'log'>): Promise<void> {
  try {
    await log.integrate()
  } catch (error) {
    if (!(error instanceof LogHeld)) throw error
    out.say(error.message)
  }
}

/** What is said of the keys is appended as records; a repeat changes nothing. */
export async function tellOfKeys({ node, keys }: KeyedNode): Promise<void> {
  for (const draft of await keys.statements()) await node.store.append([draft], { unlessEver: true })
}

/** Lines of standard input until it ends, or an empty line. */
export async function linesOfInput(most: number): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '' || lines.length === most) break
    lines.push(line.trim())
  }
  return lines
}

export function positional(run: Run, at: number, what: string): string {
  const found = run.positionals[at]
  if (found === undefined) throw new Misused(`Name ${what}.`)
  return found
}
