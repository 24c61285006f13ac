/**
 * Every command that a document shows is run as it stands, in the order of the documents, in a folder of its own that
 * looks like the checkout, beside a node that plays Durrës. `npx` and `curl` are stood in for: the first finds our own
 * program, the second is `fetch`. What is not run stands in `notRun` with its reason.
 */
import { execFile, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { documents, root, type ShellLine, shellLinesOf } from './markdown.ts'

const notRun: Readonly<Record<string, string>> = {
  'npm ci && npm start': 'sets up a checkout; readme.test.ts holds it to the scripts',
  'npm ci && npm test': 'runs this very test; readme.test.ts holds it to .ci/run',
  'npx mosaic start': 'never ends; the node beside these commands is one',
  'npx mosaic start --open-replay durres-2019': 'as above',
  'npx mosaic start --replay petrinja-2020 --speed 120': 'as above',
  'npx mosaic replay durres-2019 --speed 100000': 'a minute of waiting; --instant is run',
  'npx mosaic quarantine --id 78322c6c6fb12213deb44402a597af65057b6f4a':
    'the id follows from the content held',
  'npx mosaic quarantine --discard 78322c6c6fb12213deb44402a597af65057b6f4a': 'as above',
  'MOSAIC_DATA=north MOSAIC_NAME=north.localhost MOSAIC_PORT=8421 MOSAIC_LIVE=off npx mosaic start --replay durres-2019':
    'never ends; tour.test.ts runs the three together',
  'MOSAIC_DATA=south MOSAIC_NAME=south.localhost MOSAIC_PORT=8422 MOSAIC_LIVE=off npx mosaic start':
    'as above',
  'npx mosaic peer pair north=http://127.0.0.1:8421 south=http://127.0.0.1:8422 --give "*:CLEAR/exercise:durres-2019" --watch warn.warning':
    'as above',
  'npx mosaic token revoke 3kTn0aXb9QzL': 'the id is random',
  'npx mosaic peer add https://tirana.example --give "warn.*:GREEN" --clearance "*:GREEN"':
    'asks a node elsewhere; test/region runs it between two of its own',
  'npx mosaic peer show tirana.example': 'of that peer',
  'npx mosaic peer rules tirana.example --give "warn.*:GREEN" --give "hazards.event:AMBER@AL,ME"': 'as above',
  'npx mosaic peer suspend tirana.example --because "key under question"': 'as above',
  'npx mosaic peer resume tirana.example': 'as above',
  'npx mosaic peer remove tirana.example': 'as above',
  'npx mosaic ask --type "warn.*" --area AL --purpose civil-protection': 'refuses where there is no peer',
  'npx mosaic keys revoke 1b2c3d4e --reason "the old machine was sold"':
    'the id is random; cli/commands/keys.test.ts runs it',
  'npx mosaic keys recover node.escrow --succeed last-checkpoint.txt':
    'reads what people hold on paper; cli/commands/keys.test.ts runs it',
}

const order = ['README.md', 'docs/operations.md']
const lines = [...documents].sort((a, b) => rank(a.file) - rank(b.file)).flatMap(shellLinesOf)
const run = lines.filter(({ command }) => !(command in notRun))

let folder: string
let address: string
let node: ReturnType<typeof spawn>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mosaic-docs-'))
  await chmod(folder, 0o755) // as root, the account that runs PostgreSQL must pass
  for (const name of ['fixtures', 'docs', 'packs', 'regions'])
    await symlink(join(root, name), join(folder, name))
  node = spawn(
    join(root, 'bin/mosaic'),
    ['start', '--replay', 'durres-2019', '--speed', '100000', '--json'],
    { cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'ignore'] },
  )
  address = await new Promise<string>((resolve, reject) => {
    node.stdout?.on('data', (said: Buffer) => resolve(JSON.parse(String(said)).address))
    node.once('exit', (code) => reject(new Error(`the node ended with ${code}`)))
  })
  await untilShaken()
}, 60_000)

afterAll(async () => {
  if (node?.exitCode === null) {
    const ended = new Promise((resolve) => node.once('exit', resolve))
    node.kill('SIGINT')
    await ended
  }
  await rm(folder, { recursive: true, force: true })
})

test('every command that is not run is shown somewhere', () => {
  const shown = new Set(lines.map(({ command }) => command))

  expect(Object.keys(notRun).filter((command) => !shown.has(command))).toEqual([])
})

test.each(run.map((line) => [`${line.file}:${line.line}`, line] as const))(
  '%s does what it says',
  async (_, line) => expect(await outcomeOf(line)).toBe('done'),
  30_000,
)

async function outcomeOf({ command }: ShellLine): Promise<string> {
  const here = command.replaceAll('http://127.0.0.1:8420', address)
  if (here.startsWith('curl ')) return fetched(here)
  const asRun = here.replace(/(^|\s)npx mosaic/, '$1mosaic')
  return new Promise((resolve) =>
    execFile('sh', ['-c', asRun], { cwd: folder, env: environment(), maxBuffer: 2 ** 26 }, (error, _, said) =>
      resolve(error && !isFinding(command, error.code) ? `${error.code}: ${said}` : 'done'),
    ),
  )
}

/** `doctor` says 1 when something is held, and by then something is; our own program must not crash instead. */
const isFinding = (command: string, code: unknown): boolean => command === 'npx mosaic doctor' && code === 1

async function fetched(command: string): Promise<string> {
  const [, file] = /-o (\S+)/.exec(command) ?? []
  const answer = await fetch(/http:\/\/\S+/.exec(command)?.[0] ?? '')
  const text = await answer.text()
  if (file) await writeFile(join(folder, file), text)
  return answer.ok ? 'done' : `${answer.status}: ${text}`
}

/** The main shock and its first warnings are what the documents show. */
async function untilShaken(): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const replay = (await (await fetch(`${address}/api/v1/replay`)).json()) as { readonly step: number }
    if (replay.step >= 4) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('The replay did not come to the main shock.')
}

function environment(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, MOSAIC_DATA: __, ...rest } = process.env
  const PATH = [join(root, 'bin'), rest['PATH']].join(delimiter)
  return { ...rest, PATH, MOSAIC_PORT: '0', MOSAIC_LIVE: 'off', MOSAIC_LOG: 'silent' }
}

function rank(file: string): number {
  const at = order.indexOf(file)
  return at < 0 ? order.length : at
}
