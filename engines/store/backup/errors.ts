/** Why a backup was not made or not put back. A restore that is refused has changed nothing. */
import { MosaicError } from '../../record/index.ts'

export class NotABackup extends MosaicError {
  override readonly name = 'NotABackup'
  override readonly code = 'store/not-a-backup'

  constructor(file: string, cause?: unknown) {
    super(`${file} is not a Mosaic backup that can be read. Give the file that "mosaic backup" wrote.`, {
      cause,
    })
  }
}

export class BackupNotWritten extends MosaicError {
  override readonly name = 'BackupNotWritten'
  override readonly code = 'store/backup-not-written'

  constructor(file: string, cause: unknown) {
    super(`${file} cannot be written. Name a file in a folder that is there and that you may write to.`, {
      cause,
    })
  }
}

export class BackupDamaged extends MosaicError {
  override readonly name = 'BackupDamaged'
  override readonly code = 'store/backup-damaged'

  constructor(file: string, what: string, cause?: unknown) {
    super(`${file} is damaged: ${what}. Nothing was restored; use another copy.`, { cause })
  }
}

export class BackupIsNewer extends MosaicError {
  override readonly name = 'BackupIsNewer'
  override readonly code = 'store/backup-newer'

  constructor(file: string, what: string) {
    super(`${file} was written by a newer Mosaic (${what}). Restore it with that version or a later one.`)
  }
}

/** Its tables were made by migrations that are not this program's. */
export class BackupOfOtherTables extends MosaicError {
  override readonly name = 'BackupOfOtherTables'
  override readonly code = 'store/backup-of-other-tables'

  constructor(file: string, migration: string) {
    super(
      `${file} was made with another ${migration} than this program has. Restore it with the program that wrote it.`,
    )
  }
}

export class DatabaseNotEmpty extends MosaicError {
  override readonly name = 'DatabaseNotEmpty'
  override readonly code = 'store/database-not-empty'
  readonly tables: readonly string[]

  constructor(tables: readonly string[]) {
    super(
      `A restore goes only into an empty database, and this one has ${tables.slice(0, 5).join(', ')}. ` +
        'Give a new data folder, or a database with nothing in it.',
    )
    this.tables = tables
  }
}

export class NothingToBackUp extends MosaicError {
  override readonly name = 'NothingToBackUp'
  override readonly code = 'store/nothing-to-back-up'

  constructor() {
    super('This database has no Mosaic tables. Give the address or the data folder of a node that has run.')
  }
}
