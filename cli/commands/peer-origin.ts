/** Origins that this node knows through others: whose keys are believed, and settling which are true. */
import { fingerprintOf, type IntroducedKey, type Settled } from '../../engines/exchange/index.ts'
import { type NodeId, unreachable } from '../../engines/record/index.ts'
import { type Command, type ExitCode, Misused, type Run, text } from '../command.ts'
import { peerName, withExchange } from './peer-node.ts'

export const peerOrigins: Command = {
  name: 'peer origins',
  summary: 'Show the keys of origins that are no peers, who introduced them, and which are contested.',
  teaches: [
    'The first introduction of an origin is believed; afterwards its own statements change its keys. A key that somebody',
    'gives later and that no known key vouches for is contested: nobody believes it until you settle it.',
    '',
    'Example: mosaic peer origins',
  ].join('\n'),
  takes: [0, 0],
  options: {},
  run: (run) =>
    withExchange(run, async ({ introduced }) => {
      const all = await introduced()
      for (const one of all) print(run, one)
      if (all.length === 0) run.out.say('No origin was introduced by a peer.')
      return 0
    }),
}

export const peerOrigin: Command = {
  name: 'peer origin',
  summary:
    'Say which key of an origin that is no peer is true, after you compared fingerprints with its operators.',
  teaches: [
    'Telephone the operators of the origin and let them read their fingerprint. What does not follow from the key that has',
    'it is not believed any more, and peers that introduce are asked again from the beginning. What was taken under another',
    'key stays and is listed: what you derived from it you can recall.',
    '',
    'Example: mosaic peer origin bitola.example --fingerprint "1f0c 77aa …"',
  ].join('\n'),
  arguments: 'NODE',
  takes: [1, 1],
  options: {
    fingerprint: { type: 'string', value: 'F', help: 'the fingerprint that its operators told you' },
  },
  run: (run) => {
    const fingerprint = text(run.values, 'fingerprint')
    if (fingerprint === undefined) throw new Misused('Give the fingerprint that its operators told you.')
    const name = peerName(run)
    return withExchange(run, async ({ settleOrigin }) =>
      say(run, name, await settleOrigin(name, fingerprint)),
    )
  },
}

function say(run: Run, name: NodeId, settled: Settled): ExitCode {
  switch (settled.kind) {
    case 'settled':
      if (run.json) run.out.object({ origin: name, ...settled })
      else {
        run.out.line(`${name}  ${settled.key.keyId}  ${fingerprintOf(settled.key)}  believed`)
        for (const { id, version } of settled.unproven)
          run.out.line(`  proven by another key: ${id}@${version}`)
      }
      return 0
    case 'no-such-key':
      run.out.say(`Nobody introduced a key of ${name} with this fingerprint. There are:`)
      for (const one of settled.known) print(run, one)
      return 1
    case 'is-peer':
      run.out.say(`${name} is a peer, whose fingerprint was compared; to compare it again: mosaic peer add.`)
      return 1
    default:
      return unreachable(settled)
  }
}

function print({ out, json }: Run, { origin, key, standing, by, at }: IntroducedKey): void {
  const fingerprint = fingerprintOf(key)
  if (json) out.object({ origin, ...key, fingerprint, standing, by, at })
  else {
    const until = key.revokedAt ? `, revoked ${key.revokedAt}` : ''
    out.line(`${origin}  ${key.keyId}  ${fingerprint}  ${standing} by ${by} at ${at}${until}`)
  }
}
