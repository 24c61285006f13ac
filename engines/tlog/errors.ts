/** What the log and its keys throw. A refusal that a caller must expect (a bad proof, a forked peer) is a value instead. */
import { MosaicError } from '../record/index.ts'

/** The database no longer says what the tree was built of. Nothing is signed until a person has looked. */
export class LogDamaged extends MosaicError {
  override readonly name = 'LogDamaged'
  override readonly code = 'tlog/log-damaged'
  /** The tile, or the index in the log. */
  readonly place: string

  constructor(place: string, says: string) {
    super(
      `${place}: ${says}. The log is not signed any more. Run mosaic verify, keep the database as it is for ` +
        'whoever examines it, and restore the last backup that verifies.',
    )
    this.place = place
  }
}

/** A tree of this size was signed before, with another root. */
export class SecondRoot extends MosaicError {
  override readonly name = 'SecondRoot'
  override readonly code = 'tlog/second-root'
  readonly size: number

  constructor(size: number) {
    super(
      `A checkpoint of size ${size} was signed with another root; signing this one would show two histories. ` +
        'Run mosaic verify and restore the last backup that verifies.',
    )
    this.size = size
  }
}

/** Asked for what the tree does not hold. */
export class NotInTree extends MosaicError {
  override readonly name = 'NotInTree'
  override readonly code = 'tlog/not-in-tree'

  constructor(what: string, size: number) {
    super(`${what}, and the tree reaches to ${size}. Integrate the log first, or ask for less.`)
  }
}

export class PassphraseMissing extends MosaicError {
  override readonly name = 'PassphraseMissing'
  override readonly code = 'tlog/passphrase-missing'

  constructor() {
    super(
      "This node's keys are sealed under a passphrase. Start it with that passphrase, or recover the keys.",
    )
  }
}

export class PassphraseWrong extends MosaicError {
  override readonly name = 'PassphraseWrong'
  override readonly code = 'tlog/passphrase-wrong'

  constructor() {
    super(
      "The passphrase does not open this node's keys, or the sealed key was changed. Give the right one, or recover " +
        'the keys with two of the shares (mosaic keys recover).',
    )
  }
}

/** What was asked of the keys cannot be done with them as they are. */
export class KeyUnfit extends MosaicError {
  override readonly name = 'KeyUnfit'
  override readonly code = 'tlog/key-unfit'
}

/** The shares, or the sealed copy, do not give the keys back. */
export class RecoveryRefused extends MosaicError {
  override readonly name = 'RecoveryRefused'
  override readonly code = 'tlog/recovery-refused'
}

/** A folder or address that holds no log, or cannot be read or written as one. */
export class LogUnreadable extends MosaicError {
  override readonly name = 'LogUnreadable'
  override readonly code = 'tlog/log-unreadable'
}
