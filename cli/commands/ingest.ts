import {
  dryRunPayload,
  type IngestOutcome,
  ingestPayload,
  type SourceDeclaration,
} from '../../engines/ingest/index.ts'
import { type Clock, createRegistry, nodeId, systemClock } from '../../engines/record/index.ts'
import { previewAppend, settle } from '../../engines/store/index.ts'
import { packs, partnerSources, recordTypes } from '../../node.ts'
import { type Command, type ExitCode, Misused, type Run, text } from '../command.ts'
import { readFileOf } from '../read-file.ts'
import { realmOf, realmOption } from '../realm.ts'
import { readSettings } from '../settings.ts'
import { withNode } from '../with-node.ts'

export const ingest: Command = {
  name: 'ingest',
  summary: 'Read a file as if a source had sent it.',
  teaches: [
    'The file goes through the decoder of the source, as live data does: what can be read becomes records, what cannot is',
    'held in quarantine with its reason, and the reactors digest what follows. --dry-run writes nothing and needs no database.',
    '',
    'Example: mosaic ingest --source usgs-earthquakes --file day.geojson --dry-run --json',
  ].join('\n'),
  takes: [0, 0],
  options: {
    source: { type: 'string', value: 'ID', help: 'a source that `mosaic sources` lists' },
    file: { type: 'string', value: 'FILE', help: 'what the source sent' },
    realm: realmOption,
    'dry-run': { type: 'boolean', help: 'print the records it would append, write nothing' },
  },
  run: async (run) => {
    const source = sourceOf(text(run.values, 'source'))
    const file = text(run.values, 'file')
    if (!file) throw new Misused('Name the file with --file.')
    const bytes = await readFileOf(file)
    const payload = { bytes, mediaType: mediaTypeOf(file), receivedAt: systemClock.now() }
    return run.values['dry-run'] === true ? preview(run, source, payload) : write(run, source, payload)
  },
}

type Payload = Parameters<SourceDeclaration['decode']>[0]

/** The records as an empty node of this name would write them. */
function preview(run: Run, source: SourceDeclaration, payload: Payload): ExitCode {
  const { drafts, outcome } = dryRunPayload({ source, payload, realm: realmOf(run.values) })
  const { name = nodeId('mosaic.localhost') } = readSettings(process.env)
  const written = previewAppend(
    { node: name, clock: systemClock, registry: createRegistry(recordTypes) },
    drafts,
  )
  for (const one of written) {
    if (one.kind !== 'appended') continue
    if (run.json) run.out.object(one.record)
    else run.out.line(`${one.record.valid.from}  ${one.record.type}  ${one.record.key}`)
  }
  const refused = written.flatMap((one) => (one.kind === 'refused' ? [one.reason] : []))
  return report(run, {
    ...outcome,
    accepted: written.filter(({ kind }) => kind === 'appended').length,
    unchanged: written.filter(({ kind }) => kind === 'unchanged').length,
    quarantined: outcome.quarantined + refused.length,
    issues: [...outcome.issues, ...refused.flatMap((reason) => ('issues' in reason ? reason.issues : []))],
  })
}

async function write(run: Run, source: SourceDeclaration, payload: Payload): Promise<ExitCode> {
  const clock: Clock = systemClock
  const realm = realmOf(run.values)
  return withNode(run, async ({ store, reactors, settings }) => {
    const outcome = await ingestPayload({ store, source, payload, realm, clock })
    await settle({
      store,
      realm,
      reactors: reactors(store.identity, settings.issueRules),
      onFailure: ({ reactor, id }) =>
        run.out.say(`${reactor} could not digest ${id}; see mosaic quarantine.`),
    })
    return report(run, outcome)
  })
}

function report(run: Run, outcome: IngestOutcome): ExitCode {
  const { read: count, accepted, unchanged, quarantined, issues } = outcome
  if (run.json) run.out.object({ read: count, accepted, unchanged, quarantined, issues })
  else run.out.line(`${count} read, ${accepted} accepted, ${unchanged} unchanged, ${quarantined} quarantined`)
  if (!run.json) for (const { rule, place, message } of issues) run.out.say(`  ${place} ${rule}: ${message}`)
  return quarantined > 0 && accepted + unchanged === 0 ? 1 : 0
}

function sourceOf(id: string | undefined): SourceDeclaration {
  const all = [...packs.flatMap((pack) => pack.sources), ...partnerSources.map(({ open }) => open(fromFile))]
  const source = all.find((one) => one.id === id)
  if (!source) throw new Misused(`--source takes one of: ${all.map((one) => one.id).join(', ')}.`)
  return source
}

/** What partners give is read from a file without their address and key. */
const fromFile = { url: 'https://partner.invalid/', credentials: () => ({}) }

const mediaTypeOf = (file: string): string =>
  /\.xml$/i.test(file) ? 'application/xml' : /\.(txt|csv)$/i.test(file) ? 'text/plain' : 'application/json'
