import { expect, test } from 'vitest'
import { contentOf, shellLinesOf } from './markdown.ts'

const readme = contentOf('README.md')
const [start = ''] = readme.split('## Five minutes')

test('a newcomer runs exactly two commands, and each does its own set-up', () => {
  const lines = shellLinesOf({ file: 'README.md', text: start }).map(({ command }) => command)

  expect(lines).toEqual(['npm ci && npm start', 'npm ci && npm test'])
})

test('both are scripts of the package, and every change is held to the second', () => {
  const { scripts } = JSON.parse(contentOf('package.json')) as { readonly scripts: Record<string, string> }
  const everyChange = contentOf('.ci/run').split('\n')

  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test']))
  expect(everyChange.filter((line) => /^npm (ci|test)/.test(line)).length).toBe(2)
})
