/**
 * Which account runs the server. PostgreSQL refuses to run as root, so root hands it to the account `postgres`, else
 * `nobody`, else one that is made for it. Everybody else runs it as themselves.
 *
 * That account must be able to pass (search right, `x`) every folder from `/` to the programs and to the data. libuv
 * clears supplementary groups when it changes the user, so owner, primary group and others are all there is to look at
 * (access control lists are not read).
 */
import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { FolderUnreachable, NoUnprivilegedUser } from './errors.ts'

export type Account = { readonly name: string; readonly uid: number; readonly gid: number }

const made = 'mosaic-postgres'
const preferred = ['postgres', 'nobody', made]

/**
 * The account to change to, or undefined where the server runs as the one who starts it. A cluster that is already there
 * runs as whoever owns it: PostgreSQL takes no other.
 */
export async function serverAccount(data: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(data).catch(() => undefined) // no cluster yet
  if (owner !== undefined && owner.uid !== 0)
    return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid }
  return pickAccount(await readFile('/etc/passwd', 'utf8').catch(() => '')) ?? (await makeAccount())
}

/** First of the preferred accounts in a passwd file (`name:password:uid:gid:…`) that is not root by another name. */
export function pickAccount(passwd: string): Account | undefined {
  const accounts = passwd.split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':')
    return /^\d+$/.test(uid) && /^\d+$/.test(gid) && Number(uid) > 0
      ? [{ name, uid: Number(uid), gid: Number(gid) }]
      : []
  })
  return preferred.map((name) => accounts.find((account) => account.name === name)).find((found) => found)
}

/** Throws `store/folder-unreachable` naming the first folder on the way to `path` that the account cannot pass. */
export async function checkReach(account: Account, path: string): Promise<void> {
  for (const folder of foldersTo(path)) {
    const { mode, uid, gid } = await stat(folder)
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) throw new FolderUnreachable(folder, account.name, path)
  }
}

function foldersTo(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [path] : [...foldersTo(parent), parent]
}

/** shadow's `useradd` and BusyBox's `adduser`, whichever is there. */
async function makeAccount(): Promise<Account> {
  const tries = [
    ['useradd', '--system', '--no-create-home', '--shell', '/usr/sbin/nologin', made],
    ['adduser', '-S', '-D', '-H', made],
  ] as const
  const failures: string[] = []
  for (const [program, ...args] of tries) {
    try {
      await promisify(execFile)(program, args)
      const account = pickAccount(await readFile('/etc/passwd', 'utf8'))
      if (account !== undefined) return account
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new NoUnprivilegedUser(failures.join('; '))
}
