import { globSync, readFileSync } from 'node:fs'
import { dirname, matchesGlob, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { doors, exceptions, floors } from './floors.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = globSync('{engines,packs,regions,server,cli,web}/**/*.{ts,tsx}', {
  cwd: root,
  exclude: (path) => path.includes('node_modules') || path.startsWith('web/dist'),
})
  .concat('node.ts', 'trust.ts', 'node-log.ts')
  .filter((file) => !/\.test\.tsx?$|\/builders\.ts$|\.test-support\.ts$/.test(file))

type Arrow = { readonly from: string; readonly to: string }

const arrows: Arrow[] = files.flatMap((from) => {
  const text = readFileSync(`${root}/${from}`, 'utf8')
  const imported = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]/g)
  return [...imported].map(([, path]) => ({ from, to: normalize(`${dirname(from)}/${path}`) }))
})

/** The folder that stands on a floor: an engine, a pack by its name, or a top folder. */
function roomOf(file: string): string {
  const parts = file.split('/')
  const isNested = parts[0] === 'engines' || parts[0] === 'packs' || parts[0] === 'regions'
  return isNested && parts.length > 2 ? `${parts[0]}/${parts[1]}` : (parts[0] ?? file)
}

const floorOf = (file: string): number | undefined => floors[roomOf(file)] ?? floors[file.split('/')[0] ?? '']

const isException = ({ from, to }: Arrow): boolean =>
  exceptions.some((one) => matchesGlob(from, one.from) && matchesGlob(to, one.to))

function isDoor(to: string): boolean {
  const room = roomOf(to)
  const patterns = [`${room}/index.ts`, ...(doors[to.split('/')[0] ?? ''] ?? [])]
  return patterns.some((pattern) => matchesGlob(to, pattern)) || room === to
}

const say = ({ from, to }: Arrow): string => `${from} → ${to}`

describe('the floors of the house', () => {
  test('there is something to look at', () => {
    expect(arrows.length).toBeGreaterThan(50)
  })

  test('every file that imports stands on a floor', () => {
    expect(
      arrows.filter(({ from, to }) => floorOf(from) === undefined || floorOf(to) === undefined).map(say),
    ).toEqual([])
  })

  test('imports only go down', () => {
    const upward = arrows.filter(
      (arrow) =>
        roomOf(arrow.from) !== roomOf(arrow.to) &&
        (floorOf(arrow.to) ?? 0) >= (floorOf(arrow.from) ?? 0) &&
        !isSameTop(arrow) &&
        !isException(arrow),
    )

    expect(upward.map(say)).toEqual([])
  })

  test('a folder is entered only through its door', () => {
    const through = arrows.filter(
      (arrow) => roomOf(arrow.from) !== roomOf(arrow.to) && !isDoor(arrow.to) && !isException(arrow),
    )

    expect(through.map(say)).toEqual([])
  })

  test('no pack imports another pack', () => {
    const across = arrows.filter(({ from, to }) => isPack(from) && isPack(to) && roomOf(from) !== roomOf(to))

    expect(across.map(say)).toEqual([])
  })

  test('engines read neither the clock nor the environment of the machine, and roll no dice', () => {
    const impure = files
      .filter((file) => file.startsWith('engines/') && !isEdge(file))
      .flatMap((file) => {
        const code = readFileSync(`${root}/${file}`, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
        const found = code.match(/\bDate\.now\(|\bnew Date\(\)|\bprocess\.env\b|\bMath\.random\(/g) ?? []
        return found.map((what) => `${file}: ${what}`)
      })

    expect(impure).toEqual([])
  })
})

/** A pack's own door type, and the faces' shared schemas, are entered from the same top folder. */
function isSameTop({ from, to }: Arrow): boolean {
  const top = from.split('/')[0]
  return (top === 'packs' && to === 'packs/pack.ts') || (top === 'web' && to === 'server/schemas/index.ts')
}

const isPack = (file: string): boolean => /^packs\/[^/]+\//.test(file)

/** Where the machine's clock and process belong: the one system clock, and the server process that PostgreSQL is. */
const isEdge = (file: string): boolean =>
  file === 'engines/record/instant.ts' || file.startsWith('engines/store/embedded/')
