import { formatVkey, logVerifier } from '../../engines/tlog/index.ts'
import { type Command, whole } from '../command.ts'
import { integrateUnlessHeld, tellOfKeys, withKeys } from './keys-node.ts'

const dayMs = 86_400_000

export const keysRotate: Command = {
  name: 'keys rotate',
  summary: 'Make a new key that signs from now on.',
  teaches: [
    'The old key vouches for the new one and signs beside it for the overlap, so that peers who know only the old one',
    'follow. A peer that does not ask in that time has to compare fingerprints again.',
    '',
    'Example: mosaic keys rotate --overlap 30',
  ].join('\n'),
  takes: [0, 0],
  options: {
    overlap: { type: 'string', value: 'DAYS', help: 'how long the old key stays valid (default 30)' },
  },
  run: (run) =>
    withKeys(run, async (keyed) => {
      const overlap = whole(run.values, 'overlap', [0, 730]) ?? 30
      const made = await keyed.keys.rotate(overlap * dayMs)
      await tellOfKeys(keyed)
      await integrateUnlessHeld(run, keyed)
      if (run.json) run.out.object(made)
      else run.out.line(`${made.keyId} signs from now on: ${formatVkey(logVerifier(made))}`)
      if ((await keyed.keys.escrow()) !== undefined)
        run.out.say(
          'The escrow copy has changed: write it anew with mosaic keys escrow FILE. The shares stay as they are.',
        )
      return 0
    }),
}
