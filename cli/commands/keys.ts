import { formatVkey, logVerifier, type PublicKey } from '../../engines/tlog/index.ts'
import type { Command } from '../command.ts'
import { table } from '../output.ts'
import { withKeys } from './keys-node.ts'

export const keys: Command = {
  name: 'keys',
  summary: "List this node's keys, and whether they are sealed.",
  teaches: [
    'The first signs. Compare the fingerprints with those that a peer sees, over another way than the network. The vkey',
    '(C2SP signed-note) is what an auditor gives to mosaic verify --key.',
    '',
    'Example: mosaic keys',
  ].join('\n'),
  takes: [0, 0],
  options: {},
  run: (run) =>
    withKeys(run, async (keyed) => {
      const all = await keyed.keys.all()
      const isSealed = await keyed.keys.isSealed()
      for (const key of all)
        if (run.json) run.out.object({ ...key, vkey: formatVkey(logVerifier(key)), isSealed })
      if (!run.json)
        for (const line of table(
          all.map((key) => [key.keyId, stateOf(key, keyed.keys.current()), formatVkey(logVerifier(key))]),
        ))
          run.out.line(line)
      if (!isSealed)
        run.out.say(
          'The private keys stand open in the database: set MOSAIC_PASSPHRASE_FILE and start the node to seal them.',
        )
      if ((await keyed.keys.escrow()) === undefined)
        run.out.say('Nobody could recover them: mosaic keys split makes shares for two people or more.')
      return 0
    }),
}

function stateOf(key: PublicKey, current: PublicKey): string {
  if (key.revokedAt !== undefined) return `revoked ${key.revokedAt}`
  if (key.keyId === current.keyId) return `signs since ${key.validFrom}`
  return `until ${key.validUntil ?? 'further notice'}`
}
