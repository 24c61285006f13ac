import { exportLog } from '../../engines/tlog/index.ts'
import type { Command } from '../command.ts'
import { integrateUnlessHeld, positional, withKeys } from './keys-node.ts'

export const logExport: Command = {
  name: 'log export',
  summary: 'Write the log as static files that any web server can serve and anybody can verify.',
  teaches: [
    'Checkpoint, tiles, entries (salted commitments, no content) and keys, as C2SP tlog-tiles lays them out. Run again, it',
    'adds what is new; broken off, it goes on.',
    '',
    'Example: mosaic log export log && mosaic verify log',
  ].join('\n'),
  arguments: 'FOLDER',
  takes: [1, 1],
  options: {},
  run: (run) =>
    withKeys(run, async ({ log, keys }) => {
      await integrateUnlessHeld(run, { log })
      const folder = positional(run, 0, 'the folder')
      const { checkpoint, written, kept } = await exportLog(folder, {
        log,
        keys: await keys.all(),
        onProgress: ({ written: files }) => run.out.progress(`${files} files`),
      })
      const { origin, size } = checkpoint
      if (run.json) run.out.object({ origin, size, written, kept })
      else run.out.line(`${origin}: ${size} entries, ${written} files written, ${kept} were there.`)
      return 0
    }),
}
