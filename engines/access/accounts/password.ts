/**
 * Passwords: argon2id (RFC 9106) at or above the least that OWASP's Password Storage Cheat Sheet names (19 MiB, two
 * passes, one lane), kept as a PHC string that says its own parameters. One that was made with others is made anew when
 * its owner next shows it.
 *
 * Hashing takes some 40 ms and 19 MiB, so few run at once and few may wait: whoever sends passwords by the thousand
 * takes neither the memory nor the threads that the node needs to warn.
 */
import { argon2 as argon2Callback, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Random } from './contract.ts'

const argon2 = promisify(argon2Callback)

type Cost = { readonly memory: number; readonly passes: number; readonly parallelism: number }

/** Memory in KiB. */
export const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1 }
const tagBytes = 32
const saltBytes = 16

const most = { running: 2, waiting: 40 }

export class Hasher {
  readonly #random: Random
  readonly #cost: Cost
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(random: Random, use: Cost = cost) {
    this.#random = random
    this.#cost = use
  }

  /** So many wait already that another would only wait in vain. */
  get isBusy(): boolean {
    return this.#waiting.length >= most.waiting
  }

  async hash(password: string): Promise<string> {
    const salt = Buffer.from(this.#random(saltBytes))
    return phcOf(this.#cost, salt, await this.#run(password, salt, this.#cost))
  }

  /** Without a string to compare with, the same work is done and the answer is no. */
  async fits(password: string, phc: string | undefined): Promise<boolean> {
    const kept = phc === undefined ? undefined : read(phc)
    const salt = kept?.salt ?? Buffer.alloc(saltBytes)
    const tag = await this.#run(password, salt, kept?.cost ?? this.#cost)
    return kept !== undefined && tag.length === kept.tag.length && timingSafeEqual(tag, kept.tag)
  }

  /** Made with other parameters than today's. */
  isOutdated(phc: string): boolean {
    const kept = read(phc)?.cost
    return (
      kept?.memory !== this.#cost.memory ||
      kept.passes !== this.#cost.passes ||
      kept.parallelism !== this.#cost.parallelism
    )
  }

  async #run(password: string, nonce: Uint8Array, { memory, passes, parallelism }: Cost): Promise<Buffer> {
    if (this.#running >= most.running) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running += 1
    try {
      const message = Buffer.from(prepared(password), 'utf8')
      return await argon2('argon2id', { message, nonce, memory, passes, parallelism, tagLength: tagBytes })
    } finally {
      const next = this.#waiting.shift() // who waited takes the place; nobody slips in between
      if (next) next()
      else this.#running -= 1
    }
  }
}

/** NIST SP 800-63B §5.1.1.2: one form for characters that can be typed in several ways. */
export const prepared = (password: string): string => password.normalize('NFKC')

const bare = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

const phcOf = ({ memory, passes, parallelism }: Cost, salt: Uint8Array, tag: Uint8Array): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${bare(salt)}$${bare(tag)}`

function read(phc: string): { readonly cost: Cost; readonly salt: Buffer; readonly tag: Buffer } | undefined {
  const found = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc)
  if (!found) return undefined
  const [, memory, passes, parallelism, salt = '', tag = ''] = found
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}
