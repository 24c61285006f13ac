import { MosaicError } from '../../record/index.ts'

/** Nothing is erased that is not on record. */
export class ErasureRefused extends MosaicError {
  override readonly name = 'ErasureRefused'
  override readonly code = 'access/erasure-refused'

  constructor(reason: string) {
    super(
      `The record of an erasure was not taken (${reason}), so nothing was erased. Look at the handling of the records that are due; mosaic retention --dry-run counts them.`,
    )
  }
}
