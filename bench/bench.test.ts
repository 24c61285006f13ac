import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { median, percentile, type Report } from './figures.ts'

const program = fileURLToPath(new URL('main.ts', import.meta.url))

async function quickly(name: string): Promise<Report> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, name, '--quick', '--json'], {
    timeout: 25_000,
  })
  return JSON.parse(stdout) as Report
}

describe('the benches', () => {
  test.each(
    [
      'append',
      'latency',
      'memory',
      'access-decision',
      'list-with-handling',
      'sync',
      'cap',
      'region-sources',
    ].filter((name) => !['memory', 'region-sources'].includes(name) || process.platform === 'linux'),
  )('%s runs from start to end and reports figures that are numbers', async (name) => {
    const { bench, run, figures } = await quickly(name)

    expect(bench).toBe(name)
    expect(run).not.toBe('')
    expect(figures.length).toBeGreaterThan(5)
    expect(figures.filter(({ aim }) => aim).length).toBeGreaterThan(0)
    expect(figures.filter(({ value }) => !Number.isFinite(value) || value < 0)).toEqual([])
  })
})

describe('the figures', () => {
  test('a percentile is a value that was measured', () => {
    expect(percentile([5, 1, 4, 2, 3], 99)).toBe(5)
    expect(median([4, 1, 3, 2])).toBe(2)
  })
})
