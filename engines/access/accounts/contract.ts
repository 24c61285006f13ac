/**
 * People with an account on this node: the words that the files of this folder share.
 *
 * An account belongs to an organisation and is signed in to by means that its person holds: a password together with a
 * one-time code, a passkey, or an account at an OpenID provider. A session or a token then stands for it.
 */
import type { Instant } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import type { Clearance, Principal, Purpose, Role } from '../contract.ts'
import type { Seal } from './seal.ts'

export type Organisation = {
  readonly id: string
  readonly name: string
  readonly standing: Principal['standing']
}

/** What an administrator decides about somebody. */
export type Grants = {
  readonly organisation: string
  readonly roles: readonly Role[]
  readonly clearances: readonly Clearance[]
  readonly purposes: readonly Purpose[]
  /** Police codes whose terms the person has accepted. */
  readonly police: Principal['police']
}

export type User = Grants & {
  /** `person:LOGIN@NODE` */
  readonly id: string
  readonly login: string
  readonly name: string
  /** Of the organisation. */
  readonly standing: Principal['standing']
  readonly addedAt: Instant
  readonly disabledAt?: Instant
}

export type NewUser = Partial<Grants> & {
  readonly login: string
  readonly name: string
  readonly organisation: string
}

/** So many random bytes; passed in. */
export type Random = (size: number) => Uint8Array

/** What became of an attempt to sign in. Wrong is wrong: which part did not fit is not said. */
export type Refusal =
  | { readonly kind: 'refused' }
  /** Too many attempts: the next is looked at from then on. */
  | { readonly kind: 'wait'; readonly until: Instant }
  /** Too many people at once; nothing was counted. */
  | { readonly kind: 'busy' }

/** For the node's log and its audit. Never a login name that was typed: it may be a password in the wrong field. */
export type AccountHappening = {
  readonly kind:
    | 'signed-in'
    | 'sign-in-refused'
    | 'sign-in-held-back'
    | 'signed-out'
    | 'code-replayed'
    | 'codes-shut'
    | 'passkey-copied'
    | 'means-changed'
    | 'provider-failed'
    | 'enrolled'
    | 'user-added'
    | 'user-changed'
    | 'user-disabled'
    | 'user-enabled'
    | 'user-reset'
    | 'token-added'
    | 'token-revoked'
  readonly at: Instant
  readonly account?: string
  /** `password+totp`, `passkey`, the id of a token, why a provider was not believed: never a secret. */
  readonly what?: string
  readonly address?: string
}

/** The connection, or the transaction that something is part of. */
export type Handle = Sql | Parameters<Parameters<Sql['begin']>[1]>[0]

/** Handed to every file of this folder. */
export type AccountParts = {
  readonly sql: Sql
  readonly now: () => Instant
  readonly random: Random
  readonly seal: Seal
  readonly node: string
  /** Shown by authenticators beside the login name. */
  readonly title: string
  readonly on: (happening: Omit<AccountHappening, 'at'>) => void
}
