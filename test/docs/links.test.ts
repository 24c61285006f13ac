import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { anchorsOf, contentOf, documents, type Link, linksOf, root } from './markdown.ts'

const inside = documents.flatMap(linksOf).filter(({ target }) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
const placeOf = ({ file, line, target }: Link): string => `${file}:${line} → ${target}`

function fileOf({ file, target }: Link): string {
  const [path = ''] = target.split('#')
  return path === '' ? file : normalize(join(dirname(file), decodeURIComponent(path)))
}

function hasAnchor(link: Link): boolean {
  const anchor = link.target.split('#')[1]
  const file = fileOf(link)
  if (anchor === undefined || !file.endsWith('.md') || !existsSync(join(root, file))) return true
  return anchorsOf(contentOf(file)).has(decodeURIComponent(anchor))
}

describe('a reader who follows a link in the documents', () => {
  test('meets many documents and many links', () => {
    expect(documents.length).toBeGreaterThan(20)
    expect(inside.length).toBeGreaterThan(40)
  })

  test('finds the file it names', () => {
    expect(inside.filter((link) => !existsSync(join(root, fileOf(link)))).map(placeOf)).toEqual([])
  })

  test('finds the heading it names', () => {
    expect(inside.filter((link) => !hasAnchor(link)).map(placeOf)).toEqual([])
  })

  test('is never sent to a picture or page on somebody’s own machine', () => {
    const local = documents.flatMap(linksOf).filter(({ target }) => /^(file:|\/)/.test(target))

    expect(local.map(placeOf)).toEqual([])
  })
})
