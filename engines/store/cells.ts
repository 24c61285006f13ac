/**
 * H3 cells as PostgreSQL sees them: 64-bit integers, where a cell, its ancestors and its descendants are ranges.
 *
 * An H3 index (Uber H3, "H3Index representations") is, from the high bit: 1 reserved, 4 mode, 3 reserved, 4 resolution,
 * 7 base cell, then 15 digits of 3 bits, one per resolution; digits finer than the cell's resolution are 7. So the
 * descendants of a cell at resolution s are one range: same base cell and leading digits, the digits between from 0 to
 * 6, the rest 7. An ancestor is a range of one.
 */
export type CellRange = { readonly low: bigint; readonly high: bigint }

export const cellNumber = (cell: string): bigint => BigInt(`0x${cell}`)

/** Every stored cell that meets one of these: itself, its ancestors, its descendants at each finer resolution. */
export function rangesMeeting(cells: readonly string[]): readonly CellRange[] {
  const ranges = new Map<bigint, CellRange>()
  for (const cell of cells) for (const range of around(cellNumber(cell))) ranges.set(range.low, range)
  return [...ranges.values()]
}

function around(cell: bigint): CellRange[] {
  const own = resolutionOf(cell)
  return Array.from({ length: 16 }, (_, resolution) =>
    resolution <= own ? ancestor(cell, resolution) : descendants(cell, own, resolution),
  )
}

const resolutionOf = (cell: bigint): number => Number((cell >> 52n) & 0xfn)

const withResolution = (cell: bigint, resolution: number): bigint =>
  (cell & ~(0xfn << 52n)) | (BigInt(resolution) << 52n)

/** Ones over the digits of the resolutions after `from`, up to and with `to`. */
function digits(from: number, to: number): bigint {
  const below = (resolution: number) => (1n << BigInt(3 * (15 - resolution))) - 1n
  return below(from) & ~below(to)
}

function ancestor(cell: bigint, resolution: number): CellRange {
  const it = withResolution(cell, resolution) | digits(resolution, 15)
  return { low: it, high: it }
}

/** The digit 7 in between is no cell, so the upper bound may hold it. */
function descendants(cell: bigint, own: number, resolution: number): CellRange {
  const high = withResolution(cell, resolution)
  return { low: high & ~digits(own, resolution), high }
}
