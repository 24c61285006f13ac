import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { layoutOf } from './layout.ts'
import { openEmbedded } from './open.ts'
import { runningPostmaster } from './postmaster.ts'

const isRoot = process.getuid?.() === 0
let root: string
let folder: string
/** A data folder made once; most tests begin with a copy of it, which is quicker than initdb. */
let made: string

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'mosaic-embedded-'))
  if (isRoot) await chmod(made, 0o711)
  const server = await openEmbedded({ folder: join(made, '.mosaic'), durable: false })
  await server[Symbol.asyncDispose]()
})
afterAll(() => rm(made, { recursive: true, force: true }))

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mosaic-embedded-'))
  if (isRoot) await chmod(root, 0o711)
  folder = join(root, '.mosaic')
})

afterEach(async () => {
  const left = await runningPostmaster(layoutOf(folder))
  if (left !== undefined) process.kill(left.pid, 'SIGQUIT')
  await gone(left?.pid)
  await rm(root, { recursive: true, force: true })
})

const open = () => openEmbedded({ folder, durable: false })

/** Ownership and rights are kept. */
const copyOfMade = () => execFileSync('cp', ['-a', join(made, '.mosaic'), root])

describe('the server of a data folder', { timeout: 90_000 }, () => {
  test('what a node wrote is there when it starts again, under the same address', async () => {
    const first = await open()
    await query(first.url, 'create table kept as select 41 as value')
    await first[Symbol.asyncDispose]()

    await using second = await open()

    expect(await query(second.url, 'select value from kept')).toEqual([{ value: 41 }])
    expect(second.url).toBe(first.url)
    expect([first.origin, second.origin]).toEqual(['started', 'started'])
  })

  test('it listens on this machine only, asks for the password, and is durable unless told otherwise', async () => {
    copyOfMade()
    await using server = await openEmbedded({ folder })

    const [settings] = await query(
      server.url,
      `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
              current_setting('fsync') as fsync, current_setting('server_encoding') as encoding,
              (select datlocale from pg_database where datname = current_database()) as locale`,
    )
    const wrong = new URL(server.url)
    wrong.password = 'guess'

    expect(settings).toEqual({
      addresses: '127.0.0.1',
      sockets: '',
      fsync: 'on',
      encoding: 'UTF8',
      locale: 'C.UTF-8',
    })
    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test.skipIf(process.platform === 'win32')('nobody else on the machine can read its secrets', async () => {
    copyOfMade()
    await using server = await open()
    const layout = layoutOf(server.folder)

    const modes = await Promise.all(
      [layout.password, layout.connection, layout.log].map(async (file) => (await stat(file)).mode & 0o777),
    )

    expect(modes).toEqual([0o600, 0o600, 0o600])
    expect((await stat(layout.data)).mode & 0o077).toBe(0)
  })
})

describe('several processes on one data folder', { timeout: 90_000 }, () => {
  test('a command beside a running node joins its server and leaves it running', async () => {
    copyOfMade()
    await using node = await open()

    const command = await open()
    await command[Symbol.asyncDispose]()

    expect(command).toMatchObject({ origin: 'joined', pid: node.pid })
    expect(await query(node.url, 'select 1 as up')).toEqual([{ up: 1 }])
  })

  test('when the starter leaves first, the last user stops the server', async () => {
    copyOfMade()
    const starter = await open()
    const other = await open()

    await starter[Symbol.asyncDispose]()
    const after = await query(other.url, 'select 1 as up')
    await other[Symbol.asyncDispose]()

    expect(after).toEqual([{ up: 1 }])
    expect(await runningPostmaster(layoutOf(folder))).toBeUndefined()
  })

  test('five that start at once get one server between them', async () => {
    const children = Array.from({ length: 5 }, () => openInChild(folder))
    const opened = await Promise.all(children.map((child) => child.opened))

    expect(new Set(opened.map((one) => one.pid)).size).toBe(1)
    expect(opened.map((one) => one.origin).sort()).toEqual([
      'joined',
      'joined',
      'joined',
      'joined',
      'started',
    ])
    await Promise.all(children.map((child) => child.leave()))
    expect(await runningPostmaster(layoutOf(folder))).toBeUndefined()
  })

  test('the server of a killed node survives, and the next node adopts and stops it', async () => {
    copyOfMade()
    const killed = openInChild(folder)
    const { pid, url } = await killed.opened
    killed.process.kill('SIGKILL')
    await once(killed.process, 'exit')
    await eventually(() => expectNoUsers(url))

    const heir = await open()
    await heir[Symbol.asyncDispose]()

    expect(heir).toMatchObject({ origin: 'adopted', pid })
    expect(await runningPostmaster(layoutOf(folder))).toBeUndefined()
  })

  test('a lock left by a killed process does not keep the next one out', async () => {
    copyOfMade()
    await writeFile(layoutOf(folder).lock, JSON.stringify({ pid: process.pid, startedAt: 'another life' }))

    await using server = await open()

    expect(server.origin).toBe('started')
  })
})

describe('a server that is killed', { timeout: 90_000 }, () => {
  test('comes back on the same port while a node is open, with everything that was committed', async () => {
    copyOfMade()
    await using server = await openEmbedded({ folder })
    await using sql = disposable(server.url)
    await sql.run('create table kept as select 7 as value')

    process.kill(server.pid, 'SIGKILL')
    await gone(server.pid)

    expect(await eventually(() => sql.run('select value from kept'))).toEqual([{ value: 7 }])
  })

  test('and its node with it: the next start recovers from the stale pid file', async () => {
    copyOfMade()
    const node = openInChild(folder)
    const { pid } = await node.opened
    node.process.kill('SIGKILL')
    await once(node.process, 'exit')
    process.kill(pid, 'SIGKILL')
    await gone(pid)

    await using server = await open()

    expect(server.origin).toBe('started')
  })

  test('an empty pid file, as a full disk leaves it, does not keep the server down', async () => {
    copyOfMade()
    await writeFile(join(layoutOf(folder).data, 'postmaster.pid'), '')

    await using server = await open()

    expect(server.origin).toBe('started')
  })

  test('a pid file that names a stranger’s process is not taken for a server', async () => {
    copyOfMade()
    const first = await open()
    const layout = layoutOf(first.folder)
    const pidFile = await readFile(join(layout.data, 'postmaster.pid'), 'utf8')
    await first[Symbol.asyncDispose]()
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    try {
      const lines = [String(stranger.pid), ...pidFile.split('\n').slice(1)]
      await writeFile(join(layout.data, 'postmaster.pid'), lines.join('\n'))

      await using server = await open()

      expect(server.origin).toBe('started')
      expect(stranger.exitCode).toBeNull()
    } finally {
      stranger.kill('SIGKILL')
    }
  })
})

describe('a node that is killed while it starts', { timeout: 90_000 }, () => {
  test('at any moment of making its cluster leaves a folder that the next one can start in', async () => {
    for (const ms of [150, 300, 450, 600, 750]) {
      const node = openInChild(folder)
      node.opened.catch(() => undefined) // it may be killed before it says anything
      await sleep(ms)
      node.process.kill('SIGKILL')
      await once(node.process, 'exit')
    }

    await using server = await open()

    expect(await query(server.url, 'select 1 as up')).toEqual([{ up: 1 }])
  })
})

describe('what goes wrong is said clearly', { timeout: 90_000 }, () => {
  test('a cluster of another PostgreSQL version is left alone', async () => {
    copyOfMade()
    await writeFile(join(layoutOf(folder).data, 'PG_VERSION'), '14\n')

    await expect(open()).rejects.toMatchObject({ code: 'store/cluster-version', cluster: '14' })
  })

  test('a lost password is said to be lost', async () => {
    copyOfMade()
    await rm(layoutOf(folder).password)

    await expect(open()).rejects.toMatchObject({ code: 'store/password-missing' })
  })

  test('a wrong password is said to be wrong, and no server is left behind', async () => {
    copyOfMade()
    await writeFile(layoutOf(folder).password, 'another\n')

    await expect(open()).rejects.toMatchObject({ code: 'store/password-missing' })
    expect(await runningPostmaster(layoutOf(folder))).toBeUndefined()
  })

  test('a setting that PostgreSQL does not know is shown in its own words', async () => {
    copyOfMade()
    const file = join(layoutOf(folder).data, 'postgresql.conf')
    await writeFile(file, `${await readFile(file, 'utf8')}\nno_such_setting = 1\n`)

    await expect(open()).rejects.toMatchObject({
      code: 'store/start-failed',
      message: expect.stringContaining('no_such_setting'),
    })
  })

  test('something else where the cluster should be is not overwritten', async () => {
    const { data } = layoutOf(folder)
    await mkdir(data, { recursive: true })
    await writeFile(join(data, 'thesis.txt'), 'years of work')

    await expect(open()).rejects.toMatchObject({ code: 'store/init-failed' })
    expect(await readFile(join(data, 'thesis.txt'), 'utf8')).toBe('years of work')
  })

  test.runIf(isRoot)('a folder that the server’s account cannot pass is named', async () => {
    await chmod(root, 0o700)

    await expect(open()).rejects.toMatchObject({
      code: 'store/folder-unreachable',
      folder: root,
      message: expect.stringContaining(`chmod o+x ${root}`),
    })
  })

  test.runIf(isRoot)('an ordinary user runs it as itself, and cannot enter a folder of root’s', async () => {
    await chmod(root, 0o777)
    const ordinary = { uid: 65534, gid: 65534 }

    const user = openInChild(folder, ordinary)
    const { origin } = await user.opened
    const owner = (await stat(layoutOf(folder).data)).uid
    await user.leave()
    const ofRoot = await openEmbedded({ folder: join(root, 'roots'), durable: false })
    await ofRoot[Symbol.asyncDispose]()
    const refused = openInChild(join(root, 'roots'), ordinary)

    expect([origin, owner]).toEqual(['started', 65534])
    await expect(refused.opened).rejects.toThrow('store/folder-not-ours')
  })

  test.runIf(isRoot)('root may use an ordinary user’s folder, and leaves it that user’s', async () => {
    await chmod(root, 0o777)
    const ordinary = { uid: 65534, gid: 65534 }
    const user = openInChild(folder, ordinary)
    await user.opened
    await user.leave()

    const ofRoot = await open()
    await ofRoot[Symbol.asyncDispose]()
    const again = openInChild(folder, ordinary)

    expect(await again.opened).toMatchObject({ origin: 'started' })
    await again.leave()
  })
})

type Opened = { readonly origin: string; readonly pid: number; readonly url: string }

/** A process of its own that opens the folder, says how, and leaves when its input ends. */
function openInChild(path: string, as: { uid?: number; gid?: number } = {}) {
  const script = `
    import { openEmbedded } from ${JSON.stringify(new URL('./open.ts', import.meta.url).href)}
    const server = await openEmbedded({ folder: ${JSON.stringify(path)}, durable: false })
    console.log(JSON.stringify({ origin: server.origin, pid: server.pid, url: server.url }))
    process.stdin.resume().on('end', () => server[Symbol.asyncDispose]())`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { ...as, cwd: '/' })
  return { process: child, opened: firstLine(child), leave: () => leave(child) }
}

function firstLine(child: ChildProcess): Promise<Opened> {
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += String(chunk)
  })
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (chunk) => resolve(JSON.parse(String(chunk)) as Opened))
    child.once('close', () => reject(new Error(said)))
  })
}

async function leave(child: ChildProcess): Promise<void> {
  child.stdin?.end()
  await once(child, 'exit')
}

function disposable(url: string) {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  return {
    run: (text: string) => sql.unsafe(text).then((rows) => [...rows]),
    [Symbol.asyncDispose]: () => sql.end(),
  }
}

async function query(url: string, text: string) {
  await using sql = disposable(url)
  return await sql.run(text)
}

async function expectNoUsers(url: string): Promise<void> {
  const users = await query(url, "select pid from pg_stat_activity where application_name = 'mosaic user'")
  if (users.length > 0) throw new Error('the killed process still has its connection')
}

async function eventually<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await act()
    } catch (error) {
      if (attempt >= 600) throw error
      await sleep(50)
    }
  }
}

async function gone(pid: number | undefined): Promise<void> {
  while (pid !== undefined && (await runningPostmaster(layoutOf(folder)))?.pid === pid) await sleep(20)
}
