/**
 * H3 cells (Uber, h3-js 4) as the index of where things are: a shape is stored as a bounded number of compacted cells
 * that cover it (`cover.ts`), a point as its finest cell. Whatever touches then stands in one line of ancestors, and a
 * database answers by equality and ranges; what a cell at the edge promises is settled by exact geometry (`shape.ts`).
 *
 * A trap of H3: a child reaches a little over its parent's edge, so the cell that holds a point at resolution 7 is not
 * always the ancestor of the one at 15. Here a point has one line of ancestors only: those of its cell at 15.
 */
import { cellToChildrenSize, cellToParent, childPosToCell, getResolution, latLngToCell } from 'h3-js'
import type { LonLat } from './contract.ts'
import { wrapLon } from './great-circle.ts'

export const finestResolution = 15

/** The cell of a point at a resolution, always the ancestor of its finest one. */
export const cellOf = ([lon, lat]: LonLat, resolution = finestResolution): string =>
  cellToParent(latLngToCell(lat, wrapLon(lon), finestResolution), resolution)

/** The cell itself and all it lies in, finest first. "Which shapes hold this point": a stored cell equals one of these. */
export function lineageOf(cell: string): readonly string[] {
  return Array.from({ length: getResolution(cell) + 1 }, (_, up) =>
    cellToParent(cell, getResolution(cell) - up),
  )
}

/** "Which shapes may hold this point": those with one of these cells. */
export const cellsHolding = (point: LonLat): readonly string[] => lineageOf(cellOf(point))

/**
 * "Which points may lie in this shape": stored cells of the resolution from `low` to `high`, both included, for each of
 * its cells. Cells are 15 hexadecimal digits of one length, so they compare alike as text and as numbers.
 */
export function rangesIn(
  cells: readonly string[],
  resolution = finestResolution,
): readonly { readonly low: string; readonly high: string }[] {
  return cells
    .filter((cell) => getResolution(cell) <= resolution)
    .map((cell) => ({
      low: childPosToCell(0, cell, resolution),
      high: childPosToCell(cellToChildrenSize(cell, resolution) - 1, cell, resolution),
    }))
}
