/**
 * When two CAP messages are the same, whatever path they came by.
 *
 * A message is named by its triple sender, identifier, sent (CAP 1.2 §3.2.1 references). `sent` is compared as an
 * instant: gateways write one time in several zones. What it says is compared by a digest of the alert with white space
 * folded and times as instants, without the count of signatures, which some paths take off.
 */
import { hash } from 'node:crypto'
import { type Instant, instant } from '../../record/index.ts'
import type { CapAlert, CapReference } from './alert.ts'
import { capMillis } from './time.ts'

export type CapTriple = { readonly sender: string; readonly identifier: string; readonly sent: Instant }

/** Undefined when `sent` is no time that states its zone: then it can name nothing. */
export function capTriple({ sender, identifier, sent }: CapReference): CapTriple | undefined {
  const ms = capMillis(sent)
  return ms === undefined ? undefined : { sender, identifier, sent: instant(ms) }
}

/** As a reference writes it; what would part it wrongly (a comma or a space inside) stands percent-encoded. */
export const capTripleText = ({ sender, identifier, sent }: CapTriple): string =>
  `${encoded(sender)},${encoded(identifier)},${sent}`

const encoded = (part: string): string => part.replace(/[%,\s]/g, encodeURIComponent)

/** SHA-256 over the canonical form (RFC 8785) of what the message says, 64 lower-case hexadecimal digits. */
export const capDigest = ({ signatures: _, ...alert }: CapAlert): string =>
  hash('sha256', folded(alert), 'hex')

/** Folds and writes in one walk: a copy of every message beside it was a third of the work. */
function folded(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(foldedText(value))
  if (Array.isArray(value)) return `[${value.map(folded).join(',')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const members = value as { readonly [name: string]: unknown }
  const said = Object.keys(members).filter((name) => members[name] !== undefined)
  return `{${said
    .sort()
    .map((name) => `"${name}":${folded(members[name])}`)
    .join(',')}}`
}

const timeShape = /^\d{4}-\d\d-\d\dT/

function foldedText(text: string): string {
  const ms = timeShape.test(text) ? capMillis(text) : undefined
  return ms === undefined ? text.trim().replace(/\s+/g, ' ') : instant(ms)
}
