/** What the log and its keys throw. A refusal that a caller must expect (a bad proof, a forked peer) is a value instead. */
import { MosaicError } from '../record/index.ts'
import type { Hold } from './hold.ts'

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

/** Nothing is signed: a restored node does not know yet, or knows, that others saw more of its log than it holds. */
export class LogHeld extends MosaicError {
  override readonly name = 'LogHeld'
  override readonly code = 'tlog/log-held'
  readonly hold: Hold

  constructor(hold: Hold) {
    super(heldBecause(hold))
    this.hold = hold
  }
}

function heldBecause({ reason, answers }: Hold): string {
  if (reason === 'restored')
    return (
      'This node was restored from a backup and signs nothing until its peers have said what they last saw of its log. ' +
      'mosaic log shows who has answered.'
    )
  const saw = answers.flatMap(({ peer, answer }) =>
    answer.kind === 'ahead' ? [`${peer} saw ${answer.size} records`] : [],
  )
  return (
    `Of the log of this node ${saw.join(', ')}, signed by it, which its database does not hold: nothing more is signed ` +
    'under this log. Let a node of another name succeed it (mosaic log says how).'
  )
}

/** A person ends the hold on signing for a reason that can be read later. */
export class ResumeUnfit extends MosaicError {
  override readonly name = 'ResumeUnfit'
  override readonly code = 'tlog/resume-unfit'

  constructor() {
    super('Say in one line of up to 500 characters why this node may sign before all peers have answered.')
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
