/**
 * The countries of South East Europe and their neighbours.
 *
 * - Codes: ISO 3166-1. `XK` and `XKX` are user-assigned (as the European Commission and the World Bank use them), not part
 *   of the standard; there is no numeric code.
 * - Official languages: each constitution. Bosnia and Herzegovina's three languages with both scripts of Serbian; Serbia:
 *   Serbian in Cyrillic (art. 10); Montenegro: Montenegrin (art. 13), with four more in official use; Kosovo*: Albanian
 *   and Serbian (art. 5); North Macedonia: Macedonian and Albanian (amendment V, law of 2019); Cyprus: Greek and Turkish
 *   (art. 3). Languages that texts are not kept in stand apart, so nobody mistakes them for covered.
 * - Population: the office's figure where there is a recent census or register, else an estimate, as said. Eurostat
 *   figures are rounded to thousands. Cyprus: the area under government control only.
 * - Shapes: Natural Earth as `world-atlas` carries it. Its separate polygons in the north of Cyprus and the buffer zone
 *   belong to Cyprus (UNSCR 541/1983); the British Sovereign Base Areas belong to no country of this list. Crimea, which
 *   the data set draws with the power in control, belongs to Ukraine (UNGA resolution 68/262).
 * - Time zones: IANA. Pristina has no zone of its own there; its clocks are Belgrade's.
 */
import type { CountryFacts } from '../../engines/place/index.ts'
import type { Language } from '../../engines/record/index.ts'
import names from './names.json' with { type: 'json' }

export type RegionCountry = CountryFacts & {
  /** ISO 3166-1 numeric. */
  readonly numeric?: string
  /** Not official in the whole country, but in official use by constitution or in some municipalities. */
  readonly alsoInOfficialUse: readonly Language[]
  /** Official, but texts are not kept in it. */
  readonly officialNotKept: readonly Language[]
  /** Land neighbours that the region has no data about. */
  readonly otherNeighbours: readonly string[]
}

type Row = {
  readonly codes: string
  readonly official: string
  readonly inUse?: string
  readonly notKept?: string
  readonly neighbours: string
  readonly others?: string
  readonly people: readonly [people: number, year: number, source: string]
  readonly zone: string
  readonly shape?: readonly string[]
}

const eurostat = 'Eurostat demo_pjan, 1 January, rounded'

const region: Readonly<Record<string, Row>> = {
  AL: {
    codes: 'ALB 008',
    official: 'sq',
    neighbours: 'GR ME MK XK',
    people: [2_402_113, 2023, 'INSTAT, census 2023'],
    zone: 'Europe/Tirane',
  },
  BA: {
    codes: 'BIH 070',
    official: 'bs hr sr-Cyrl sr-Latn',
    neighbours: 'HR ME RS',
    people: [3_185_000, 2023, 'World Bank, estimate, rounded'],
    zone: 'Europe/Sarajevo',
  },
  BG: {
    codes: 'BGR 100',
    official: 'bg',
    neighbours: 'GR MK RO RS TR',
    people: [6_445_000, 2024, eurostat],
    zone: 'Europe/Sofia',
  },
  GR: {
    codes: 'GRC 300',
    official: 'el',
    neighbours: 'AL BG MK TR',
    people: [10_401_000, 2024, eurostat],
    zone: 'Europe/Athens',
  },
  HR: {
    codes: 'HRV 191',
    official: 'hr',
    inUse: 'it sr-Cyrl',
    neighbours: 'BA HU ME RS SI',
    people: [3_862_000, 2024, eurostat],
    zone: 'Europe/Zagreb',
  },
  MD: {
    codes: 'MDA 498',
    official: 'ro',
    neighbours: 'RO UA',
    people: [2_423_000, 2024, 'National Bureau of Statistics, usual residence, estimate, rounded'],
    zone: 'Europe/Chisinau',
  },
  ME: {
    codes: 'MNE 499',
    official: 'cnr',
    inUse: 'sr-Cyrl sr-Latn bs sq hr',
    neighbours: 'AL BA HR RS XK',
    people: [623_633, 2023, 'MONSTAT, census 2023'],
    zone: 'Europe/Podgorica',
  },
  MK: {
    codes: 'MKD 807',
    official: 'mk sq',
    inUse: 'tr sr-Cyrl bs',
    neighbours: 'AL BG GR RS XK',
    people: [1_836_713, 2021, 'State Statistical Office, census 2021'],
    zone: 'Europe/Skopje',
  },
  RO: {
    codes: 'ROU 642',
    official: 'ro',
    neighbours: 'BG HU MD RS UA',
    people: [19_067_000, 2024, eurostat],
    zone: 'Europe/Bucharest',
  },
  RS: {
    codes: 'SRB 688',
    official: 'sr-Cyrl',
    inUse: 'sr-Latn hu ro hr bs sq bg',
    neighbours: 'BA BG HR HU ME MK RO XK',
    people: [6_647_003, 2022, 'Statistical Office of the Republic of Serbia, census 2022, without Kosovo*'],
    zone: 'Europe/Belgrade',
  },
  SI: {
    codes: 'SVN 705',
    official: 'sl',
    inUse: 'it hu',
    neighbours: 'AT HR HU IT',
    people: [2_124_000, 2024, eurostat],
    zone: 'Europe/Ljubljana',
  },
  TR: {
    codes: 'TUR 792',
    official: 'tr',
    neighbours: 'BG GR',
    others: 'AM AZ GE IQ IR SY',
    people: [85_372_377, 2023, 'TurkStat, address-based register, 31 December 2023'],
    zone: 'Europe/Istanbul',
  },
  XK: {
    codes: 'XKX',
    official: 'sq sr-Cyrl sr-Latn',
    inUse: 'tr bs',
    neighbours: 'AL ME MK RS',
    people: [1_586_659, 2024, 'Kosovo* Agency of Statistics, census 2024, first results, estimate'],
    zone: 'Europe/Belgrade',
    shape: ['Kosovo'],
  },
}

