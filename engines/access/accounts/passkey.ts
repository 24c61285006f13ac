/**
 * Passkeys (WebAuthn level 3): a key pair that lives in an authenticator and signs only for our own name, so nothing
 * can be given away to a false page. The authenticator makes sure of its owner each time (user verification is
 * required), which makes it two factors at once. Credentials are discoverable: nobody types a login name, and the node
 * never says which credentials an account has.
 *
 * No attestation is asked for: which make of authenticator somebody uses is none of our business. A signature counter
 * that does not grow says that the authenticator was copied (§6.1.1); counters of 0 say that it keeps none.
 */
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { type Instant, instant } from '../../record/index.ts'
import type { AccountParts, Handle } from './contract.ts'
import { AccountRefused } from './errors.ts'
import { newName } from './secret.ts'
import { stepMs } from './steps.ts'

/** Where the page stands: `https://mosaic.example`, and the name that passkeys are bound to: `mosaic.example`. */
export type RelyingParty = { readonly origin: string; readonly rpId: string }

export type PasskeyOwner = { readonly login: string; readonly name: string; readonly handle: Uint8Array }

export type Passkey = {
  readonly id: string
  readonly title: string
  /** Kept by its maker's account too, and so on more than one device. */
  readonly isBackedUp: boolean
  readonly addedAt: Instant
  readonly usedAt?: Instant
}

export type RegistrationOptions = Awaited<ReturnType<typeof generateRegistrationOptions>>
export type AuthenticationOptions = Awaited<ReturnType<typeof generateAuthenticationOptions>>

/** COSE: Ed25519, ECDSA with P-256, RSA with SHA-256 (for older Windows). */
const algorithms = [-8, -7, -257]

export const registrationOptions = (
  party: RelyingParty & { readonly title: string },
  owner: PasskeyOwner,
  { challenge, known = [] }: { readonly challenge: string; readonly known?: readonly string[] },
): Promise<RegistrationOptions> =>
  generateRegistrationOptions({
    rpName: party.title,
    rpID: party.rpId,
    userName: owner.login,
    userDisplayName: owner.name,
    userID: new Uint8Array(owner.handle),
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: stepMs,
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: known.map((id) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })

export const authenticationOptions = (
  { rpId }: RelyingParty,
  challenge: string,
): Promise<AuthenticationOptions> =>
  generateAuthenticationOptions({
    rpID: rpId,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: stepMs,
    userVerification: 'required',
  })

export type NewPasskey = {
  /** WebAuthn credential id. */
  readonly credential: string
  readonly publicKey: Uint8Array
  readonly signCount: number
  readonly transports: readonly string[]
  readonly isBackedUp: boolean
}

/** Throws `access/passkey-unusable` for whatever does not verify. */
export async function verifiedPasskey(
  { origin, rpId }: RelyingParty,
  challenge: string,
  response: unknown,
): Promise<NewPasskey> {
  const verified = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch((cause: unknown) => {
    throw unusable(cause)
  })
  if (!verified.verified) throw unusable()
  const { credential, credentialBackedUp } = verified.registrationInfo
  return {
    credential: credential.id,
    publicKey: credential.publicKey,
    signCount: credential.counter,
    transports: (credential.transports ?? []).slice(0, 8),
    isBackedUp: credentialBackedUp,
  }
}

export async function keepPasskey(
  { now, random }: AccountParts,
  sql: Handle,
  passkey: NewPasskey & { readonly account: string; readonly title: string },
): Promise<void> {
  const kept = await sql`
    insert into account_passkey (
      id, credential, account, title, public_key, sign_count, transports, is_backed_up, added_at
    )
    values (
      ${newName(random)}, ${passkey.credential}, ${passkey.account}, ${passkey.title}, ${Buffer.from(passkey.publicKey)}, ${passkey.signCount},
      ${passkey.transports as string[]}, ${passkey.isBackedUp}, ${now()}
    )
    on conflict do nothing
    returning id`
  if (kept.length === 0) throw unusable()
}

/** `copied`: its counter did not grow, so two authenticators hold the same key. */
export type PasskeyOutcome =
  | { readonly kind: 'right'; readonly account: string }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'copied'; readonly account: string }

type PasskeyRow = { account: string; public_key: Buffer; sign_count: number; handle: Buffer }

export async function checkPasskey(
  { sql, now }: AccountParts,
  { origin, rpId }: RelyingParty,
  { challenge, response }: { readonly challenge: string; readonly response: unknown },
): Promise<PasskeyOutcome> {
  const given = response as AuthenticationResponseJSON
  const [kept] = await sql<PasskeyRow[]>`
    select p.account, p.public_key, p.sign_count, a.handle
    from account_passkey as p
    join account as a on a.id = p.account
    where p.credential = ${String(given.id).slice(0, 2000)} and a.disabled_at is null`
  if (kept === undefined) return { kind: 'wrong' }
  const { account } = kept
  const owner = given.response?.userHandle
  if (owner !== undefined && owner !== kept.handle.toString('base64url')) return { kind: 'wrong' }
  const verified = await verifyAuthenticationResponse({
    response: given,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    // The counter is judged below, where it moves: the library would say the same of every failure.
    credential: { id: given.id, publicKey: new Uint8Array(kept.public_key), counter: 0 },
  }).catch(() => undefined) // what is wrong with it is not for whoever sent it
  if (!verified?.verified) return { kind: 'wrong' }
  const { newCounter, credentialBackedUp } = verified.authenticationInfo
  const moved = await sql`
    update account_passkey
    set sign_count = ${newCounter}, used_at = ${now()}, is_backed_up = ${credentialBackedUp}
    where credential = ${given.id} and (sign_count < ${newCounter} or (sign_count = 0 and ${newCounter} = 0))
    returning id`
  return moved.length > 0 ? { kind: 'right', account } : { kind: 'copied', account }
}

/** What a browser is told not to make a second one of. */
export async function credentialsOf({ sql }: AccountParts, account: string): Promise<readonly string[]> {
  const rows = await sql<{ credential: string }[]>`
    select credential from account_passkey where account = ${account}`
  return rows.map(({ credential }) => credential)
}

export async function passkeysOf({ sql }: AccountParts, account: string): Promise<readonly Passkey[]> {
  const rows = await sql<
    { id: string; title: string; is_backed_up: boolean; added_at: Date; used_at: Date | null }[]
  >`
    select id, title, is_backed_up, added_at, used_at
    from account_passkey
    where account = ${account}
    order by added_at, id`
  return rows.map(({ id, title, is_backed_up, added_at, used_at }) => ({
    id,
    title,
    isBackedUp: is_backed_up,
    addedAt: instant(added_at),
    ...(used_at === null ? {} : { usedAt: instant(used_at) }),
  }))
}

const unusable = (cause?: unknown): AccountRefused =>
  new AccountRefused(
    'access/passkey-unusable',
    'This passkey cannot be taken: it must be new here, made for this page a moment ago, and ask for its owner (PIN, finger, face).',
    cause,
  )
