/**
 * `GET seen`: the newest checkpoint of the asker's own log that this node knows, whether it cosigned it, took records under
 * it, or had it from others. The note is the asker's own, so it proves itself; `size` 0 without a note: none is known.
 *
 * C2SP tlog-witness alone would not do: a witness says a size and shows nothing, and a peer takes under checkpoints that
 * it did not cosign yet.
 */
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Sql } from '../store/index.ts'
import { type SaidSeen, witnessedOf } from '../tlog/index.ts'
import type { Client } from './client.ts'
import type { Peer } from './contract.ts'
import { PeerFailed } from './errors.ts'
import type { ExchangeRoute } from './handlers.ts'
import type { Origins } from './origins.ts'

const seenSchema = Compile(
  Type.Object({
    size: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    note: Type.Optional(Type.String({ maxLength: 131_072 })),
  }),
)

export const seenRoute = (parts: {
  readonly sql: Sql
  readonly origins: Pick<Origins, 'seen'>
}): ExchangeRoute => ({
  method: 'GET',
  path: 'seen',
  async answer({ peer: { logOrigin } }) {
    const found = await Promise.all([parts.origins.seen(logOrigin), witnessedOf(parts.sql, logOrigin)])
    const [newest] = found.filter((one) => one !== undefined).toSorted((a, b) => b.size - a.size)
    const said: SaidSeen = newest ? { size: newest.size, note: newest.note } : { size: 0 }
    return { mediaType: 'application/json', body: JSON.stringify(said) }
  },
})

const bounds = { timeoutMs: 8000, idleMs: 8000, maxBytes: 262_144, maxUnfoldedBytes: 262_144 }

/** Undefined where the peer's program has no such route. Throws `PeerFailed`. */
export async function askSeen(
  client: Client,
  peer: Peer,
  signal: AbortSignal,
): Promise<SaidSeen | undefined> {
  const asked = { method: 'GET', path: '/exchange/v1/seen' } as const
  const { status, body } = await client.ask(peer, asked, { ...bounds, signal, expects: [404] })
  if (status === 404) return undefined
  const said = parsed(body)
  if (said === undefined)
    throw new PeerFailed('exchange/not-an-answer', 'What came does not say what it last saw of this log.')
  return said
}

function parsed(body: Buffer): SaidSeen | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return seenSchema.Check(value) ? value : undefined
  } catch {
    return undefined // no JSON: told as a wrong answer by who asks
  }
}
