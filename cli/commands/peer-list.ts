import type { Withheld } from '../../engines/exchange/index.ts'
import type { Command } from '../command.ts'
import { table } from '../output.ts'
import { withExchange } from './peer-node.ts'

export const peerList: Command = {
  name: 'peer list',
  summary: 'List the peers of this node and how it stands with each.',
  teaches: [
    'STATE is active, suspended by you, forked: it signed two histories of its log, or paused: its quarantine is full. Of the',
    'last two nothing more is taken until you resume it. REFUSED counts records that could not be verified or are not for this node; mosaic quarantine',
    '--from NODE shows why. Under a peer stands what it seems to leave out: another peer brought it of the same origin, and',
    'this one did not, for an hour or more. That is a reason to ask its operators, not a proof.',
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
        for (const { node, withheld = [] } of all)
          for (const one of withheld) run.out.line(`  ${node} possibly withholds: ${withheldText(one)}`)
      }
      if (all.length === 0) run.out.say('This node has no peers; mosaic peer add URL makes one.')
      return 0
    }),
}

function withheldText({ origin, kind, since, count }: Withheld): string {
  switch (kind) {
    case 'older-log':
      return `${count} entries of the log of ${origin} that another peer showed, since ${since}`
    case 'missing-records':
      return `${count} records of ${origin} that another peer brought, since ${since}`
    default:
      return kind satisfies never
  }
}
