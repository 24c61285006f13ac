import { writeFile } from 'node:fs/promises'
import { type Command, whole } from '../command.ts'
import { positional, withKeys } from './keys-node.ts'

export const keysSplit: Command = {
  name: 'keys split',
  summary: 'Make shares, any two of which can recover the keys, and write the escrow copy they open.',
  teaches: [
    'Each share is printed once and kept nowhere: write each on paper and give each to another person. The escrow copy',
    'tells nobody anything without two of them; keep it with your backups and with a peer. Splitting again makes the',
    'shares of before useless for the new copy.',
    '',
    'Example: mosaic keys split node.escrow --shares 5',
  ].join('\n'),
  arguments: 'FILE',
  takes: [1, 1],
  options: { shares: { type: 'string', value: 'N', help: 'how many people get one (default 3)' } },
  run: (run) =>
    withKeys(run, async ({ keys }) => {
      const file = positional(run, 0, 'the file for the escrow copy')
      const { shares, escrow } = await keys.split(whole(run.values, 'shares', [2, 255]) ?? 3)
      await writeFile(file, escrow)
      for (const [at, share] of shares.entries())
        if (run.json) run.out.object({ person: at + 1, share })
        else run.out.line(`person ${at + 1}:  ${share}`)
      run.out.say(`${file} written. The shares are shown this once: one person, one share, on paper.`)
      return 0
    }),
}

export const keysEscrow: Command = {
  name: 'keys escrow',
  summary: 'Write the escrow copy as it is after the last change of keys.',
  teaches: ['The shares that were made before open it.', '', 'Example: mosaic keys escrow node.escrow'].join(
    '\n',
  ),
  arguments: 'FILE',
  takes: [1, 1],
  options: {},
  run: (run) =>
    withKeys(run, async ({ keys }) => {
      const escrow = await keys.escrow()
      if (escrow === undefined) {
        run.out.say('No shares were made yet: mosaic keys split FILE makes them.')
        return 1
      }
      await writeFile(positional(run, 0, 'the file for the escrow copy'), escrow)
      return 0
    }),
}
