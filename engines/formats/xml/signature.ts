/**
 * Enveloped XML signatures (XML Signature Syntax and Processing 1.1): is each Signature child of the root made by the
 * key it carries, over this very document? Two steps, both needed: the digest of the canonical document without the
 * signature equals DigestValue, and SignatureValue over the canonical SignedInfo verifies with the embedded key.
 *
 * Accepted is one shape only: a single reference to the whole document (URI=""), with the enveloped-signature
 * transform and at most canonical forms beside it. Anything else would let a signature cover less than the reader shows.
 *
 * @NOTE no chain of trust is built: a verified signature says that the holder of this key signed, not who that is.
 * Compare `key.fingerprint` with a list that came another way.
 */
import { constants, createHash, verify } from 'node:crypto'
import {
  type Canonical,
  canonicalMethod,
  digestHashes,
  envelopedSignature,
  signatureMethod,
} from './algorithms.ts'
import { canonicalParts, type SignedForm, signatureNamespace } from './canonical.ts'
import { type SigningKey, signingKey } from './key-info.ts'
import { readXml, type XmlElement } from './read.ts'
import { child, childrenNamed } from './tree.ts'

export type XmlSignatureResult =
  | { readonly kind: 'verified'; readonly form: SignedForm; readonly weak: boolean; readonly key: SigningKey }
  | { readonly kind: 'digest-differs' }
  | { readonly kind: 'value-differs' }
  | { readonly kind: 'unsupported'; readonly what: string }

/** Two in one message have been seen; each costs up to two parses. */
const mostSignatures = 4

/** One result for each Signature child of the root, in document order. Empty when unsigned or not readable. */
export function verifySignatures(source: Uint8Array | string): readonly XmlSignatureResult[] {
  const read = readXml(source)
  if (!read.ok) return []
  return signaturesOf(read.root).map((signature, index) =>
    index < mostSignatures
      ? verifyOne(source, signature, index)
      : { kind: 'unsupported', what: `more than ${mostSignatures} signatures` },
  )
}

export const signaturesOf = (root: XmlElement): XmlElement[] =>
  root.children.filter(({ name, namespace }) => name === 'Signature' && namespace === signatureNamespace)

function verifyOne(source: Uint8Array | string, signature: XmlElement, index: number): XmlSignatureResult {
  const plan = planOf(signature)
  if (typeof plan === 'string') return { kind: 'unsupported', what: plan }
  let digestHeld = false
  for (const form of ['received', 'reflowed'] as const) {
    const parts = canonicalParts({ source, signature: index, form, ...plan })
    if (parts === undefined) return { kind: 'unsupported', what: 'no SignedInfo' }
    if (createHash(plan.digestHash).update(parts.document).digest('base64') !== plan.digest) continue
    digestHeld = true
    if (valueHolds(plan, parts.signedInfo)) return { kind: 'verified', form, weak: plan.weak, key: plan.key }
  }
  return { kind: digestHeld ? 'value-differs' : 'digest-differs' }
}

type Plan = {
  readonly document: Canonical
  readonly signedInfo: Canonical
  readonly prefixes: readonly string[]
  readonly digestHash: string
  readonly digest: string
  readonly family: 'rsa' | 'ec'
  readonly hash: string
  /** Undefined when the text is not canonical base64. */
  readonly value: Buffer | undefined
  readonly weak: boolean
  readonly key: SigningKey
}

/** What to compute, or in words why we cannot. */
function planOf(signature: XmlElement): Plan | string {
  const info = child(signature, 'SignedInfo')
  if (info === undefined) return 'no SignedInfo'
  const references = childrenNamed(info, 'Reference')
  const [reference] = references
  if (reference === undefined || references.length > 1) return `${references.length} references`
  if (reference.attributes.get('URI') !== '') return 'a reference to something else than the whole message'

  const canonicalElement = child(info, 'CanonicalizationMethod')
  const signedInfo = canonicalMethod(algorithm(canonicalElement))
  if (signedInfo === undefined) return `canonical form ${algorithm(canonicalElement)}`
  const transforms = childrenNamed(child(reference, 'Transforms') ?? reference, 'Transform')
  if (!transforms.some((each) => algorithm(each) === envelopedSignature))
    return 'no enveloped-signature transform'
  const forms = transforms.filter((each) => algorithm(each) !== envelopedSignature)
  const strange = forms.find((each) => canonicalMethod(algorithm(each)) === undefined)
  if (strange !== undefined) return `transform ${algorithm(strange)}`
  const document = canonicalMethod(algorithm(forms.at(-1))) ?? { mode: 0, withComments: false }

  const digestHash = digestHashes.get(algorithm(child(reference, 'DigestMethod')))
  if (digestHash === undefined) return `digest ${algorithm(child(reference, 'DigestMethod'))}`
  const method = signatureMethod(algorithm(child(info, 'SignatureMethod')))
  if (method === undefined) return `signature method ${algorithm(child(info, 'SignatureMethod'))}`
  const key = signingKey(child(signature, 'KeyInfo'))
  if (key === undefined) return 'no usable key or certificate inside'
  if (key.key.asymmetricKeyType !== method.family) return `a key of kind ${key.key.asymmetricKeyType}`
  return {
    ...method,
    document,
    signedInfo,
    prefixes: prefixesOf(canonicalElement),
    digestHash,
    digest: compact(child(reference, 'DigestValue')?.text),
    value: strictBase64(child(signature, 'SignatureValue')?.text),
    weak: digestHash === 'sha1' || method.hash === 'sha1',
    key,
  }
}

function valueHolds(plan: Plan, signedInfo: string): boolean {
  if (plan.value === undefined) return false
  const key =
    plan.family === 'ec'
      ? { key: plan.key.key, dsaEncoding: 'ieee-p1363' as const }
      : { key: plan.key.key, padding: constants.RSA_PKCS1_PADDING }
  try {
    return verify(plan.hash, Buffer.from(signedInfo, 'utf8'), key, plan.value)
  } catch {
    return false // OpenSSL throws for a value of the wrong shape: it does not verify
  }
}

/** RFC 4648 §3.5: leftover bits must be zero, or two spellings would carry one value and an altered one would pass. */
function strictBase64(text: string | undefined): Buffer | undefined {
  const value = compact(text)
  const bytes = Buffer.from(value, 'base64')
  return bytes.toString('base64') === value ? bytes : undefined
}

const algorithm = (element: XmlElement | undefined): string => element?.attributes.get('Algorithm') ?? ''
const compact = (text: string | undefined): string => (text ?? '').replace(/\s+/g, '')

const prefixesOf = (method: XmlElement | undefined): string[] =>
  (method?.children[0]?.attributes.get('PrefixList') ?? '').split(/\s+/).filter((each) => each !== '')
