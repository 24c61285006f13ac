/**
 * One-time codes by time (TOTP, RFC 6238): HMAC-SHA-1 over the 30-second step, six digits, a key of 160 bits (RFC 4226
 * §4), which is what every authenticator application speaks. A code is taken in its own step and one beside it, for
 * clocks that differ; the newest step used is kept, so a code that was seen cannot be used again (RFC 6238 §5.2). After
 * a hundred wrong ones in a row an authenticator is shut until its owner makes a new one (NIST SP 800-63B §5.2.2).
 */
import { Secret, TOTP } from 'otpauth'
import { type Instant, instant, millis } from '../../record/index.ts'
import type { AccountParts, Handle } from './contract.ts'
import { newName } from './secret.ts'

export type Totp = {
  readonly id: string
  readonly title: string
  readonly addedAt: Instant
  readonly usedAt?: Instant
}

/** What an authenticator application is given, once: as text to type, and as an address to show as a QR code. */
export type TotpSetup = { readonly key: string; readonly uri: string }

const keyBytes = 20
const stepMs = 30_000
const window = 1
const shutAfter = 100

export const newTotpKey = (random: AccountParts['random']): Uint8Array => random(keyBytes)

export function setupOf(key: Uint8Array, issuer: string, login: string): TotpSetup {
  const totp = totpOf(key, issuer, login)
  return { key: totp.secret.base32, uri: totp.toString() }
}

/** The time step that the code belongs to; undefined when it fits none that counts. */
export function stepOfCode(key: Uint8Array, code: string, at: Instant): number | undefined {
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const timestamp = millis(at)
  const delta = totpOf(key).validate({ token, timestamp, window })
  return delta === null ? undefined : Math.floor(timestamp / stepMs) + delta
}

export async function keepTotp(
  { random, seal, now }: AccountParts,
  sql: Handle,
  totp: { readonly account: string; readonly key: Uint8Array; readonly step: number; readonly title: string },
): Promise<void> {
  await sql`
    insert into account_totp (id, account, title, sealed_key, last_step, added_at)
    values (
      ${newName(random)}, ${totp.account}, ${totp.title}, ${seal.seal(totp.key, totp.account)}, ${totp.step}, ${now()}
    )`
}

/** `replayed`: right, and used before. `shut`: not looked at. */
export type CodeOutcome = 'right' | 'wrong' | 'replayed' | 'shut'

type TotpRow = { id: string; sealed_key: Buffer; failures: number }

export async function spendCode(
  { sql, seal, now }: AccountParts,
  account: string,
  code: string,
): Promise<CodeOutcome> {
  const kept = await sql<TotpRow[]>`
    select id, sealed_key, failures from account_totp where account = ${account}`
  const open = kept.filter(({ failures }) => failures < shutAfter)
  if (kept.length > 0 && open.length === 0) return 'shut'
  for (const { id, sealed_key } of open) {
    const step = stepOfCode(seal.open(sealed_key, account), code, now())
    if (step === undefined) continue
    const used = await sql`
      update account_totp
      set last_step = ${step}, failures = 0, used_at = ${now()}
      where id = ${id} and last_step < ${step} and failures < ${shutAfter}
      returning id`
    return used.length > 0 ? 'right' : 'replayed'
  }
  await sql`update account_totp set failures = failures + 1 where account = ${account}`
  return 'wrong'
}

export async function totpsOf({ sql }: AccountParts, account: string): Promise<readonly Totp[]> {
  const rows = await sql<{ id: string; title: string; added_at: Date; used_at: Date | null }[]>`
    select id, title, added_at, used_at from account_totp where account = ${account} order by added_at, id`
  return rows.map(({ id, title, added_at, used_at }) => ({
    id,
    title,
    addedAt: instant(added_at),
    ...(used_at === null ? {} : { usedAt: instant(used_at) }),
  }))
}

const totpOf = (key: Uint8Array, issuer = '', label = 'mosaic'): TOTP =>
  new TOTP({
    issuer,
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: stepMs / 1000,
    secret: new Secret({ buffer: new Uint8Array(key).buffer }),
  })
