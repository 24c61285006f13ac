/**
 * What lies in a data folder, and who may read it:
 *
 *     .mosaic/             0700   0711 where root hands the server over to another account
 *       postgres/            0700   belongs to the account that runs the server
 *         data/                     the cluster (PGDATA)
 *         making-<process>/         a cluster in the making; renamed when it is whole
 *       postgres.password    0600   belongs to whoever runs Mosaic; made once
 *       postgres.json        0600   {pid, port, url}: where the server was last reached
 *       postgres.log         0600   what the server says; the last run's is kept as postgres.log.1
 *       postgres.lock               held while somebody starts, joins or stops the server
 */
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Account } from './account.ts'
import { FolderNotOurs, PasswordMissing } from './errors.ts'

export type Layout = {
  readonly folder: string
  /** To whom root leaves what it writes here, so that an ordinary user's folder stays that user's. */
  readonly owner?: { readonly uid: number; readonly gid: number }
  readonly server: string
  readonly data: string
  readonly password: string
  readonly connection: string
  readonly log: string
  readonly lock: string
}

/** Makes the folder when it is not there, and gives the server's account its part of it. */
export async function prepareLayout(path: string, account: Account | undefined): Promise<Layout> {
  await mkdir(resolve(path), { recursive: true, mode: account === undefined ? 0o700 : 0o711 })
  const found = layoutOf(await realpath(resolve(path)))
  const { uid, gid } = await stat(found.folder)
  const layout: Layout = account !== undefined && uid !== 0 ? { ...found, owner: { uid, gid } } : found
  if (account !== undefined) await openWay(layout)
  await mkdir(layout.server, { recursive: true, mode: 0o700 })
  if (account !== undefined) await chown(layout.server, account.uid, account.gid)
  return layout
}

/**
 * Lets the server's account pass a data folder that is ours alone (empty, or with our password in it): others may then
 * pass it too, but read nothing. A folder with other things in it is not touched; the check of the way then names it.
 */
async function openWay(layout: Layout): Promise<void> {
  const content = await readdir(layout.folder)
  if (content.length > 0 && !content.includes('postgres.password')) return
  const { mode } = await stat(layout.folder)
  if ((mode & 0o001) === 0) await chmod(layout.folder, (mode & 0o777) | 0o001)
}

export function layoutOf(folder: string): Layout {
  const server = join(folder, 'postgres')
  return {
    folder,
    server,
    data: join(server, 'data'),
    password: join(folder, 'postgres.password'),
    connection: join(folder, 'postgres.json'),
    log: join(folder, 'postgres.log'),
    lock: join(folder, 'postgres.lock'),
  }
}

/** 192 random bits, made once; `mayMake` is false beside a cluster that already has one. */
export async function readPassword(layout: Layout, mayMake: boolean): Promise<string> {
  try {
    return (await readFile(layout.password, 'utf8')).trim()
  } catch (error) {
    if (isDenied(error)) throw new FolderNotOurs(layout.folder, error)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    if (!mayMake) throw new PasswordMissing(layout.password)
  }
  const password = randomBytes(24).toString('base64url')
  await writePrivately(layout, layout.password, `${password}\n`)
  return password
}

export type Connection = { readonly pid: number; readonly port: number; readonly url: string }

export async function readConnection(layout: Layout): Promise<Connection | undefined> {
  try {
    return JSON.parse(await readFile(layout.connection, 'utf8')) as Connection
  } catch {
    return undefined // only a hint: without it another port is taken
  }
}

export const writeConnection = (layout: Layout, connection: Connection): Promise<void> =>
  writePrivately(layout, layout.connection, `${JSON.stringify(connection)}\n`)

/** Written beside and renamed, so a reader or a crash never meets half a file. */
async function writePrivately({ owner }: Layout, file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600, flush: true })
  if (owner !== undefined) await chown(`${file}.new`, owner.uid, owner.gid)
  await rename(`${file}.new`, file)
}

export const isDenied = (error: unknown): boolean =>
  ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')
