/**
 * Signed requests and answers between nodes: HTTP Message Signatures (RFC 9421) with Ed25519 over a Content-Digest
 * (RFC 9530), so that both sides know each other whatever stands between them: a proxy, a terminated TLS, none at all.
 *
 * A request is signed over
 *
 *     @method  @authority  @path  @query  content-digest  mosaic-to
 *     created, expires (60 s later), nonce, keyid (node+key id), tag "mosaic-exchange-1"
 *
 * and, where it says what was received before (`received.ts`), over `mosaic-received` behind these, so that the signature
 * of the request is the receipt.
 *
 * `mosaic-to` names the node that is meant, so that a peer cannot pass our request on to another and get what is ours. An
 * answer is signed over @status, content-digest, content-encoding and the signature of its request: it answers this one.
 * Exactly these components, in this order, under exactly one signature: what is not of this form is not read further.
 *
 * The package's own checks of time are off (it reads the machine's clock); they are made here by the caller's clock.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import { httpbis } from 'http-message-signatures'
import { type Instant, instant, isNodeId, millis, type NodeId } from '../record/index.ts'

export const signatureLifeMs = 60_000
const tag = 'mosaic-exchange-1'
const requestFields = ['@method', '@authority', '@path', '@query', 'content-digest', 'mosaic-to']
const receivedField = 'mosaic-received'
const responseFields = ['@status', 'content-digest', 'content-encoding', 'signature;req']

export type Headers = { readonly [name: string]: string }
export type SignedRequest = { readonly method: string; readonly url: string; readonly headers: Headers }

export type Signer = {
  readonly node: NodeId
  readonly keyId: string
  readonly sign: (message: Uint8Array) => Uint8Array
}

/** Is this the signature of the node's key? Undefined: no such key, or not valid. */
export type Verify = (
  node: NodeId,
  keyId: string,
) => Promise<((message: Uint8Array, signature: Uint8Array) => boolean) | undefined>

export type Stamp = { readonly now: Instant; readonly nonce: string }

export async function signRequest(
  signer: Signer,
  request: {
    readonly method: string
    readonly url: string
    readonly to: NodeId
    readonly body: Uint8Array
    readonly received?: string
  },
  stamp: Stamp,
): Promise<SignedRequest> {
  const headers = {
    'content-digest': contentDigest(request.body),
    'mosaic-to': request.to,
    ...(request.received !== undefined && { [receivedField]: request.received }),
  }
  const signed = await httpbis.signMessage(
    { ...signing(signer, stamp), fields: [...fieldsOf(headers)] },
    { method: request.method, url: request.url, headers },
  )
  return { method: request.method, url: request.url, headers: lowerCase(signed.headers) }
}

export async function signResponse(
  signer: Signer,
  answer: {
    readonly status: number
    readonly body: Uint8Array
    readonly encoding: string
    readonly request: SignedRequest
  },
  stamp: Stamp,
): Promise<Headers> {
  const headers = { 'content-digest': contentDigest(answer.body), 'content-encoding': answer.encoding }
  const fields = 'signature' in answer.request.headers ? responseFields : responseFields.slice(0, 3)
  const signed = await httpbis.signMessage(
    { ...signing(signer, stamp), fields },
    { status: answer.status, headers },
    mutable(answer.request),
  )
  return lowerCase(signed.headers)
}

/** What a request must be signed over: what it says of what was received, too, where it says it. */
const fieldsOf = (headers: Headers): readonly string[] =>
  receivedField in headers ? [...requestFields, receivedField] : requestFields

/** A signature as it was verified: the signature base (RFC 9421 §2.5) and what signed it. */
export type Evidence = {
  readonly keyId: string
  readonly signed: string
  readonly signature: Uint8Array
}

export type Verified =
  | {
      readonly kind: 'verified'
      readonly evidence: Evidence
      readonly from: NodeId
      readonly nonce: string
      readonly at: Instant
      readonly expires: Instant
    }
  | { readonly kind: 'refused'; readonly reason: SignatureFault; readonly message: string }

export type SignatureFault = 'unsigned' | 'form' | 'digest' | 'addressee' | 'unknown-key' | 'signature'

/** Who signed this request to `me`? Its times are the caller's to judge. */
export async function verifyRequest(
  request: SignedRequest & { readonly body: Uint8Array },
  me: NodeId,
  verify: Verify,
): Promise<Verified> {
  const input = signatureInput(request.headers, fieldsOf(request.headers))
  if (typeof input === 'string') return refused(input)
  if (!digestFits(request.headers, request.body)) return refused('digest')
  if (request.headers['mosaic-to'] !== me) return refused('addressee')
  const check = await verify(input.from, input.keyId)
  if (check === undefined) return refused('unknown-key')
  const passed = await passes(check, (config) => httpbis.verifyMessage(config, mutable(request)))
  return verifiedBy(input, passed)
}

