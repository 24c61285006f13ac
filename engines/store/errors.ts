/** What the store throws: broken promises of its surroundings, never the outcome of an append, which is a value. */
import { MosaicError } from '../record/index.ts'

/** The database holds migrations that this program does not know. */
export class DatabaseIsNewer extends MosaicError {
  override readonly name = 'DatabaseIsNewer'
  override readonly code = 'store/database-newer'

  constructor(found: number, known: number) {
    super(
      `The database is at migration ${found} and this program knows ${known}. ` +
        'Start the newer program again, or restore a backup that was made before the upgrade.',
    )
  }
}

/** A migration that this database has run is not the one in the program. */
export class MigrationEdited extends MosaicError {
  override readonly name = 'MigrationEdited'
  override readonly code = 'store/migration-edited'

  constructor(file: string) {
    super(
      `${file} is not what this database was migrated with. ` +
        'A migration is never edited once it has run anywhere: put it back as it was and add a new one.',
    )
  }
}

export class MigrationFailed extends MosaicError {
  override readonly name = 'MigrationFailed'
  override readonly code = 'store/migration-failed'

  constructor(file: string, cause: unknown) {
    super(`${file} failed and was rolled back: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}

/** The database is another node's. */
export class OtherNode extends MosaicError {
  override readonly name = 'OtherNode'
  override readonly code = 'store/other-node'

  constructor(found: string, wanted: string) {
    super(
      `This database belongs to the node ${found}, not to ${wanted}. ` +
        'Set the node name back, or point this node at a database of its own.',
    )
  }
}

/** The server at the address is not one that the store can work on. */
export class DatabaseUnusable extends MosaicError {
  override readonly name = 'DatabaseUnusable'
  override readonly code = 'store/database-unusable'
}

/** A connection to the database died under what was asked over it. What was under way may have happened or not. */
export class ConnectionLost extends MosaicError {
  override readonly name = 'ConnectionLost'
  override readonly code = 'store/connection-lost'

  constructor(because: string, options?: ErrorOptions) {
    super(
      `The connection to the database was lost (${because}). Ask again: a new one is made when one is needed.`,
      options,
    )
  }
}

/** This process has closed its connections. */
export class DatabaseClosed extends MosaicError {
  override readonly name = 'DatabaseClosed'
  override readonly code = 'store/database-closed'

  constructor() {
    super('This process has closed its connections to the database; open the store anew.')
  }
}

/** The address asks for TLS and the server does not offer it. */
export class TlsRefused extends MosaicError {
  override readonly name = 'TlsRefused'
  override readonly code = 'store/tls-refused'

  constructor(host: string) {
    super(
      `The database server at ${host} does not offer TLS. Turn it on there, or change sslmode in DATABASE_URL.`,
    )
  }
}

/** Another process runs the same reactor and has digested this record; look where its checkpoint stands and go on. */
export class TurnTaken extends MosaicError {
  override readonly name = 'TurnTaken'
  override readonly code = 'store/turn-taken'
  readonly reactor: string

  constructor(reactor: string) {
    super(
      `The checkpoint of ${reactor} has moved: another process was faster. Read it again and go on from there.`,
    )
    this.reactor = reactor
  }
}

/** Bytes of an attachment that do not fit what is known of it; the message says how. */
export class AttachmentRefused extends MosaicError {
  override readonly name = 'AttachmentRefused'
  override readonly code = 'store/attachment-refused'

  constructor(because: string) {
    super(`The attachment was not taken: ${because}. Ask how much of it is held and send what follows.`)
  }
}

/** All bytes came and hash to another name. */
export class AttachmentAltered extends MosaicError {
  override readonly name = 'AttachmentAltered'
  override readonly code = 'store/attachment-altered'
  readonly sha256: string

  constructor(sha256: string) {
    super(
      `What came as ${sha256} hashes to another name, so all of it was dropped. ` +
        'Fetch it anew, from another peer if it happens again.',
    )
    this.sha256 = sha256
  }
}
