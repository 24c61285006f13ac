/**
 * The one base of every error that Mosaic throws: a stable `code` (`owner/what`), facts as fields of the subclass,
 * and a message that says what happened and what to do next. What a caller must expect is a value, not a throw.
 */
export abstract class MosaicError extends Error {
  abstract readonly code: string
}

/** A record, or a part of one, breaks the rules of the envelope. */
export class InvalidRecord extends MosaicError {
  override readonly name = 'InvalidRecord'
  override readonly code = 'record/invalid'
}

/** One thing that is wrong with what came in: where, which rule, and in words. Never thrown; held beside the raw bytes. */
export type Issue = {
  /** Stable rule name, `owner/rule`, for example `usgs/coordinates-out-of-range`. */
  readonly rule: string
  /** Where: a JSON pointer, an XPath, a line and column. Empty for the whole. */
  readonly place: string
  /** What stood there, cut to 200 characters. */
  readonly value?: string
  /** One sentence in English: what is wrong and what to do. */
  readonly message: string
}
