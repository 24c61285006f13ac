import { fingerprintOf, type Peer, rulesText } from '../../engines/exchange/index.ts'
import type { Command, Run } from '../command.ts'
import { peerName, withExchange } from './peer-node.ts'

export const peerShow: Command = {
  name: 'peer show',
  summary: 'Show one peer: its keys with their fingerprints, what it may receive, for what it is cleared.',
  teaches: [
    'A key is pinned when you compared its fingerprint; the others were vouched for by one that is.',
    '',
    'Example: mosaic peer show tirana.example',
  ].join('\n'),
  arguments: 'NODE',
  takes: [1, 1],
  options: {},
  run: (run) =>
    withExchange(run, async (exchange) => {
      const name = peerName(run)
      const peer = await exchange.peers.get(name)
      if (peer === undefined) {
        run.out.say(`${name} is no peer of this node; mosaic peer list shows them.`)
        return 1
      }
      if (run.json) run.out.object(peer)
      else print(run, peer)
      return 0
    }),
}

function print({ out }: Run, peer: Peer): void {
  const pinned = new Set(peer.pinned.map(({ keyId }) => keyId))
  out.line(`${peer.node}  ${peer.url}  ${peer.state}${peer.stateReason ? `: ${peer.stateReason}` : ''}`)
  for (const key of peer.keys) {
    const until = key.revokedAt
      ? `revoked ${key.revokedAt}`
      : key.validUntil
        ? `until ${key.validUntil}`
        : 'valid'
    out.line(
      `  key      ${key.keyId}  ${fingerprintOf(key)}  ${pinned.has(key.keyId) ? 'compared' : 'vouched for'}, ${until}`,
    )
  }
  out.line(`  gives    ${rulesText(peer.gives) || 'nothing'}`)
  out.line(
    `  cleared  ${peer.clearances.map(({ community, upTo }) => `${community}:${upTo}`).join(', ') || 'for TLP:CLEAR'}`,
  )
  out.line(`  purposes ${peer.purposes.join(', ') || 'public'}`)
  out.line(`  police   ${peer.police.join(', ') || 'none'}`)
  out.line(`  introduces origins: ${peer.introduces ? 'yes' : 'no'}`)
}
