/** Somebody between a node and its peers who has its key, and changes what it gives. */
import { serve, type TestNode } from './exchange.test-support.ts'
import type { Handlers } from './handlers.ts'
import { signResponse } from './signing.ts'

export type Change = (body: Buffer, asked: URL) => Buffer | Promise<Buffer>

/** A node whose records pass through somebody who changes them and signs them anew, with the node's own key. */
export async function aLiar(
  honest: TestNode,
  change: Change,
): Promise<AsyncDisposable & { readonly url: string }> {
  const handlers: Handlers = async (request) => {
    const url = new URL(request.url, `http://${request.headers['host']}`)
    const { 'accept-encoding': _, ...headers } = request.headers
    const answer = await honest.exchange.handlers({ ...request, headers })
    if (!url.pathname.endsWith('/records') || answer.status !== 200) return answer
    const body = await change(Buffer.from(answer.body), url)
    const signer = { node: honest.name, keyId: honest.keys.current().keyId, sign: honest.keys.sign }
    const signed = { method: request.method, url: url.href, headers: request.headers }
    const stamp = { now: honest.clock.now(), nonce: 'nonce-of-the-liar-1' }
    return {
      status: 200,
      headers: {
        ...(await signResponse(signer, { status: 200, body, encoding: 'identity', request: signed }, stamp)),
        'content-type': 'application/json',
      },
      body,
    }
  }
  return serve(handlers)
}

// biome-ignore lint/suspicious/noExplicitAny: what a liar changes has any shape
export type Json = any
export const changed = (body: Buffer, change: (batch: Json) => unknown): Buffer => {
  const batch = JSON.parse(body.toString())
  change(batch)
  return Buffer.from(JSON.stringify(batch))
}