const neighbours: Readonly<Record<string, Row>> = {
  AT: {
    codes: 'AUT 040',
    official: 'de',
    inUse: 'hr sl hu',
    neighbours: 'HU IT SI SK',
    others: 'CH CZ DE LI',
    people: [9_159_000, 2024, eurostat],
    zone: 'Europe/Vienna',
  },
  CY: {
    codes: 'CYP 196',
    official: 'el tr',
    neighbours: '',
    people: [966_000, 2024, `${eurostat}, area under government control`],
    zone: 'Asia/Nicosia',
    shape: ['196', 'N. Cyprus', 'Cyprus U.N. Buffer Zone'],
  },
  HU: {
    codes: 'HUN 348',
    official: 'hu',
    neighbours: 'AT HR RO RS SI SK UA',
    people: [9_585_000, 2024, eurostat],
    zone: 'Europe/Budapest',
  },
  IT: {
    codes: 'ITA 380',
    official: 'it',
    inUse: 'de sl',
    neighbours: 'AT SI',
    others: 'CH FR SM VA',
    people: [58_971_000, 2024, eurostat],
    zone: 'Europe/Rome',
  },
  RU: {
    codes: 'RUS 643',
    official: '',
    notKept: 'ru',
    neighbours: 'UA',
    others: 'AZ BY CN EE FI GE KP KZ LT LV MN NO PL',
    people: [143_800_000, 2023, 'World Bank, estimate, rounded'],
    zone: 'Europe/Moscow',
  },
  SK: {
    codes: 'SVK 703',
    official: '',
    notKept: 'sk',
    inUse: 'hu uk',
    neighbours: 'AT HU UA',
    others: 'CZ PL',
    people: [5_425_000, 2024, eurostat],
    zone: 'Europe/Bratislava',
  },
  UA: {
    codes: 'UKR 804',
    official: 'uk',
    neighbours: 'HU MD RO RU SK',
    others: 'BY PL',
    people: [37_733_000, 2023, 'World Bank, estimate, rounded; people displaced abroad make it uncertain'],
    zone: 'Europe/Kyiv',
    shape: ['804', '643 at 34.1,45.2'],
  },
}

const words = (text = ''): readonly string[] => text.split(' ').filter((word) => word !== '')
const named: Readonly<Record<string, Readonly<Record<string, string>>>> = names.countries
const footnotes: Readonly<Record<string, Readonly<Record<string, string>>>> = names.footnotes

function countryOf(code: string, row: Row, group: CountryFacts['group']): RegionCountry {
  const [iso3 = '', numeric] = row.codes.split(' ')
  const footnote = footnotes[code]
  const [people, year, source] = row.people
  return {
    code,
    iso3,
    ...(numeric !== undefined && { numeric }),
    names: named[code] ?? {},
    officialLanguages: words(row.official),
    alsoInOfficialUse: words(row.inUse),
    officialNotKept: words(row.notKept),
    neighbours: words(row.neighbours),
    otherNeighbours: words(row.others),
    population: { people, year, source },
    shape: row.shape ?? words(numeric),
    ...(footnote !== undefined && { footnote }),
    group,
    timeZone: row.zone,
  }
}

export const countries: readonly RegionCountry[] = [
  ...Object.entries(region).map(([code, row]) => countryOf(code, row, 'region')),
  ...Object.entries(neighbours).map(([code, row]) => countryOf(code, row, 'neighbour')),
]
