import type { KnownClaim } from '../../engines/exchange/index.ts'
import type { Command, Run } from '../command.ts'
import { withExchange } from './peer-node.ts'

export const successions: Command = {
  name: 'successions',
  summary: 'Show which node took over what another owned, and which successions do not hold beside another.',
  teaches: [
    'The heir recalls what the old node owned and writes its next versions; what the old log holds beyond its end is refused.',
    'Of several, the earlier in the old log holds, else the first that came here. A second one stands in quarantine, too:',
    'ask the operators of both heirs.',
    '',
    'Example: mosaic successions',
  ].join('\n'),
  takes: [0, 0],
  options: {},
  run: (run) =>
    withExchange(run, async (exchange) => {
      const { claims, decided } = await exchange.successions()
      for (const from of new Set(claims.map((claim) => claim.from))) {
        const { stands, second } = decided(from)
        if (stands) print(run, stands, 'holds')
        for (const claim of second) print(run, claim, 'does not hold')
      }
      if (claims.length === 0) run.out.say('No succession is known here.')
      return 0
    }),
}

function print({ out, json }: Run, { from, to, end, index, record }: KnownClaim, standing: string): void {
  const kind = index === undefined ? 'recovery' : 'merge'
  if (json) out.object({ from, to, kind, endsAt: end.size, index, record: record.id, standing })
  else out.line(`${from} → ${to}  ${kind}, its log ends at ${end.size}  ${standing}  ${record.id}`)
}
