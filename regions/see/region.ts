/**
 * South East Europe: the first region. All that Mosaic knows of its states stands in this folder, as data.
 * Members and neighbours follow the Regional Security Strategy of 2006, with the names of today.
 */
import { fileURLToPath } from 'node:url'
import type { Region } from '../../engines/place/index.ts'
import type { RegionWarnings } from '../../engines/warn/index.ts'
import { areaRules } from './area-codes.ts'
import { capSources } from './cap-sources.ts'
import { contacts } from './contacts.ts'
import { countries, type RegionCountry } from './countries.ts'
import names from './names.json' with { type: 'json' }
import { rivers } from './rivers.ts'

export const see: Region & {
  readonly countries: readonly RegionCountry[]
  readonly warnings: RegionWarnings
} = {
  id: 'see',
  title: names.region,
  countries,
  languages: [
    'sq',
    'bs',
    'bg',
    'hr',
    'en',
    'de',
    'el',
    'hu',
    'it',
    'mk',
    'cnr',
    'ro',
    'sr-Cyrl',
    'sr-Latn',
    'sl',
    'tr',
    'uk',
  ],
  bounds: [13, 34.5, 45, 48.8],
  warnings: capSources,
  rivers,
  contacts,
  areaRules,
  folder: fileURLToPath(new URL('.', import.meta.url)),
}
