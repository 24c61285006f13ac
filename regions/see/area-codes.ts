/**
 * How the codes of areas are read that feeds of the region write (`AreaRules`).
 *
 * Romania and Hungary write NUTS codes, their public shapes carry EMMA_ID. The tables join the codes of NUTS 2021 (level 3)
 * and NUTS 2013 (level 2) with EMMA_ID where the name in the list and the towns inside the shape say the same; a test holds
 * them against the seat of each county. There is none for Bulgaria, on purpose: in the public copy of its list names and
 * shapes belong to different codes (`mosaic areas check` says so), so its NUTS3 codes wait for a list of NUTS shapes and
 * stand as the country until then.
 *
 * EMMA_ID RS007 is the code under which Serbia's list has Kosovo*. Whatever it is called, the people live there.
 */
import type { AreaRules } from '../../engines/place/index.ts'

/** NUTS3 → the number of the EMMA_ID. */
const romania = {
  ...{ RO111: 19, RO112: 17, RO113: 40, RO114: 3, RO115: 2, RO116: 18 },
  ...{ RO121: 1, RO122: 34, RO123: 33, RO124: 16, RO125: 41, RO126: 42 },
  ...{ RO211: 15, RO212: 5, RO213: 6, RO214: 14, RO215: 4, RO216: 7 },
  ...{ RO221: 13, RO222: 31, RO223: 10, RO224: 8, RO225: 9, RO226: 32 },
  ...{ RO311: 36, RO312: 11, RO313: 29, RO314: 26, RO315: 12, RO316: 30, RO317: 25 },
  ...{ RO321: 27, RO322: 28 },
  ...{ RO411: 24, RO412: 38, RO413: 23, RO414: 35, RO415: 37 },
  ...{ RO421: 20, RO422: 22, RO423: 39, RO424: 21 },
}
const hungary = { HU10: 6, HU21: 3, HU22: 2, HU23: 4, HU31: 7, HU32: 1, HU33: 5 }

const emma = (country: string, scheme: string, table: Readonly<Record<string, number>>) =>
  Object.entries(table).map(([code, number]) => ({
    of: { scheme, code },
    means: { scheme: 'EMMA_ID', code: `${country}${String(number).padStart(3, '0')}` },
  }))

/** Prefixes that are not the country's own code: EUMETNET and Eurostat write Greece in two ways. */
const prefixes = [
  'AL AT BA BG CY GR HR HU IT MD ME MK RO RS SI SK TR UA'.split(' ').map((code) => [code, code] as const),
  [
    ['EL', 'GR'],
    ['XK', 'XK'],
    ['RS007', 'XK'],
  ] as const,
].flat()

export const areaRules: AreaRules = {
  sameList: [['NUTS', 'NUTS0', 'NUTS1', 'NUTS2', 'NUTS3']],
  aliases: [...emma('RO', 'NUTS3', romania), ...emma('HU', 'NUTS2', hungary)],
  countries: ['EMMA_ID', 'NUTS'].flatMap((scheme) =>
    prefixes.map(([prefix, country]) => ({ scheme, prefix, country })),
  ),
}
