/**
 * Seals what the node must read again (the keys of TOTP) and blinds what it counts by (login names, addresses).
 *
 * AES-256-GCM with a random 96-bit nonce; the account stands in the authenticated data, so a sealed key moved to another
 * account's row does not open. Layout: version 1, four bytes that name the key, nonce 12, tag 16, ciphertext. From the
 * one master key HKDF (RFC 5869) makes one for each use.
 *
 * The node is given the key from outside its database, so that the database alone (a backup, a replica) opens nothing;
 * where it is given none, one is kept in the database, and a copy of the database is then enough to make codes.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import type { Sql } from '../../store/index.ts'
import type { Random } from './contract.ts'
import { AccountRefused } from './errors.ts'

export type Seal = {
  readonly seal: (plain: Uint8Array, owner: string) => Buffer
  readonly open: (sealed: Uint8Array, owner: string) => Buffer
  /** The same for the same, and nothing can be read from it. */
  readonly blind: (kind: string, subject: string) => Buffer
}

/** The key that the database keeps for a node that is given none. */
export async function keyInDatabase(sql: Sql, random: Random): Promise<Uint8Array> {
  await sql`insert into account_key (key) values (${Buffer.from(random(32))}) on conflict do nothing`
  const [row] = await sql<{ key: Buffer }[]>`select key from account_key`
  if (row === undefined) throw new Error('account_key holds no row although one was written')
  return row.key
}

const version = 1
const headBytes = 1 + 4 + 12 + 16

export function createSeal(master: Uint8Array, random: Random): Seal {
  if (master.length !== 32) throw new RangeError(`a sealing key has 32 bytes, not ${master.length}`)
  const sealing = derive(master, 'mosaic seal')
  const blinding = derive(master, 'mosaic blind')
  const keyName = createHash('sha256').update(sealing).digest().subarray(0, 4)
  return {
    seal: (plain, owner) => {
      const nonce = Buffer.from(random(12))
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce)
      cipher.setAAD(Buffer.from(owner, 'utf8'))
      const text = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([Buffer.of(version), keyName, nonce, cipher.getAuthTag(), text])
    },
    open: (sealed, owner) => {
      const all = Buffer.from(sealed)
      if (all[0] !== version || all.length < headBytes || !all.subarray(1, 5).equals(keyName))
        throw broken('was sealed with another key; give the node the key it was given before')
      const decipher = createDecipheriv('aes-256-gcm', sealing, all.subarray(5, 17))
      decipher.setAAD(Buffer.from(owner, 'utf8'))
      decipher.setAuthTag(all.subarray(17, 33))
      try {
        return Buffer.concat([decipher.update(all.subarray(33)), decipher.final()])
      } catch (cause) {
        throw broken('was altered; reset that user', cause)
      }
    },
    blind: (kind, subject) => createHmac('sha256', blinding).update(`${kind}\n${subject}`).digest(),
  }
}

const derive = (master: Uint8Array, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), use, 32))

const broken = (what: string, cause?: unknown): AccountRefused =>
  new AccountRefused('access/seal-broken', `The key of a one-time code ${what}.`, cause)
