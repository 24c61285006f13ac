/** What the sign-in routes and the request's principal are made of; built once by whoever starts the server. */
import type { Accounts, Asking, Principal } from '../../engines/access/index.ts'

export type SignInParts = {
  readonly accounts: Accounts
  /** The node's clock, and the instant at which embargoes are judged. */
  readonly instants: () => Pick<Asking, 'now' | 'embargoNow'>
  /** `https://mosaic.example`: where the page stands for everybody. Passkeys and providers need it beyond this machine. */
  readonly publicUrl?: string
  /** The principal with the broken glass it may have (see the audit). */
  readonly withGlass?: (principal: Principal) => Promise<Principal>
}

/** Where nobody can sign in, everybody asks as the public. */
export type AskingParts = Pick<SignInParts, 'instants' | 'withGlass'> & Partial<Pick<SignInParts, 'accounts'>>
