/**
 * A lock file that every machine can install from: no download addresses, and every optional platform package that it
 * mentions is in it. `npm ci` refuses a lock where one of these is missing, on every platform at once.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

type Locked = {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))
const lock = read('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> }
const manifest = read('package.json') as {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly allowScripts: Readonly<Record<string, boolean>>
}
const packages = Object.entries(lock.packages)
const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? path

describe('the lock file', () => {
  test('names no address to download from', () => {
    expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([])
  })

  test('pins every package by its content', () => {
    expect(
      packages
        .filter(([path, { integrity }]) => path !== '' && integrity === undefined)
        .map(([path]) => path),
    ).toEqual([])
  })

  test('holds every optional platform package that it mentions', () => {
    const held = new Set(packages.map(([path]) => nameOf(path)))
    const mentioned = packages.flatMap(([, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {}),
    )

    expect(mentioned.filter((name) => !held.has(name))).toEqual([])
    expect(mentioned.length).toBeGreaterThan(0)
  })

  test('lets install scripts run only where package.json allows them by name', () => {
    const scripted = packages
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => nameOf(path))

    expect(scripted.filter((name) => manifest.allowScripts[name] !== true)).toEqual([])
  })

  test('has exact versions only', () => {
    const asked = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })

    expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+([-+][\w.]+)?$/.test(version))).toEqual([])
  })
})
