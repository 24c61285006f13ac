/**
 * CAP identifiers: `mosaic.<node>.<incarnation>.<16 hexadecimal digits>`. The digits are the first 64 bits of the SHA-256
 * of realm and record key, so the same message gets the same identifier however often a reactor runs, and the
 * incarnation, new after every restore of a node, keeps what was issued and then lost from ever being given again.
 */
import { createHash } from 'node:crypto'
import type { Realm } from '../record/index.ts'
import type { Identity } from '../store/index.ts'

export function capIdentifier({ node, incarnation }: Identity, realm: Realm, key: string): string {
  const digits = createHash('sha256').update(`${realm}\n${key}`).digest('hex').slice(0, 16)
  return ['mosaic', plain(node), plain(incarnation), digits].join('.')
}

/** CAP 1.2 §3.2.1: no spaces, commas, `<` or `&`; here only what every system passes on. */
const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9.-]+/g, '-')
