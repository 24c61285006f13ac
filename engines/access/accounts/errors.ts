/** What an account refuses to whoever administers it: what was asked does not fit, and nothing was changed. */
import { MosaicError } from '../../record/index.ts'

export type AccountCode =
  | 'access/login-unfit'
  | 'access/login-taken'
  | 'access/name-unfit'
  | 'access/organisation-unfit'
  | 'access/organisation-taken'
  | 'access/organisation-unknown'
  | 'access/user-unknown'
  | 'access/grant-unfit'
  | 'access/password-weak'
  | 'access/code-wrong'
  | 'access/passkey-unusable'
  | 'access/link-spent'
  | 'access/too-many-means'
  | 'access/last-means'
  | 'access/means-unknown'
  | 'access/session-ended'
  | 'access/subject-taken'
  | 'access/token-unfit'
  | 'access/seal-broken'
  | 'access/provider-unknown'
  | 'access/provider-unfit'
  | 'access/provider-failed'

export class AccountRefused extends MosaicError {
  override readonly name = 'AccountRefused'
  override readonly code: AccountCode

  constructor(code: AccountCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
