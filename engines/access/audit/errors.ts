import { MosaicError } from '../../record/index.ts'

/** What cannot be noted may not be answered. */
export class AuditUnavailable extends MosaicError {
  override readonly name = 'AuditUnavailable'
  override readonly code = 'access/audit-unavailable'

  constructor(cause?: unknown) {
    super(
      'The audit trail cannot be written, so nothing that must be on it is answered. Look whether the database is up and its disk has room; the node goes on by itself.',
      { cause },
    )
  }
}
