import { areaDrafts, readAreas } from '../../engines/place/index.ts'
import type { Appended } from '../../engines/store/index.ts'
import { type Command, type ExitCode, Misused, type Run, text } from '../command.ts'
import { readFileOf } from '../read-file.ts'
import { realmOf, realmOption } from '../realm.ts'
import { withNode } from '../with-node.ts'

export const areasImport: Command = {
  name: 'areas import',
  summary: 'Import the shapes of areas that feeds name only by code.',
  teaches: [
    'Reads GeoJSON, and lists of {code, area, coordinates, type} as weather services publish them. Each area is a record',
    'with the edition it belongs to; one that cannot be read is named with its reason, and does not stop the others.',
    '',
    'Example: mosaic areas import nuts3.geojson --code-property NUTS_ID --scheme NUTS --as-of 2024-01-01',
  ].join('\n'),
  arguments: 'FILE',
  takes: [1, 1],
  options: {
    scheme: { type: 'string', value: 'EMMA_ID|NUTS|…', help: 'the code list' },
    'code-property': { type: 'string', value: 'NAME', help: 'property that holds the code (default: code)' },
    'name-property': {
      type: 'string',
      value: 'NAME',
      help: 'property that holds the name (default: area or name)',
    },
    'name-language': {
      type: 'string',
      value: 'TAG',
      help: 'BCP 47 tag of the names (default: und, nobody knows)',
    },
    country: { type: 'string', value: 'CODE', help: 'country of every area in the file' },
    'as-of': {
      type: 'string',
      value: 'YYYY-MM-DD',
      help: 'day from which this edition holds (default: today)',
    },
    source: { type: 'string', value: 'TEXT', help: 'whose list it is, for the credit line' },
    licence: { type: 'string', value: 'TEXT', help: 'its licence (default: not stated)' },
    realm: realmOption,
    'dry-run': { type: 'boolean', help: 'read and report, write nothing' },
  },
  run: async (run) => {
    const { values } = run
    const scheme = text(values, 'scheme')
    if (!scheme) throw new Misused('Name the code list with --scheme, for example EMMA_ID or NUTS.')
    const [file = ''] = run.positionals
    const asOf = text(values, 'as-of') ?? new Date().toISOString().slice(0, 10)
    const nameProperty = text(values, 'name-property')
    const nameLanguage = text(values, 'name-language')
    const country = text(values, 'country')
    const read = readAreas(await readFileOf(file), {
      scheme,
      codeProperty: text(values, 'code-property') ?? 'code',
      asOf,
      ...(nameProperty === undefined ? {} : { nameProperty }),
      ...(nameLanguage === undefined ? {} : { nameLanguage }),
      ...(country === undefined ? {} : { country }),
    })
    const refused = read.rejected.map(({ place, code, issues }) => ({ place, code, issues }))
    for (const { place, issues } of refused)
      run.out.say(`${file} ${place}: ${issues.map(({ message }) => message).join(' ')}`)
    if (values['dry-run'] === true || read.areas.length === 0) {
      return report(
        run,
        file,
        read.areas.map(({ code }) => code),
        [],
        refused,
      )
    }
    const attribution = {
      source: text(values, 'source') ?? file,
      licence: text(values, 'licence') ?? 'not stated',
      credit: text(values, 'source') ?? file,
    }
    return withNode(run, async ({ store }) => {
      const drafts = areaDrafts(read.areas, {
        realm: realmOf(values),
        producer: { kind: 'method', name: 'mosaic areas import', version: '1' },
        attribution: [attribution],
      })
      return report(
        run,
        file,
        read.areas.map(({ code }) => code),
        await store.append(drafts),
        refused,
      )
    })
  },
}

function report(
  run: Run,
  file: string,
  codes: readonly string[],
  outcomes: readonly Appended[],
  rejected: readonly unknown[],
): ExitCode {
  const count = (kind: Appended['kind']) => outcomes.filter((one) => one.kind === kind).length
  const summary = {
    file,
    read: codes.length + rejected.length,
    appended: count('appended'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    rejected: rejected.length,
  }
  if (run.json) run.out.object({ ...summary, codes, rejections: rejected })
  else
    run.out.line(
      `${summary.read} areas read, ${summary.appended} appended, ${summary.unchanged} unchanged, ${summary.refused + rejected.length} refused`,
    )
  return codes.length === 0 || summary.refused > 0 ? 1 : 0
}
