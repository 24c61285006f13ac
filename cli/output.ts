/** Standard output and standard error, with a progress line where a person watches. */
import { canonical } from '../engines/record/index.ts'
import type { Output } from './command.ts'

/** A reader that has enough, such as `head`, closes the pipe: that is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

let isProgressShown = false

export const processOutput: Output = {
  line: (text) => {
    clearProgress()
    process.stdout.write(`${text}\n`)
  },
  object: (value) => {
    clearProgress()
    process.stdout.write(`${canonical(JSON.parse(JSON.stringify(value)))}\n`)
  },
  say: (text) => {
    clearProgress()
    process.stderr.write(`${text}\n`)
  },
  progress: (text) => {
    if (!process.stderr.isTTY) return
    process.stderr.write(`\r\u001b[2K${text}`)
    isProgressShown = true
  },
}

function clearProgress(): void {
  if (!isProgressShown) return
  process.stderr.write('\r\u001b[2K')
  isProgressShown = false
}

/** Columns of equal width; the last is not padded. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}
