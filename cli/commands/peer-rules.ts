import { rulesText } from '../../engines/exchange/index.ts'
import { type Command, Misused } from '../command.ts'
import { giveOption, peerName, rulesOf, withExchange } from './peer-node.ts'

export const peerRules: Command = {
  name: 'peer rules',
  summary: 'Say anew what a peer may receive.',
  teaches: [
    'The rules given replace all that were. What they newly allow is sent, old records too; what they no longer allow is',
    'not sent from now on, but what the peer has it keeps: take a record back with mosaic recall. --nothing gives nothing.',
    '',
    'Example: mosaic peer rules tirana.example --give "warn.*:GREEN" --give "hazards.event:AMBER@AL,ME"',
  ].join('\n'),
  arguments: 'NODE',
  takes: [1, 1],
  options: { give: giveOption, nothing: { type: 'boolean', help: 'it receives nothing more' } },
  run: (run) =>
    withExchange(run, async (exchange) => {
      const given = rulesOf(run.values)
      if ((given === undefined) === (run.values['nothing'] !== true))
        throw new Misused('Say --give RULES, or --nothing.')
      const peer = await exchange.peers.change(peerName(run), { gives: given ?? [] })
      if (run.json) run.out.object({ node: peer.node, gives: peer.gives })
      else run.out.line(`${peer.node}  gives ${rulesText(peer.gives) || 'nothing'}`)
      return 0
    }),
}
