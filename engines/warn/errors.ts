/** What warn refuses to do. Thrown inside the reactor, so the runtime keeps the input in quarantine with the reason. */
import { MosaicError } from '../record/index.ts'

/** A text is missing, or cannot be written with the arguments of the proposal. */
export class TextUnwritable extends MosaicError {
  override readonly name = 'TextUnwritable'
  override readonly code = 'warn/text-unwritable'
  readonly language: string
  readonly key: string

  constructor(language: string, key: string, reason: string, cause?: unknown) {
    super(
      `The text "${key}" in ${language} cannot be written: ${reason}. Correct the catalogue or the rule.`,
      {
        cause,
      },
    )
    this.language = language
    this.key = key
  }
}

/** A person decided on something that cannot be issued. */
export class DecisionUnfit extends MosaicError {
  override readonly name = 'DecisionUnfit'
  override readonly code = 'warn/decision-unfit'
}

/** Why a decision on a proposal is refused whose warning people have written themselves. */
export const keptAtDesk = (proposal: string): string =>
  `The warning from proposal ${proposal} is kept at the desk; make an update or a cancel of it there.`

/** A draft cannot be made, changed, or issued as it stands. */
export class DraftUnfit extends MosaicError {
  override readonly name = 'DraftUnfit'
  override readonly code = 'warn/draft-unfit'
}
