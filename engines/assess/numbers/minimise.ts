/**
 * The minimum of a smooth function of a few variables, found without derivatives and then polished with them.
 *
 * Method: Nelder and Mead (1965) with restarts until a restart gains nothing, then Newton steps on central differences
 * of the fourth order, each halved until it does not go uphill. A point outside the domain is Infinity.
 * Written here because likelihoods of three or four parameters need forty lines, and a general optimiser as a
 * dependency would bring much more than that. Scale the variables to about 1 before calling: step sizes are absolute.
 * Only the nearest local minimum is found.
 */
export type Point = readonly number[]
export type Objective = (at: Point) => number
export type Minimum = { readonly at: Point; readonly value: number }

export function minimise(objective: Objective, start: Point): Minimum {
  let best: Minimum = { at: start, value: objective(start) }
  for (let restart = 0; restart < 30; restart += 1) {
    const next = simplexSearch(objective, best.at, restart === 0 ? 0.2 : 0.05)
    const gain = best.value - next.value
    if (next.value < best.value) best = next
    if (restart > 0 && !(gain > 1e-13 * (Math.abs(best.value) + 1))) break
  }
  return polish(objective, best)
}

/** Second derivatives at a point, by central differences of the fourth order. */
export function hessian(objective: Objective, at: Point, step = 2e-3): readonly Point[] {
  return at.map((_, row) =>
    at.map((_, column) => {
      const along = (value: Point): number => derivative(objective, value, { axis: column, step })
      return derivative(along, at, { axis: row, step })
    }),
  )
}

/** The inverse of a small square matrix, or undefined when it has none. */
export function inverse(matrix: readonly Point[]): readonly Point[] | undefined {
  const size = matrix.length
  const rows = matrix.map((row, at) => [...row, ...matrix.map((_, column) => (column === at ? 1 : 0))])
  for (let pivot = 0; pivot < size; pivot += 1) {
    const cell = (row: number, column: number): number => rows[row]?.[column] ?? 0
    let largest = pivot
    for (let row = pivot + 1; row < size; row += 1)
      if (Math.abs(cell(row, pivot)) > Math.abs(cell(largest, pivot))) largest = row
    const head = cell(largest, pivot)
    if (!(Math.abs(head) > 0)) return undefined
    const chosen = (rows[largest] ?? []).map((value) => value / head)
    rows[largest] = rows[pivot] ?? []
    rows[pivot] = chosen
    for (let row = 0; row < size; row += 1) {
      if (row === pivot) continue
      const factor = cell(row, pivot)
      rows[row] = (rows[row] ?? []).map((value, column) => value - factor * (chosen[column] ?? 0))
    }
  }
  return rows.map((row) => row.slice(size))
}

/** The quadratic form gᵀ M g. */
export const quadraticForm = (vector: Point, matrix: readonly Point[]): number =>
  vector.reduce((sum, left, row) => sum + left * dot(matrix[row] ?? [], vector), 0)

type Vertex = { at: Point; value: number }

function simplexSearch(objective: Objective, start: Point, edge: number): Minimum {
  const vertex = (at: Point): Vertex => ({ at, value: objective(at) })
  const simplex = [
    vertex(start),
    ...start.map((_, axis) => vertex(start.map((value, i) => value + (i === axis ? edge : 0)))),
  ]
  for (let round = 0; round < 400 * start.length; round += 1) {
    simplex.sort((a, b) => a.value - b.value)
    const [best, worst, second] = [simplex[0], simplex.at(-1), simplex.at(-2)]
    if (best === undefined || worst === undefined || second === undefined) break
    if (worst.value - best.value <= 1e-15 * (Math.abs(best.value) + 1e-300)) break
    const centre = start.map((_, axis) =>
      simplex.slice(0, -1).reduce((sum, { at }) => sum + (at[axis] ?? 0) / start.length, 0),
    )
    const towards = (factor: number): Vertex =>
      vertex(centre.map((value, axis) => value + factor * ((worst.at[axis] ?? 0) - value)))
    const reflected = towards(-1)
    if (reflected.value < best.value) {
      const expanded = towards(-2)
      simplex[start.length] = expanded.value < reflected.value ? expanded : reflected
    } else if (reflected.value < second.value) simplex[start.length] = reflected
    else {
      const contracted = towards(reflected.value < worst.value ? -0.5 : 0.5)
      if (contracted.value < Math.min(worst.value, reflected.value)) simplex[start.length] = contracted
      else
        for (const [index, one] of simplex.entries())
          if (index > 0)
            simplex[index] = vertex(best.at.map((value, axis) => (value + (one.at[axis] ?? 0)) / 2))
    }
  }
  simplex.sort((a, b) => a.value - b.value)
  return simplex[0] ?? vertex(start)
}

function polish(objective: Objective, found: Minimum): Minimum {
  let best = found
  for (let round = 0; round < 20; round += 1) {
    const gradient = best.at.map((_, axis) => derivative(objective, best.at, { axis, step: 1e-3 }))
    const inverted = inverse(hessian(objective, best.at))
    if (inverted === undefined) return best
    const step = inverted.map((row) => dot(row, gradient))
    if (!step.every(Number.isFinite)) return best
    const next = downhill(objective, best, step)
    const moved = Math.max(...next.at.map((value, axis) => Math.abs(value - (best.at[axis] ?? 0))))
    best = next
    if (moved < 1e-12) return best
  }
  return best
}

/** @NOTE near the minimum values differ only by rounding, so equal within 1e-13 counts as not uphill. */
function downhill(objective: Objective, from: Minimum, step: Point): Minimum {
  const slack = 1e-13 * (Math.abs(from.value) + 1)
  for (let factor = 1; factor > 1e-3; factor /= 2) {
    const at = from.at.map((value, axis) => value - factor * (step[axis] ?? 0))
    const value = objective(at)
    if (value <= from.value + slack) return { at, value }
  }
  return from
}

function derivative(of: Objective, at: Point, { axis, step }: { axis: number; step: number }): number {
  const shifted = (by: number): number => of(at.map((value, i) => (i === axis ? value + by : value)))
  return (8 * (shifted(step) - shifted(-step)) - (shifted(2 * step) - shifted(-2 * step))) / (12 * step)
}

const dot = (a: Point, b: Point): number => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
