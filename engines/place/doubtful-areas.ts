/**
 * Areas of a list that cannot be what they are called: the list has names and shapes in two orders, as a public copy of a
 * national list does. A warning for such a code would reach other people than it is for, and nobody would notice; without
 * the shape the whole country stands for it, and says so.
 *
 * Names are never matched to find an area. Here they are only held against the shape, where the area is called exactly as
 * one town of the country is: that town must lie in it, or within 15 km of it, since published shapes are coarse.
 */
import type { Issue } from '../record/index.ts'
import { km } from '../record/index.ts'
import type { Area } from './areas.ts'
import type { Places, Town } from './contract.ts'
import { circlePolygon } from './great-circle.ts'
import { holdsPoint, prepareShape, shapesTouch } from './shape.ts'

const toleranceKm = km(15)
/** Villages share their names with many others. */
const leastPeople = 15_000

export type DoubtfulArea = { readonly area: Area; readonly issue: Issue }

export function doubtfulAreas(
  areas: readonly Area[],
  { towns }: Pick<Places, 'towns'>,
): readonly DoubtfulArea[] {
  const named = Map.groupBy(
    towns().filter(({ people }) => people >= leastPeople),
    ({ name, country }) => `${country} ${folded(name)}`,
  )
  return areas.flatMap((area) => {
    const names = [...new Set(Object.values(area.name ?? {}).map(folded))]
    const found =
      area.country === undefined ? [] : names.flatMap((name) => named.get(`${area.country} ${name}`) ?? [])
    const [town] = found
    if (found.length !== 1 || town === undefined || isAt(area, town)) return []
    return [{ area, issue: issueOf(area, town) }]
  })
}

/** One wrong name is a slip; a tenth of a list is an order lost, and then nothing of it can be trusted. */
export const isListInDoubt = (areas: readonly Area[], doubts: readonly DoubtfulArea[]): boolean =>
  doubts.length > 1 && doubts.length * 10 > areas.length

function isAt({ geometry }: Area, { at }: Town): boolean {
  const shape = prepareShape(geometry)
  return holdsPoint(shape, at) || shapesTouch(shape, prepareShape(circlePolygon(at, toleranceKm)))
}

const issueOf = ({ scheme, code, validFrom }: Area, { name }: Town): Issue => ({
  rule: 'place/area-named-elsewhere',
  place: '/name',
  value: `${scheme}:${code}@${validFrom}`,
  message: `${code} is called ${name}, and ${name} does not lie in its shape: names and shapes of this list may stand in two orders. Ask its publisher for a sound copy.`,
})

/** Without marks and case: `SATU MARE`, `Pécs`. */
const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase()
