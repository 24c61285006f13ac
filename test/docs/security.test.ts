/**
 * Every test that the threat model names is there: `file.test.ts` followed by titles in double quotes. What it says is
 * stopped is thus held by something that runs.
 */
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contentOf, root } from './markdown.ts'

type Named = { readonly file: string; readonly title: string }

const model = contentOf('docs/security.md')
const named: readonly Named[] = [...model.matchAll(/`([\w./-]+\.test\.tsx?)`((?:,?\s+"[^"]+")+)/g)].flatMap(
  ([, file = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ file, title: title.replace(/\s+/g, ' ') })),
)

/** A title stands first in the brackets of a test, in quotes of any kind. */
function isThere({ file, title }: Named): boolean {
  if (!existsSync(`${root}/${file}`)) return false
  const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/['"`]/g, '\\\\?$&')
  return new RegExp(`\\(\\s*(['"\`])${escaped}\\1`).test(contentOf(file))
}

describe('the threat model', () => {
  test('names tests for every adversary that something stops', () => {
    const sections = model.split(/^## /m).filter((section) => section.includes('| shown by |'))

    expect(sections.length).toBeGreaterThan(8)
    expect(
      sections.filter((section) => !section.includes('.test.ts')).map((one) => one.split('\n')[0]),
    ).toEqual([])
  })

  test('has a test in every row of its tables', () => {
    const rows = model
      .split('\n')
      .filter((line) => /^\| (?!---)/.test(line) && !line.endsWith('| shown by |'))

    expect(rows.length).toBeGreaterThan(50)
    expect(rows.filter((row) => !/`[\w./-]+\.test\.ts` "/.test(row))).toEqual([])
  })

  test('names no test that is not there', () => {
    expect(named.length).toBeGreaterThan(80)
    expect(named.filter((one) => !isThere(one))).toEqual([])
  })

  test('says of every adversary what is not stopped', () => {
    const adversaries = model.split(/^## /m).filter((section) => section.includes('| shown by |'))

    expect(
      adversaries.filter((one) => !one.includes('**Not stopped.**')).map((one) => one.split('\n')[0]),
    ).toEqual([])
  })
})
