/**
 * The way in for the first administrator. As long as nobody can sign in, every start makes a new one-time link, and the
 * one before it is void.
 *
 * Whoever opens the link first is the administrator, so it goes to the person at the terminal, and where no terminal is
 * (a service manager or a container keeps what is printed, often for many to read) into a file of the data folder that
 * only the node's own account can read. The file goes when the node stops, and when a start finds that somebody can
 * sign in.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Accounts } from '../../engines/access/index.ts'
import type { Run } from '../command.ts'

type Where = {
  /** The link carries a host name and no IP address: a passkey is bound to a name. */
  readonly address: string
  readonly folder: string
}

const keeping = (remove: () => Promise<void>): AsyncDisposable => ({ [Symbol.asyncDispose]: remove })

export async function inviteFirst(
  { out }: Pick<Run, 'out'>,
  { enrolment }: Pick<Accounts, 'enrolment'>,
  { address, folder }: Where,
  isWatched = process.stderr.isTTY === true,
): Promise<AsyncDisposable> {
  const file = join(folder, 'first-administrator-link')
  await rm(file, { force: true })
  const link = await enrolment.firstRunLink()
  if (link === undefined) return keeping(async () => {})
  const text = `${address}/enrol#${link.secret}`
  if (isWatched) out.say(`Nobody can sign in yet. The first administrator: ${text}`)
  else {
    await mkdir(folder, { recursive: true })
    await writeFile(file, `${text}\n`, { mode: 0o600, flag: 'wx' })
    out.say(`Nobody can sign in yet. The link for the first administrator stands in ${file}`)
  }
  out.say(`The link opens once, until ${link.expiresAt}.`)
  return keeping(() => rm(file, { force: true }))
}
