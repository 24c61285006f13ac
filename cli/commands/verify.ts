import { stat } from 'node:fs/promises'
import { type CheckedExport, checkExport } from '../../engines/exchange/index.ts'
import {
  folderSource,
  urlSource,
  type VerifiedDatabase,
  type VerifiedLog,
  verifyDatabase,
  verifyLog,
} from '../../engines/tlog/index.ts'
import { type Command, type ExitCode, Misused, type Run } from '../command.ts'
import { integrateUnlessHeld, withKeys } from './keys-node.ts'

export const verify: Command = {
  name: 'verify',
  summary: "Verify a whole log from its files alone, an export, or this node's own database.",
  teaches: [
    'With an address or a folder: checkpoint, signature, every entry, every tile, the root; the first thing that is wrong is',
    'said with its place, exit 1. Give the key that you compared with --key; without it the keys that lie beside the log are',
    'taken, which proves only that the log is whole. With a file that mosaic export wrote: its signature, and each record',
    'that came with a proof. Without argument: every record of this node against its log.',
    '',
    'Example: mosaic verify https://durres.example/log --key durres.example/log+1b2c3d4e+AbC…',
  ].join('\n'),
  arguments: '[URL|FOLDER|FILE]',
  takes: [0, 1],
  options: {
    key: {
      type: 'string',
      value: 'VKEY',
      multiple: true,
      help: 'a key that you know to be of this log (mosaic keys)',
    },
  },
  run: async (run) => {
    const [where] = run.positionals
    if (where === undefined) return verifyOwn(run)
    const { key } = run.values
    const vkeys = key === undefined ? undefined : [key].flat().map(String)
    const isUrl = /^https?:\/\//.test(where)
    const found = isUrl ? undefined : await foundAt(where)
    if (!isUrl && found === undefined)
      throw new Misused(
        `There is no file and no folder ${where}; give the address or the folder of a log, or an export.`,
      )
    if (found === 'file') return sayExport(run, await checkExport(where, vkeys))
    const source = isUrl ? urlSource(where, fetch, run.signal) : folderSource(where)
    return say(
      run,
      await verifyLog(source, {
        ...(vkeys && { vkeys }),
        onProgress: ({ files, entries, size }) =>
          run.out.progress(`${files} files, ${entries} of ${size} entries`),
      }),
    )
  },
}

const foundAt = (path: string): Promise<'file' | 'folder' | undefined> =>
  stat(path).then(
    (found) => (found.isFile() ? 'file' : 'folder'),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
      throw error
    },
  )

function sayExport({ out, json }: Run, checked: CheckedExport): ExitCode {
  if (json) out.object(checked)
  if (checked.kind === 'wrong') {
    if (!json) out.line(`WRONG  line ${checked.line}: ${checked.says}`)
    return 1
  }
  if (json) return 0
  const { header, records, proven, signedBy, keysFrom } = checked
  out.line(
    `${header.node} for ${header.for} at ${header.at}: ${records} records, ${proven} of them proven by the log of their ` +
      `origin; signed by ${signedBy.join(', ')}.`,
  )
  if (keysFrom === 'served')
    out.say('The keys were taken from the file: whoever made it anew could have made them too. Give --key.')
  return 0
}

const verifyOwn = (run: Run): Promise<ExitCode> =>
  withKeys(run, async ({ node, keys, log }) => {
    await integrateUnlessHeld(run, { log })
    return say(
      run,
      await verifyDatabase({
        database: node.store.database,
        store: node.store,
        log,
        keys,
        onProgress: ({ records, of }) => run.out.progress(`${records} of ${of} records`),
      }),
    )
  })

function say(run: Run, outcome: VerifiedLog | VerifiedDatabase): ExitCode {
  if (run.json) run.out.object(plain(outcome))
  if (outcome.kind === 'wrong') {
    if (!run.json) run.out.line(`WRONG  ${outcome.path} at ${outcome.offset}: ${outcome.says}`)
    return 1
  }
  if (run.json) return 0
  const log = 'log' in outcome ? outcome.log : outcome
  run.out.line(`${log.origin}: ${log.size} entries, whole and signed by ${log.signedBy.join(', ')}.`)
  if ('log' in outcome)
    run.out.line(
      `${outcome.records} records are what the log committed to; ${outcome.erased} were erased and cannot be compared; ` +
        `${outcome.unsigned} are not signed yet.`,
    )
  else if (log.keysFrom === 'served')
    run.out.say(
      'The keys were taken from beside the log: whoever made it anew could have made them too. Give --key.',
    )
  return 0
}

/** The root as the checkpoint writes it. */
function plain(outcome: VerifiedLog | VerifiedDatabase): object {
  if (outcome.kind === 'wrong') return outcome
  if ('log' in outcome) return { ...outcome, log: plain(outcome.log) }
  return { ...outcome, root: Buffer.from(outcome.root).toString('base64') }
}
