/**
 * Asking a witness for its cosignature (C2SP tlog-witness, the client). A witness that stands elsewhere than we thought
 * says where (409), and is asked once more from there. One that stands beyond our own tree has seen a log of ours that
 * this database does not hold: it was restored from a backup, or it lost its end. Nothing more may be signed then.
 */
import { fromUtf8, utf8 } from './bytes.ts'
import type { Hash, SignedCheckpoint } from './contract.ts'
import { verifyCosignatures } from './cosignature.ts'
import { parseNote, parseSignatureLine, signatureLine, type Verifier } from './note.ts'
import { formatAddCheckpoint } from './witness-request.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export type AskedWitness =
  /** Lines for `TransparencyLog.cosign`; verified. */
  | { readonly kind: 'cosigned'; readonly lines: readonly string[] }
  /** It has cosigned a larger tree than ours. */
  | { readonly kind: 'ahead'; readonly size: number }
  /** It has another root of that very size: one of the two logs is false. */
  | { readonly kind: 'forked'; readonly size: number }
  | { readonly kind: 'refused'; readonly status: number; readonly says: string }
  /** It answered what no witness answers, or with a signature that is not its own. */
  | { readonly kind: 'unfit'; readonly says: string }

export type WitnessQuestion = {
  readonly fetch: Fetch
  /** Submission prefix: `add-checkpoint` is added to it. */
  readonly url: string
  readonly checkpoint: SignedCheckpoint
  /** Size that it cosigned last, as far as we know; 0 when not. */
  readonly old: number
  readonly consistency: (from: number, to: number) => Promise<readonly Hash[]>
  /** Its keys, as `witnessVerifier` gives them. */
  readonly witness: readonly Verifier[]
  readonly signal?: AbortSignal
}

const maxAnswerBytes = 64 * 1024

/** Network failures are thrown as `fetch` throws them. */
export async function askWitness(question: WitnessQuestion): Promise<AskedWitness> {
  const { size } = question.checkpoint
  let old = Math.min(question.old, size)
  for (let attempt = 0; attempt < 2; attempt++) {
    const { status, type, text } = await post(question, old)
    if (status === 200) return cosignatures(question, text)
    if (status !== 409) return { kind: 'refused', status, says: text.slice(0, 200) }
    const told = /^(0|[1-9]\d{0,15})\n$/.exec(text)?.[1]
    if (told === undefined || !type.startsWith('text/x.tlog.size'))
      return { kind: 'unfit', says: 'its conflict names no size' }
    if (Number(told) > size) return { kind: 'ahead', size: Number(told) }
    if (Number(told) === old) return { kind: 'forked', size: old }
    old = Number(told)
  }
  return { kind: 'refused', status: 409, says: 'it moved on while it was asked' }
}

async function post({ fetch, url, checkpoint, consistency, signal }: WitnessQuestion, old: number) {
  const proof = old === 0 ? [] : await consistency(old, checkpoint.size)
  const response = await fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: utf8(formatAddCheckpoint({ old, proof, note: checkpoint.note })) as BodyInit,
    redirect: 'error',
    ...(signal && { signal }),
  })
  const type = response.headers.get('content-type') ?? ''
  return { status: response.status, type, text: (await bounded(response)) ?? '' }
}

/** Undefined for an answer that is too long, or no UTF-8. */
async function bounded(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > maxAnswerBytes) {
      await response.body?.cancel().catch(() => {}) // the stream is locked by this loop, which ends it
      return undefined
    }
    chunks.push(chunk)
  }
  return fromUtf8(Buffer.concat(chunks))
}

/** Only lines of its own keys that verify; unknown ones are ignored, as the specification says. */
function cosignatures({ checkpoint, witness }: WitnessQuestion, text: string): AskedWitness {
  const note = parseNote(checkpoint.note)
  if (note.kind === 'malformed') return { kind: 'unfit', says: 'our own checkpoint cannot be read' }
  const lines = text.split('\n').filter(Boolean).map(parseSignatureLine)
  const own = lines.filter(
    (one) => one !== undefined && witness.some(({ name, keyId }) => name === one.name && keyId === one.keyId),
  )
  const signatures = own.filter((one) => one !== undefined)
  const verdict = verifyCosignatures({ text: note.text, signatures }, witness)
  if (verdict.kind !== 'verified')
    return { kind: 'unfit', says: 'its answer holds no cosignature of its own that verifies' }
  return { kind: 'cosigned', lines: signatures.map(signatureLine) }
}
