/** Readings of stations from a file in one of the formats that services give them in. */
import {
  dryRunPayload,
  type IngestOutcome,
  ingestPayload,
  type SourceDeclaration,
} from '../../engines/ingest/index.ts'
import { systemClock } from '../../engines/record/index.ts'
import { settle } from '../../engines/store/index.ts'
import {
  openAqAttribution,
  openAqDecoder,
  readOpenAqLocations,
  readTableMapping,
  type SeriesFormat,
  seriesSource,
} from '../../packs/environment/pack.ts'
import { type Command, type ExitCode, Misused, type Run, text, type Values } from '../command.ts'
import { readFileOf } from '../read-file.ts'
import { realmOf, realmOption } from '../realm.ts'
import { withNode } from '../with-node.ts'

const formats = ['water-ml', 'sensor-things', 'table', 'openaq'] as const

export const readingsImport: Command = {
  name: 'readings import',
  summary: 'Read the readings of stations from a file, hold what cannot be, and look at the limits.',
  teaches: [
    'Formats: WaterML 2 (water-ml), SensorThings with expanded Observations (sensor-things), a table by the columns that',
    '--mapping names, OpenAQ v3 with the stations of --stations. Readings with a wrong unit, an impossible value or a time to',
    'come are held: mosaic quarantine --from SOURCE lists them with the reason. --dry-run writes nothing.',
    '',
    'Example: mosaic readings import sava.xml --format water-ml --source rhmz-gauges --licence CC-BY-4.0 --credit "RHMZ"',
  ].join('\n'),
  arguments: 'FILE',
  takes: [1, 1],
  options: {
    format: { type: 'string', value: 'WORD', help: formats.join(', ') },
    source: {
      type: 'string',
      value: 'ID',
      help: 'whose they are, in every key; openaq where the format says so',
    },
    mapping: { type: 'string', value: 'FILE', help: 'of a table: which column is what, as JSON' },
    stations: { type: 'string', value: 'FILE', help: 'of OpenAQ: the answer of /v3/locations' },
    licence: {
      type: 'string',
      value: 'TEXT',
      help: 'under which they may be used (SPDX where there is one)',
    },
    credit: { type: 'string', value: 'TEXT', help: 'the line that must stand beside them' },
    realm: realmOption,
    'dry-run': { type: 'boolean', help: 'say what would become of it, write nothing' },
  },
  run: async (run) => {
    const [file = ''] = run.positionals
    const source = await sourceOf(run.values)
    const bytes = await readFileOf(file)
    const payload = { bytes, mediaType: mediaTypes[source.format], receivedAt: systemClock.now() }
    const realm = realmOf(run.values)
    if (run.values['dry-run'] === true)
      return report(run, dryRunPayload({ source: source.declared, payload, realm }).outcome)
    return withNode(run, async ({ store, reactors, settings, clock }) => {
      const outcome = await ingestPayload({ store, source: source.declared, payload, realm, clock })
      await settle({
        store,
        realm,
        reactors: reactors(store.identity, settings.issueRules),
        onFailure: ({ reactor, id }) =>
          run.out.say(`${reactor} could not digest ${id}; see mosaic quarantine.`),
      })
      return report(run, outcome)
    })
  },
}

type Format = (typeof formats)[number]
type Chosen = { readonly declared: SourceDeclaration; readonly format: Format }

async function sourceOf(values: Values): Promise<Chosen> {
  const format = formats.find((one) => one === text(values, 'format'))
  if (format === undefined) throw new Misused(`--format takes one of: ${formats.join(', ')}.`)
  if (format === 'openaq') return { declared: await openAq(text(values, 'stations')), format }
  const [id, licence, credit] = ['source', 'licence', 'credit'].map((name) => text(values, name)?.trim())
  if (!id || !/^[a-z][a-z0-9-]{1,60}$/.test(id))
    throw new Misused('Name the source with --source: lower-case letters, digits and hyphens.')
  if (!licence || !credit)
    throw new Misused('Say under which --licence they may be used and whom to --credit.')
  const attribution = { source: id, licence, credit }
  const read: SeriesFormat =
    format === 'table'
      ? { kind: 'table', mapping: await mappingOf(text(values, 'mapping')) }
      : { kind: format }
  return { declared: seriesSource({ id, title: credit, url: '', format: read, attribution }), format }
}

async function mappingOf(file: string | undefined) {
  if (!file) throw new Misused('A table needs --mapping: a file that says which column is what.')
  const read = readTableMapping(await readFileOf(file))
  if (read.ok) return read.mapping
  throw new Misused(`${file}: ${read.issues.map(({ place, message }) => `${place} ${message}`).join(' ')}`)
}

/** @NOTE the address is that of the service; nothing is fetched here, because it asks for a key. */
async function openAq(stations: string | undefined): Promise<SourceDeclaration> {
  const known = stations === undefined ? undefined : readOpenAqLocations(await readFileOf(stations)).stations
  return {
    ...seriesSource({
      id: 'openaq',
      title: 'OpenAQ',
      url: 'https://api.openaq.org/v3/locations',
      format: { kind: 'sensor-things' },
      attribution: openAqAttribution,
    }),
    decode: openAqDecoder(known),
  }
}

const mediaTypes: Readonly<Record<Format, string>> = {
  'water-ml': 'application/xml',
  'sensor-things': 'application/json',
  table: 'text/csv',
  openaq: 'application/json',
}

function report(run: Run, { read, accepted, unchanged, quarantined, issues }: IngestOutcome): ExitCode {
  if (run.json) run.out.object({ read, accepted, unchanged, quarantined, issues })
  else run.out.line(`${read} read, ${accepted} accepted, ${unchanged} unchanged, ${quarantined} held`)
  if (!run.json) for (const { rule, place, message } of issues) run.out.say(`  ${place} ${rule}: ${message}`)
  return quarantined > 0 && accepted + unchanged === 0 ? 1 : 0
}
