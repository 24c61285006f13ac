/**
 * Where a warning holds, of which shapes or codes are known. A shape that the message itself carries stands for its codes;
 * codes alone get the shapes of the register's edition of the day on which the warning begins; what has none stands as its
 * country. So a warning of which only codes are known is found by everybody whom it concerns.
 *
 * Only areas that this node imported itself, and that anybody may see, count: a shape of a peer could lead a warning away
 * from the people it is for, and a restricted one would take it out of their sight.
 */
import type { Geometry, MultiPolygon, Polygon } from 'geojson'
import {
  type Area,
  type AreaBody,
  type AreaFallback,
  areaIndex,
  areaOf,
  type Code,
  type CodeReader,
  codeReader,
  noAreaRules,
  placeArea,
  resolveCodes,
} from '../../place/index.ts'
import { canonical, type Held, type Instant, type NodeId } from '../../record/index.ts'
import { bindingHandling, type ReactorView } from '../../store/index.ts'
import type { NoticeBody } from './records.ts'
import { shapeOfPolygons } from './shape-place.ts'

export type HeldArea = Held<AreaBody>

/** What must be known of areas beside the register, which is read as records. */
export type AreaLookup = {
  readonly reader: CodeReader
  /** Whether a shape is held of the country. */
  readonly hasCountry: (country: string) => boolean
  /** Cells that cover a country. */
  readonly countryCells: (country: string) => readonly string[]
}

export const noAreas: AreaLookup = {
  reader: codeReader(noAreaRules),
  hasCountry: () => false,
  countryCells: () => [],
}

export type Where = {
  readonly geometry?: Geometry
  /** The message carries the shape itself. */
  readonly isDrawn: boolean
  readonly codes: readonly Code[]
  readonly fallbacks: readonly AreaFallback[]
  /** The editions whose shapes were taken. */
  readonly taken: readonly HeldArea[]
}

export type WhereOf = (areas: NoticeBody['areas'], from: Instant, country?: string) => Where

const longestCode = 100
/** Shapes of more positions than this are left to the register and to the cells. */
const mostPositions = 20_000
const openToAll = canonical({ tlp: 'TLP:CLEAR' })

/** Every edition of every meaning of these codes that counts. */
export async function heldAreas(
  codes: readonly Code[],
  { reader }: Pick<AreaLookup, 'reader'>,
  { view, node }: { readonly view: Pick<ReactorView, 'read'>; readonly node: NodeId },
): Promise<readonly HeldArea[]> {
  const areas = codes.filter(isUsable).flatMap((code) => reader.meanings(code))
  if (areas.length === 0) return []
  const held = await view.read({ types: [placeArea.type], matching: { kind: 'area-in', areas } })
  return (held as readonly HeldArea[]).filter((one) => counts(one, node))
}

export const counts = (held: HeldArea, node: NodeId): boolean =>
  held.record.origin === node && canonical(bindingHandling(held)) === openToAll

export function whereIn(
  held: readonly HeldArea[],
  { reader, hasCountry }: Pick<AreaLookup, 'reader' | 'hasCountry'>,
): WhereOf {
  const records = new Map<Area, HeldArea>()
  for (const one of held) {
    const area = areaOf(one.record)
    if (area !== undefined) records.set(area, one)
  }
  const index = areaIndex([...records.keys()])
  return (areas, from, country) => {
    const codes = areas.codes.filter(isUsable)
    const drawn = shapeOfPolygons(areas)
    if (drawn !== undefined) return { geometry: drawn, isDrawn: true, codes, fallbacks: [], taken: [] }
    const { areas: found, fallbacks } = resolveCodes(codes, from.slice(0, 10), {
      ...{ index, reader, hasCountry },
      ...(country === undefined ? {} : { country }),
    })
    const geometry = together(found.map((area) => area.geometry))
    return {
      ...(geometry && { geometry }),
      ...{ isDrawn: false, codes, fallbacks },
      taken: found.flatMap((area) => records.get(area) ?? []),
    }
  }
}

const isUsable = ({ scheme, code }: Code): boolean =>
  scheme !== '' && scheme.length <= longestCode && code !== '' && code.length <= longestCode

function together(shapes: readonly Geometry[]): Geometry | undefined {
  const [only] = shapes
  if (shapes.length <= 1) return only
  const coordinates = shapes.flatMap((shape): MultiPolygon['coordinates'] => {
    const area = shape as Polygon | MultiPolygon // areas of the register are nothing else (`readAreas`)
    return area.type === 'Polygon' ? [area.coordinates] : area.coordinates
  })
  const positions = coordinates.flat().reduce((sum, ring) => sum + ring.length, 0)
  return positions > mostPositions ? undefined : { type: 'MultiPolygon', coordinates }
}