/** Is this the answer of `from` to this request of ours? */
export async function verifyResponse(
  answer: {
    readonly status: number
    readonly headers: Headers
    readonly body: Uint8Array
    readonly request: SignedRequest
  },
  from: NodeId,
  verify: Verify,
): Promise<Verified> {
  const input = signatureInput(answer.headers, responseFields)
  if (typeof input === 'string') return refused(input)
  if (!digestFits(answer.headers, answer.body)) return refused('digest')
  if (input.from !== from) return refused('unknown-key')
  const check = await verify(from, input.keyId)
  if (check === undefined) return refused('unknown-key')
  const response = { status: answer.status, headers: { ...answer.headers } }
  const passed = await passes(check, (config) =>
    httpbis.verifyMessage(config, response, mutable(answer.request)),
  )
  return verifiedBy(input, passed)
}

const verifiedBy = ({ keyId, ...input }: Input, passed: Passed | undefined): Verified =>
  passed === undefined ? refused('signature') : { kind: 'verified', evidence: { keyId, ...passed }, ...input }

export const contentDigest = (body: Uint8Array): string => `sha-256=:${hash('sha256', body, 'base64')}:`

const mutable = ({ method, url, headers }: SignedRequest) => ({ method, url, headers: { ...headers } })

const signing = ({ node, keyId, sign }: Signer, { now, nonce }: Stamp) => ({
  key: { id: `${node}+${keyId}`, sign: async (data: Buffer) => Buffer.from(sign(data)) },
  name: 'mosaic',
  params: ['created', 'expires', 'nonce', 'keyid', 'tag'],
  paramValues: {
    created: new Date(millis(now)),
    expires: new Date(millis(now) + signatureLifeMs),
    nonce,
    tag,
  },
})

type Input = {
  readonly from: NodeId
  readonly keyId: string
  readonly nonce: string
  readonly at: Instant
  readonly expires: Instant
}

/** Reads the one form that is sent here; anything else is not argued with. */
function signatureInput(headers: Headers, fields: readonly string[]): Input | SignatureFault {
  const text = headers['signature-input']
  if (text === undefined || headers['signature'] === undefined) return 'unsigned'
  const start = `mosaic=(${fields.map(quoted).join(' ')});`
  if (!text.startsWith(start)) return 'form'
  const found = parameters.exec(text.slice(start.length))
  if (found === null) return 'form'
  const [, created, expires, nonce = '', from = '', keyId = ''] = found
  if (!isNodeId(from)) return 'form'
  return { from, keyId, nonce, at: instant(Number(created) * 1000), expires: instant(Number(expires) * 1000) }
}

const parameters =
  /^created=(\d{1,10});expires=(\d{1,10});nonce="([\w-]{16,64})";keyid="([a-z0-9.-]{1,253})\+([0-9a-f]{8})";tag="mosaic-exchange-1"$/

/** `signature;req` is written `"signature";req`. */
const quoted = (field: string): string => {
  const [name = '', ...flags] = field.split(';')
  return [`"${name}"`, ...flags].join(';')
}

function digestFits(headers: Headers, body: Uint8Array): boolean {
  const given = Buffer.from(headers['content-digest'] ?? '')
  const own = Buffer.from(contentDigest(body))
  return given.length === own.length && timingSafeEqual(given, own)
}

type Config = Parameters<typeof httpbis.verifyMessage>[0]
type Passed = Omit<Evidence, 'keyId'>

async function passes(
  check: (message: Uint8Array, signature: Uint8Array) => boolean,
  run: (config: Config) => Promise<boolean | null>,
): Promise<Passed | undefined> {
  let passed: Passed | undefined
  const keyLookup = async () => ({
    verify: async (data: Buffer, signature: Buffer) => {
      passed = { signed: data.toString(), signature: new Uint8Array(signature) }
      return check(data, signature)
    },
  })
  try {
    return (await run({ keyLookup, tolerance: Number.POSITIVE_INFINITY })) === true ? passed : undefined
  } catch {
    return undefined // the package throws on headers that are no structured fields: they are no signature
  }
}

const lowerCase = (headers: Readonly<Record<string, string | string[]>>): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]))

const refused = (reason: SignatureFault): Verified => ({ kind: 'refused', reason, message: faults[reason] })

const faults: Readonly<Record<SignatureFault, string>> = {
  unsigned: 'It is not signed; sign it as docs/interop.md says.',
  form: 'Its signature does not cover what it must; sign it as docs/interop.md says.',
  digest: 'Its body is not the one that was signed.',
  addressee: 'It is meant for another node.',
  'unknown-key':
    'It is signed by a key that is not known here, or is no longer valid; compare fingerprints and add the peer.',
  signature: 'Its signature does not verify.',
}
