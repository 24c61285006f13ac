import { writeFile } from 'node:fs/promises'
import { type SubjectExport, subjectAccess } from '../../engines/access/index.ts'
import { type Command, type ExitCode, Misused, type Run, text } from '../command.ts'
import { asOption, becauseOption, operatorAsking, reasonOf, several, withOperator } from './audit-asking.ts'

export const subjectAccessCommand: Command = {
  name: 'subject-access',
  summary: 'Gather all that this node holds about one person, for an officer to review.',
  teaches: [
    'Searches every version of every record for names and identifiers. The result marks what speaks of third persons,',
    'what belongs to other origins, and what is police-coded: nothing of it is to be given before somebody has read it.',
    'Give names in each script and spelling; --name and --id may stand several times. --into writes the file with rights',
    'for its owner alone.',
    '',
    'Example: mosaic subject-access --name "Arta Hoxha" --id J12345678L --as ana --because "Request 12/2026" --into arta.json',
  ].join('\n'),
  takes: [0, 0],
  options: {
    name: { type: 'string', value: 'TEXT', multiple: true, help: 'a name of the person' },
    id: { type: 'string', value: 'TEXT', multiple: true, help: 'an identifier: passport, plate, number' },
    as: asOption,
    because: becauseOption,
    into: { type: 'string', value: 'FILE', help: 'where to write (default standard output)' },
  },
  run: (run) => {
    const sought = { names: several(run, 'name'), ids: several(run, 'id') }
    if (sought.names.length + sought.ids.length === 0) throw new Misused('Say for whom: --name or --id.')
    const reason = reasonOf(run)
    return withOperator(run, async (node) => {
      const { store, clock, settings } = node
      const { audit } = await node.trust()
      const found = await subjectAccess(
        { store, clock, auditor: audit.auditor, node: settings.name },
        {
          ...{ sought, reason, asking: operatorAsking(run, node, 'oversight'), signal: run.signal },
          onProgress: (read) => run.out.progress(`${read} versions read`),
        },
      )
      return deliver(run, found)
    })
  },
}

async function deliver(run: Run, found: SubjectExport): Promise<ExitCode> {
  const file = text(run.values, 'into')
  const json = `${JSON.stringify(found, undefined, 2)}\n`
  if (file !== undefined) await writeFile(file, json, { mode: 0o600, flag: 'wx' })
  else if (run.json) run.out.object(found)
  else run.out.line(json.trimEnd())
  run.out.say(
    `${found.records.length} versions speak of the person, of ${found.recordsRead} read. Not to be given before an officer has read it.`,
  )
  return 0
}
