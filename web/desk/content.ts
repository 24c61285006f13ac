/** What a person edits of a draft: the content without what the node adds, and its areas as lines that can be typed. */
import type { DeskArea, DeskContent, DeskDraft } from '../../server/schemas/index.ts'

type Position = [number, number]
export type Words = DeskContent['texts'][string]

export const contentOf = ({ content }: Pick<DeskDraft, 'content'>): DeskContent => ({
  ...content,
  texts: Object.fromEntries(
    Object.entries(content.texts).map(
      ([language, { event, headline, description, instruction, isReviewed }]) => [
        language,
        { event, headline, description, instruction, isReviewed },
      ],
    ),
  ),
})

export const emptyArea: DeskArea = { desc: {}, polygons: [], circles: [], geocodes: [] }

/** `lon, lat` in each line; what is no pair of figures within the world is not taken. */
export function positionsIn(text: string): Position[] {
  return text.split('\n').flatMap((line) => {
    const figures = line
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map(Number)
    const [lon, lat] = figures
    const isPlace =
      figures.length === 2 &&
      lon !== undefined &&
      lat !== undefined &&
      Math.abs(lon) <= 180 &&
      Math.abs(lat) <= 90
    return isPlace ? [[lon, lat]] : []
  })
}

export const linesOfPositions = (ring: readonly (readonly number[])[]): string =>
  ring.map(([lon = 0, lat = 0]) => `${lon}, ${lat}`).join('\n')

/** A ring ends where it began (CAP 1.2 §3.2.4). */
export function closed(ring: readonly Position[]): Position[] {
  const [first] = ring
  const last = ring.at(-1)
  if (!first || !last || (first[0] === last[0] && first[1] === last[1])) return [...ring]
  return [...ring, [first[0], first[1]]]
}

/** `SCHEME CODE` in each line. */
export const codesIn = (text: string): DeskArea['geocodes'] =>
  text.split('\n').flatMap((line) => {
    const [, scheme, code] = /^\s*(\S+)\s+(\S.*?)\s*$/.exec(line) ?? []
    return scheme !== undefined && code !== undefined ? [{ scheme, code }] : []
  })
export const linesOfCodes = (codes: DeskArea['geocodes']): string =>
  codes.map(({ scheme, code }) => `${scheme} ${code}`).join('\n')

/** Instants are shown and typed in UTC, to the minute, so that two people at two places read the same. */
export const toField = (instant: string | undefined): string => instant?.slice(0, 16) ?? ''
export const fromField = (value: string): string | undefined =>
  value === '' || Number.isNaN(Date.parse(`${value}:00Z`)) ? undefined : `${value}:00.000Z`

const earthKm = 6371.0088
/** Great circle (haversine), to a tenth of a kilometre. */
export function kmBetween([lon1, lat1]: Position, [lon2, lat2]: Position): number {
  const half = (degrees: number): number => Math.sin((degrees * Math.PI) / 360) ** 2
  const cos = (degrees: number): number => Math.cos((degrees * Math.PI) / 180)
  const share = half(lat2 - lat1) + cos(lat1) * cos(lat2) * half(lon2 - lon1)
  return Math.round(20 * earthKm * Math.asin(Math.sqrt(Math.min(1, share)))) / 10
}

const round = (degrees: number): number => Math.round(degrees * 10_000) / 10_000
/** As a press on the map gives it: a metre more or less means nothing to a warning. */
export const pressed = ([lon, lat]: readonly [number, number]): Position => [round(lon), round(lat)]
