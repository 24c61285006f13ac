/**
 * Ten recovery codes, for the day on which the telephone is gone: each stands once for the one-time code, beside the
 * password, never for both. 80 random bits in Crockford's base 32, which has no I, L, O and U to misread.
 */
import { createHash } from 'node:crypto'
import type { AccountParts, Handle } from './contract.ts'

const codes = 10
const codeBytes = 10
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** New ones in place of those before. They are shown once. */
export async function renewRecoveryCodes(
  { random }: AccountParts,
  sql: Handle,
  account: string,
): Promise<readonly string[]> {
  const fresh = Array.from({ length: codes }, () => spell(random(codeBytes)))
  await sql`delete from account_recovery_code where account = ${account}`
  for (const code of fresh)
    await sql`insert into account_recovery_code (account, code_hash) values (${account}, ${hashOf(code)})`
  return fresh
}

export async function spendRecoveryCode(
  { sql, now }: AccountParts,
  account: string,
  typed: string,
): Promise<boolean> {
  const code = read(typed)
  if (code === undefined) return false
  const used = await sql`
    update account_recovery_code
    set used_at = ${now()}
    where account = ${account} and code_hash = ${hashOf(code)} and used_at is null
    returning account`
  return used.length > 0
}

export async function recoveryCodesLeft({ sql }: AccountParts, account: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from account_recovery_code where account = ${account} and used_at is null`
  return row?.count ?? 0
}

/** `7KQ2-X0ZD-9M4T-B6AR` */
function spell(bytes: Uint8Array): string {
  let left = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (let at = 0; at < 16; at += 1) {
    text = letters.charAt(Number(left % 32n)) + text
    left /= 32n
  }
  return (text.match(/.{4}/g) ?? []).join('-')
}

/** As people type it: any case, any gaps, letters that look like digits. */
function read(typed: string): string | undefined {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  if (plain.length !== 16 || [...plain].some((letter) => !letters.includes(letter))) return undefined
  return (plain.match(/.{4}/g) ?? []).join('-')
}

const hashOf = (code: string): Buffer => createHash('sha256').update(code, 'utf8').digest()
