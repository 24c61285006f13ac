/**
 * A real browser for tests, from npm alone: `@sparticuz/chromium` carries a headless Chromium, its fonts, SwiftShader
 * (WebGL in software) and, in its `al2023` archive, the shared libraries (NSS, NSPR, expat) that a bare machine lacks.
 *
 * All four archives are unpacked once per package version into a folder of this user below the system's temporary
 * folder, aside and then renamed, so that two test files that start together cannot see half of it. The loader is
 * pointed at the unpacked libraries for the browser's process only. What remains of the system is libc and libgcc,
 * which Node itself needs. The package's own list of switches is not used: it turns web security off and runs
 * everything in one process, which crashes with several contexts.
 *
 * MOSAIC_CHROMIUM names a Chromium of the system to use instead.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

export type BrowserParts = {
  readonly executablePath: string
  /** Added to the environment of the browser's process. */
  readonly env: Readonly<Record<string, string>>
}

const archives = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'] as const

const switches = [
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--no-sandbox',
  '--no-zygote',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pings',
  '--font-render-hinting=none',
  '--hide-scrollbars',
]

/** A browser that is closed at the end of its scope: `await using browser = await openBrowser()`. */
export async function openBrowser(): Promise<Browser> {
  const parts = await browserParts()
  return chromium.launch({
    executablePath: parts.executablePath,
    args: switches,
    env: { ...definedEnvironment(), ...parts.env },
    chromiumSandbox: false,
  })
}

/** Where the browser is and what its process needs; unpacks it when this is the first time. */
export async function browserParts(): Promise<BrowserParts> {
  const named = process.env['MOSAIC_CHROMIUM']
  if (named) return { executablePath: named, env: {} }
  const folder = await unpacked()
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: [join(folder, 'al2023', 'lib'), folder].join(':'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
      HOME: folder,
    },
  }
}

async function unpacked(): Promise<string> {
  const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    readonly version: string
  }
  const kept = process.env['MOSAIC_TEST_CACHE'] ?? tmpdir()
  const folder = join(kept, `mosaic-chromium-${version}-${userInfo().uid}`)
  if (existsSync(folder)) return folder
  const aside = await mkdtemp(`${folder}-`)
  await inflate(packageFolder, aside)
  await writeFile(join(aside, 'fonts.conf'), fontConfiguration(folder))
  await mkdir(join(aside, 'fonts-cache'))
  try {
    await rename(aside, folder)
  } catch (error) {
    // Another test file was first: its folder is complete, ours is not needed.
    if (!existsSync(folder)) throw error
    await rm(aside, { recursive: true, force: true })
  }
  return folder
}

/** The package unpacks into the temporary folder and nowhere else, so it runs in a process that has its own. */
async function inflate(packageFolder: string, into: string): Promise<void> {
  const program = `
    import { inflate } from '@sparticuz/chromium'
    await Promise.all(process.argv.slice(1).map((archive) => inflate(archive)))`
  const paths = archives.map((archive) => join(packageFolder, 'bin', archive))
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program, ...paths], {
    cwd: packageFolder,
    env: { ...process.env, TMPDIR: into },
  })
}

const fontConfiguration = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`

const definedEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])))
