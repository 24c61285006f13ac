/**
 * A list of areas from a file into the register. One that cannot be read is named with its reason and does not stop the
 * others; a list whose names and shapes do not fit is refused whole, because it would lead warnings to other people.
 */
import {
  type Area,
  type AreasRead,
  areaDrafts,
  doubtfulAreas,
  isDay,
  isListInDoubt,
  type Places,
  type RejectedFeature,
  readAreas,
} from '../../engines/place/index.ts'
import type { Issue } from '../../engines/record/index.ts'
import type { Appended } from '../../engines/store/index.ts'
import { type Command, type ExitCode, Misused, type Run, text, type Values } from '../command.ts'
import { readFileOf } from '../read-file.ts'
import { realmOf, realmOption } from '../realm.ts'
import { withNode } from '../with-node.ts'
import { readerOf } from './areas.ts'

/** Where published lists keep code and name, unless the options say otherwise. */
const nutsColumns = { code: 'NUTS_ID', name: 'NAME_LATN' }
const cellColumns = { code: 'WARNCELLID', name: 'NAME' }
const usualColumns = { code: 'code', name: 'area' }

export const areasImport: Command = {
  name: 'areas import',
  summary: 'Import the shapes of areas that feeds name only by code.',
  teaches: [
    'Reads GeoJSON, and lists of {code, area, coordinates, type} as weather services publish them. Each area is a record',
    'with the edition it belongs to; one that cannot be read is named with its reason, and does not stop the others.',
    'A list whose names and shapes do not fit is refused: warnings would reach the wrong people. Without --country the',
    'country follows from each code. Warnings in force that name the codes get their place at once.',
    '',
    'Example: mosaic areas import serbia.json --scheme EMMA_ID --country RS --from 2024-05-01 --source "EUMETNET MeteoAlarm" --licence "MIT"',
    'Example: mosaic areas import nuts3.geojson --scheme NUTS --from 2024-01-01 --source "Eurostat GISCO"',
  ].join('\n'),
  arguments: 'FILE',
  takes: [1, 1],
  options: {
    scheme: { type: 'string', value: 'EMMA_ID|NUTS|…', help: 'the code list' },
    'code-property': {
      type: 'string',
      value: 'NAME',
      help: 'property that holds the code (default: code; NUTS_ID and WARNCELLID for these lists)',
    },
    'name-property': {
      type: 'string',
      value: 'NAME',
      help: 'property that holds the name (default: area; NAME_LATN and NAME for these lists)',
    },
    'name-language': {
      type: 'string',
      value: 'TAG',
      help: 'BCP 47 tag of the names (default: und, nobody knows)',
    },
    country: { type: 'string', value: 'CODE', help: 'country of every area in the file' },
    from: {
      type: 'string',
      value: 'YYYY-MM-DD',
      help: 'day from which this edition holds (default: today)',
    },
    until: { type: 'string', value: 'YYYY-MM-DD', help: 'first day on which it no longer holds' },
    source: { type: 'string', value: 'TEXT', help: 'whose list it is, for the credit line' },
    licence: { type: 'string', value: 'TEXT', help: 'its licence (default: not stated)' },
    'take-doubtful': { type: 'boolean', help: 'take areas too whose name and shape do not fit' },
    realm: realmOption,
    'dry-run': { type: 'boolean', help: 'read and report, write nothing' },
  },
  run: async (run) => {
    const { values } = run
    const [file = ''] = run.positionals
    const bytes = await readFileOf(file)
    const scheme = text(values, 'scheme')
    if (!scheme) throw new Misused('Name the code list with --scheme, for example EMMA_ID or NUTS.')
    return withNode(run, async (node) => {
      const read = readAreas(bytes, optionsOf(values, scheme, node.clock.now().slice(0, 10)))
      const { countryOf } = readerOf(node)
      const withCountry = read.areas.map((area): Area => {
        const country = area.country ?? countryOf(area)
        return country === undefined ? area : { ...area, country }
      })
      const { areas, rejected } = sound({ ...read, areas: withCountry }, values, node.places)
      for (const { place, code, issues } of rejected)
        run.out.say(
          `${file} ${code === undefined ? place : `${place} ${code}`}: ${issues.map(({ message }) => message).join(' ')}`,
        )
      const codes = areas.map(({ code }) => code)
      if (values['dry-run'] === true || areas.length === 0) return report(run, file, codes, [], rejected)
      const source = text(values, 'source') ?? file
      const drafts = areaDrafts(areas, {
        realm: realmOf(values),
        producer: { kind: 'method', name: 'mosaic areas import', version: '1' },
        attribution: [{ source, licence: text(values, 'licence') ?? 'not stated', credit: source }],
      })
      return report(run, file, codes, await node.store.append(drafts), rejected)
    })
  },
}

function optionsOf(values: Values, scheme: string, today: string) {
  const usual = /^NUTS\d?$/.test(scheme) ? nutsColumns : scheme === 'WARNCELLID' ? cellColumns : usualColumns
  const [asOf, validUntil] = [text(values, 'from') ?? today, text(values, 'until')]
  for (const day of [asOf, validUntil])
    if (day !== undefined && !isDay(day)) throw new Misused(`"${day}" is not a day; write YYYY-MM-DD.`)
  if (validUntil !== undefined && validUntil <= asOf)
    throw new Misused('--until is the first day on which the edition no longer holds: after --from.')
  const nameLanguage = text(values, 'name-language')
  const country = text(values, 'country')?.toUpperCase()
  return {
    ...{ scheme, asOf },
    codeProperty: text(values, 'code-property') ?? usual.code,
    nameProperty: text(values, 'name-property') ?? usual.name,
    ...(nameLanguage === undefined ? {} : { nameLanguage }),
    ...(country === undefined ? {} : { country }),
    ...(validUntil === undefined ? {} : { validUntil }),
  }
}

/** What of the list can be taken: without what is in doubt, and nothing of a list that is in doubt as a whole. */
function sound({ areas, rejected }: AreasRead, values: Values, places: Places) {
  const doubts = values['take-doubtful'] === true ? [] : doubtfulAreas(areas, places)
  const issues = new Map(doubts.map(({ area, issue }) => [area, issue]))
  const refused = (isListInDoubt(areas, doubts) ? areas : doubts.map(({ area }) => area)).map(
    (area): RejectedFeature => ({ place: '', code: area.code, issues: [issues.get(area) ?? listInDoubt] }),
  )
  const left = new Set(refused.map(({ code }) => code))
  return { areas: areas.filter(({ code }) => !left.has(code)), rejected: [...rejected, ...refused] }
}

const listInDoubt: Issue = {
  rule: 'place/list-in-doubt',
  place: '',
  message: 'More than a tenth of this list have a name that does not fit the shape, so none of it is taken.',
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
