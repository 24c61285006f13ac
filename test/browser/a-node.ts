/** A real node as `mosaic start` runs it, in a process of its own, with data of its own, for a browser to look at. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))

export type BrowsedNode = AsyncDisposable & {
  readonly address: string
  readonly folder: string
  /** Runs another command of `mosaic` beside it, on the same data. */
  readonly mosaic: (...words: readonly string[]) => Promise<number>
  /** Ends it at once, as a power cut would. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same data and port. */
  readonly restart: () => Promise<void>
}

export async function aNode(...words: readonly string[]): Promise<BrowsedNode> {
  const folder = await mkdtemp(join(tmpdir(), 'mosaic-browsed-'))
  await chmod(folder, 0o711) // run as root, the database server is another account's and must pass through
  const env = (port: string) => ({
    ...process.env,
    MOSAIC_DATA: join(folder, 'data'),
    MOSAIC_PORT: port,
    MOSAIC_LIVE: 'off',
    MOSAIC_LOG: 'silent',
  })
  let child = start(words, env('0'))
  const address = await addressOf(child)
  const port = new URL(address).port
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  return {
    address,
    folder,
    mosaic: async (...command) => {
      const other = spawn(process.execPath, [program, ...command], { env: env('0'), stdio: 'ignore' })
      const [code] = await once(other, 'exit')
      return Number(code)
    },
    kill: () => end('SIGKILL'),
    restart: async () => {
      child = start(words, env(port))
      await addressOf(child)
    },
    [Symbol.asyncDispose]: async () => {
      await end('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const start = (words: readonly string[], env: NodeJS.ProcessEnv): ChildProcess =>
  spawn(process.execPath, [program, 'start', '--json', ...words], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })

/** The first line that it says: `{"address": …}`. */
async function addressOf(child: ChildProcess): Promise<string> {
  let said = ''
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk)
    if (said.includes('\n')) break
  }
  const { address } = JSON.parse(said.split('\n')[0] ?? '') as { readonly address: string }
  return address
}
