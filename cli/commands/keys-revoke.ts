import { type Command, Misused, text } from '../command.ts'
import { integrateUnlessHeld, positional, tellOfKeys, withKeys } from './keys-node.ts'

export const keysRevoke: Command = {
  name: 'keys revoke',
  summary: 'Tell everybody not to trust one of this node’s older keys any more.',
  teaches: [
    'The key that signs cannot revoke itself: after a theft make a new one first (mosaic keys rotate --overlap 0), then',
    'revoke the old one with it.',
    '',
    'Example: mosaic keys revoke 1b2c3d4e --reason "the old machine was sold"',
  ].join('\n'),
  arguments: 'KEYID',
  takes: [1, 1],
  options: { reason: { type: 'string', value: 'TEXT', help: 'why; peers read it' } },
  run: (run) =>
    withKeys(run, async (keyed) => {
      const reason = text(run.values, 'reason')
      if (reason === undefined) throw new Misused('Say why with --reason.')
      const keyId = positional(run, 0, 'the key')
      await keyed.keys.revoke(keyId, reason)
      await tellOfKeys(keyed)
      await integrateUnlessHeld(run, keyed)
      if (run.json) run.out.object({ revoked: keyId })
      else run.out.line(`${keyId} is revoked.`)
      return 0
    }),
}
