import { sign as ed25519Sign, verify as ed25519Verify, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant, nodeId } from '../record/index.ts'
import {
  type Signer,
  signRequest,
  signResponse,
  type Verify,
  verifyRequest,
  verifyResponse,
} from './signing.ts'

const now = instant('2026-03-01T12:00:00Z')
const durres = nodeId('durres.example')
const tirana = nodeId('tirana.example')
const stamp = { now, nonce: 'a-nonce-of-some-length' }
const nothing = new Uint8Array(0)

function keyOf(node: typeof durres): { readonly signer: Signer; readonly verify: Verify } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    signer: { node, keyId: '0a1b2c3d', sign: (message) => ed25519Sign(null, message, privateKey) },
    verify: async (from, keyId) =>
      from === node && keyId === '0a1b2c3d'
        ? (message, signature) => ed25519Verify(null, message, publicKey, signature)
        : undefined,
  }
}

const own = keyOf(durres)
const aRequest = (parts: { readonly body?: Uint8Array; readonly url?: string } = {}) =>
  signRequest(
    own.signer,
    {
      method: 'GET',
      url: 'http://127.0.0.1:8420/exchange/v1/records?limit=10',
      to: tirana,
      body: nothing,
      ...parts,
    },
    stamp,
  )

describe('a request between nodes', () => {
  test('says who asks, when, and with which nonce', async () => {
    const verified = await verifyRequest({ ...(await aRequest()), body: nothing }, tirana, own.verify)

    expect(verified).toMatchObject({ kind: 'verified', from: durres, nonce: stamp.nonce, at: now })
  })

  test('cannot be passed on to another node by the one it was meant for', async () => {
    const verified = await verifyRequest(
      { ...(await aRequest()), body: nothing },
      nodeId('skopje.example'),
      own.verify,
    )

    expect(verified).toMatchObject({ kind: 'refused', reason: 'addressee' })
  })

  test.each([
    ['another path', { url: 'http://127.0.0.1:8420/exchange/v1/ask?limit=10' }, 'signature'],
    ['another query', { url: 'http://127.0.0.1:8420/exchange/v1/records?limit=11' }, 'signature'],
    ['another method', { method: 'POST' }, 'signature'],
    ['another host', { url: 'http://evil.example/exchange/v1/records?limit=10' }, 'signature'],
    ['another body', { body: Buffer.from('{}') }, 'digest'],
  ])('with %s is refused', async (_, change, reason) => {
    const request = { ...(await aRequest()), body: nothing, ...change }

    expect(await verifyRequest(request, tirana, own.verify)).toMatchObject({ kind: 'refused', reason })
  })

  test('that leaves a component out of its signature is refused, whoever signed it', async () => {
    const request = await aRequest()
    const headers = {
      ...request.headers,
      'signature-input': (request.headers['signature-input'] ?? '').replace(' "content-digest"', ''),
    }

    expect(await verifyRequest({ ...request, headers, body: nothing }, tirana, own.verify)).toMatchObject({
      kind: 'refused',
      reason: 'form',
    })
  })

  test('of a key that is not known is refused', async () => {
    const verified = await verifyRequest(
      { ...(await aRequest()), body: nothing },
      tirana,
      async () => undefined,
    )

    expect(verified).toMatchObject({ kind: 'refused', reason: 'unknown-key' })
  })

  test('with any one character of its headers changed is refused or unchanged in meaning, and never throws', async () => {
    const request = await aRequest()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('signature', 'signature-input', 'content-digest', 'mosaic-to'),
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        async (name, at, character) => {
          const text = request.headers[name] ?? ''
          const position = at % text.length
          fc.pre(text[position] !== character)
          const changed = text.slice(0, position) + character + text.slice(position + 1)
          const headers = { ...request.headers, [name]: changed }
          const verified = await verifyRequest({ ...request, headers, body: nothing }, tirana, own.verify)
          expect(verified.kind === 'refused' || name === 'signature').toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('an answer', () => {
  test('is the answer to this request and to no other', async () => {
    const server = keyOf(tirana)
    const request = await aRequest()
    const other = await aRequest({ url: 'http://127.0.0.1:8420/exchange/v1/records?limit=20' })
    const body = Buffer.from('{"items":[]}')
    const headers = await signResponse(
      server.signer,
      { status: 200, body, encoding: 'identity', request },
      stamp,
    )

    expect(
      await verifyResponse({ status: 200, headers, body, request }, tirana, server.verify),
    ).toMatchObject({
      kind: 'verified',
      from: tirana,
    })
    expect(
      await verifyResponse({ status: 200, headers, body, request: other }, tirana, server.verify),
    ).toMatchObject({
      kind: 'refused',
      reason: 'signature',
    })
    expect(
      await verifyResponse({ status: 404, headers, body, request }, tirana, server.verify),
    ).toMatchObject({
      kind: 'refused',
    })
    expect(
      await verifyResponse({ status: 200, headers, body, request }, durres, server.verify),
    ).toMatchObject({
      kind: 'refused',
      reason: 'unknown-key',
    })
  })
})
