import { type NodeId, systemClock } from '../../engines/record/index.ts'
import { connect, openEmbedded, type RestoreSummary, readBackup } from '../../engines/store/index.ts'
import { type Command, type ExitCode, Misused, type Run } from '../command.ts'
import { readSettings, type Settings } from '../settings.ts'
import { note } from '../trail.ts'

export const restore: Command = {
  name: 'restore',
  summary: 'Put a backup into an empty node.',
  teaches: [
    'Checks the whole file first; a cut or changed file is refused, and so is a node that already holds something: name an',
    'empty data folder with MOSAIC_DATA. The restored node has a new incarnation, so no CAP identifier is ever given twice,',
    'and signs its log only once its peers have said that they saw no more of it than the backup holds (mosaic log).',
    'Its audit trail goes on where the backup ends, with this restore as the first entry.',
    '',
    'Example: MOSAIC_DATA=restored mosaic restore node-2026-11-23.mosaic',
  ].join('\n'),
  arguments: 'FILE',
  takes: [1, 1],
  options: {},
  run: async (run) => {
    const settings = readSettings(process.env)
    if (settings.databaseUrl !== undefined) return into(run, settings, settings.databaseUrl)
    await using embedded = await openEmbedded({ folder: settings.dataFolder })
    return await into(run, settings, embedded.url)
  },
}

async function into(run: Run, settings: Settings, url: string): Promise<ExitCode> {
  const [file] = run.positionals
  if (file === undefined) throw new Misused('Name the file to restore from.')
  const summary = await readBackup({ url, file })
  await noteRestored(run, settings, { url, summary })
  if (run.json) run.out.object(summary)
  else run.out.line(`${file} restored: ${JSON.stringify(summary)}`)
  return 0
}

/** On the trail that came out of the file: what follows it happened on the restored node. */
async function noteRestored(
  run: Run,
  { auditPolicy }: Settings,
  { url, summary }: { readonly url: string; readonly summary: RestoreSummary },
): Promise<void> {
  if (summary.node === undefined) return // a backup of a database that never was a node's
  const database = connect(url, { max: 1 })
  try {
    const settings = { name: summary.node as NodeId, ...(auditPolicy && { auditPolicy }) }
    const reason = `backup of ${summary.createdAt}, SHA-256 ${summary.sha256}`
    await note(run, { store: { database }, clock: systemClock, settings }, { act: 'administer', reason })
  } finally {
    await database.end()
  }
}
