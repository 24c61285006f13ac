import { writeBackup } from '../../engines/store/index.ts'
import { type Command, Misused } from '../command.ts'
import { withNode } from '../with-node.ts'

export const backup: Command = {
  name: 'backup',
  summary: 'Write the whole node into one file, while it runs.',
  teaches: [
    'One consistent instant of every table, compressed, closed by a SHA-256 over all. The file holds everything the node',
    'holds, restricted records and secrets of the node included: keep it as you keep the node. What one person may have of',
    'it, mosaic export writes.',
    '',
    'Example: mosaic backup node-2026-11-23.mosaic',
  ].join('\n'),
  arguments: 'FILE',
  takes: [1, 1],
  options: {},
  run: (run) =>
    withNode(run, async ({ databaseUrl, clock }) => {
      const [file] = run.positionals
      if (file === undefined) throw new Misused('Name the file to write.')
      const summary = await writeBackup({ url: databaseUrl, file, now: clock.now() })
      if (run.json) run.out.object(summary)
      else run.out.line(`${file} written: ${JSON.stringify(summary)}`)
      return 0
    }),
}
