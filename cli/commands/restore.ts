import { openEmbedded, readBackup } from '../../engines/store/index.ts'
import { type Command, type ExitCode, Misused, type Run } from '../command.ts'
import { readSettings } from '../settings.ts'

export const restore: Command = {
  name: 'restore',
  summary: 'Put a backup into an empty node.',
  teaches: [
    'Checks the whole file first; a cut or changed file is refused, and so is a node that already holds something: name an',
    'empty data folder with MOSAIC_DATA. The restored node has a new incarnation, so no CAP identifier is ever given twice.',
    '',
    'Example: MOSAIC_DATA=restored mosaic restore node-2026-11-23.mosaic',
  ].join('\n'),
  arguments: 'FILE',
  takes: [1, 1],
  options: {},
  run: async (run) => {
    const { databaseUrl, dataFolder } = readSettings(process.env)
    if (databaseUrl !== undefined) return into(run, databaseUrl)
    await using embedded = await openEmbedded({ folder: dataFolder })
    return await into(run, embedded.url)
  },
}

async function into(run: Run, url: string): Promise<ExitCode> {
  const [file] = run.positionals
  if (file === undefined) throw new Misused('Name the file to restore from.')
  const summary = await readBackup({ url, file })
  if (run.json) run.out.object(summary)
  else run.out.line(`${file} restored: ${JSON.stringify(summary)}`)
  return 0
}
