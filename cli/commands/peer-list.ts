import type { Command } from '../command.ts'
import { table } from '../output.ts'
import { withExchange } from './peer-node.ts'

export const peerList: Command = {
  name: 'peer list',
  summary: 'List the peers of this node and how it stands with each.',
  teaches: [
    'STATE is active, suspended by you, or forked: it signed two histories of its log, and nothing more is taken from it',
    'until you resume it. REFUSED counts records that could not be verified or are not for this node; mosaic quarantine',
    '--from NODE shows why. The last line under a peer is its last error, while it lasts.',
    '',
    'Example: mosaic peer list --json',
  ].join('\n'),
  takes: [0, 0],
  options: {},
  run: (run) =>
    withExchange(run, async (exchange) => {
      const all = await exchange.status()
      if (run.json) for (const status of all) run.out.object(status)
      else if (all.length > 0) {
        const rows = all.map((one) => [
          one.node,
          one.state,
          one.isCaughtUp ? 'up to date' : 'behind',
          one.lastContactAt ?? 'never',
          String(one.received),
          String(one.refused),
          one.lastError ? `${one.lastError.message} [${one.lastError.code}]` : (one.stateReason ?? ''),
        ])
        for (const line of table([
          ['NODE', 'STATE', 'TAKEN', 'LAST HEARD', 'RECEIVED', 'REFUSED', 'ERROR'],
          ...rows,
        ]))
          run.out.line(line)
      }
      if (all.length === 0) run.out.say('This node has no peers; mosaic peer add URL makes one.')
      return 0
    }),
}
