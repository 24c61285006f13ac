/** Enveloped signatures (CAP 1.2 §3.3.4.1), verified by `xml/signature.ts`, judged by the node's policy. */
import type { XmlSignatureResult } from '../../xml/signature.ts'
import { textOf } from '../node.ts'
import { capMillis } from '../time.ts'
import type { CapMessage, CapRule, Finding } from './rule.ts'

const clause = 'CAP 1.2 §3.3.4.1; XML Signature 1.1'
const place = (index: number): string => `/alert/Signature[${index + 1}]`

export const signatureRules: readonly CapRule[] = [
  found(
    'cap/signature-digest-differs',
    'The message is not the one that was signed.',
    ({ kind }) => kind === 'digest-differs',
  ),
  found(
    'cap/signature-value-differs',
    'The signature was not made with the key it carries.',
    ({ kind }) => kind === 'value-differs',
  ),
  {
    rule: 'cap/signature-not-checked',
    clause,
    says: 'This kind of signature cannot be checked here.',
    *check({ signatures }) {
      for (const [index, each] of signatures.entries()) {
        if (each.kind === 'unsupported') yield { place: place(index), value: each.what }
      }
    },
  },
  found(
    'cap/signature-weak',
    'The signature verifies, but rests on SHA-1, which can be forged.',
    (each) => each.kind === 'verified' && each.weak,
  ),
  found(
    'cap/signature-reflowed',
    'The signature verifies once white space between elements is left out: the message was indented after signing.',
    (each) => each.kind === 'verified' && each.form === 'reflowed',
  ),
  {
    rule: 'cap/signature-certificate-dates',
    clause: 'RFC 5280 §4.1.2.5',
    says: 'The message was sent when the certificate of its signature was not valid.',
    *check({ signatures, root }) {
      const sent = capMillis(textOf(root, 'sent'))
      for (const [index, each] of signatures.entries()) {
        if (each.kind !== 'verified' || each.key.certificate === undefined || sent === undefined) continue
        const { validFrom, validTo } = each.key.certificate
        if (sent < Date.parse(validFrom) || sent > Date.parse(validTo))
          yield { place: place(index), value: `${validFrom} to ${validTo}` }
      }
    },
  },
  {
    rule: 'cap/signature-key-unknown',
    clause: 'policy of this node: trustedFingerprints',
    says: 'The signature verifies, but its key is not on the list for this sender.',
    *check(message) {
      for (const [index, each] of message.signatures.entries()) {
        if (each.kind === 'verified' && !isTrusted(message, each))
          yield { place: place(index), value: each.key.fingerprint }
      }
    },
  },
  {
    rule: 'cap/signature-required',
    clause: "policy of this node: signature 'require'",
    says: 'This sender must sign, and no signature of a trusted key verifies.',
    *check(message): Generator<Finding> {
      if (message.policy.signature !== 'require') return
      if (!message.signatures.some((each) => each.kind === 'verified' && isTrusted(message, each)))
        yield { place: '/alert', value: '', withhold: true }
    },
  },
]

function found(rule: string, says: string, applies: (result: XmlSignatureResult) => boolean): CapRule {
  return {
    rule,
    clause,
    says,
    *check({ signatures }) {
      for (const [index, each] of signatures.entries())
        if (applies(each)) yield { place: place(index), value: '' }
    },
  }
}

const isTrusted = ({ policy }: CapMessage, result: XmlSignatureResult & { kind: 'verified' }): boolean =>
  policy.trustedFingerprints === undefined || policy.trustedFingerprints.includes(result.key.fingerprint)
