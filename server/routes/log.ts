/**
 * The node's log as C2SP tlog-tiles asks for it, outside the API: files for anybody, and `add-checkpoint` of C2SP
 * tlog-witness for peers. The leaves are salted commitments, so they tell nothing of what they commit to; how many records
 * the node holds is told.
 *
 *     GET  /log/checkpoint          the newest signed note
 *     GET  /log/keys                vkeys that sign it, one a line
 *     GET  /log/tile/<L>/<N>…       hashes; what is served once never changes
 *     POST /log/add-checkpoint      a peer's checkpoint to be cosigned
 */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply } from 'fastify'
import {
  keysFile,
  maxRequestBytes,
  type PublicKey,
  type TransparencyLog,
  type Witness,
} from '../../engines/tlog/index.ts'

export type LogParts = {
  readonly log: Pick<TransparencyLog, 'checkpoint' | 'file'>
  readonly keys: { readonly all: () => Promise<readonly PublicKey[]> }
  /** Absent: this node witnesses nobody's log. */
  readonly witness?: Pick<Witness, 'addCheckpoint'>
}

const text = 'text/plain; charset=utf-8'
/** Hashes do not compress, and a tile that a proxy transformed is no tile. */
const forEver = 'public, max-age=31536000, immutable, no-transform'
const forSeconds = 'public, max-age=2, no-transform'

export const logRoutes =
  ({ log, keys, witness }: LogParts): FastifyPluginAsync =>
  async (app) => {
    app.get('/log/checkpoint', { schema: { hide: true } }, async (_, reply) => {
      const checkpoint = await log.checkpoint()
      if (checkpoint === undefined) return missing(reply)
      return reply.type(text).header('cache-control', forSeconds).send(checkpoint.note)
    })
    app.get('/log/keys', { schema: { hide: true } }, async (_, reply) =>
      reply
        .type(text)
        .header('cache-control', forSeconds)
        .send(keysFile(await keys.all())),
    )
    app.get<{ Params: { '*': string } }>(
      '/log/tile/*',
      { schema: { hide: true } },
      async (request, reply) => {
        const bytes = await log.file(`tile/${request.params['*']}`)
        if (bytes === undefined) return missing(reply)
        return reply
          .type('application/octet-stream')
          .header('cache-control', forEver)
          .send(Buffer.from(bytes))
      },
    )
    app.get('/log/*', { schema: { hide: true } }, async (_, reply) => missing(reply))
    await app.register(async (inner) => addCheckpoint(inner, witness))
  }

/** In a scope of its own: its bodies are read as bytes, whatever they are called. */
function addCheckpoint(app: FastifyInstance, witness: LogParts['witness']): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxRequestBytes }, (_, body, done) =>
    done(null, body),
  )
  app.post(
    '/log/add-checkpoint',
    { bodyLimit: maxRequestBytes, schema: { hide: true } },
    async (request, reply) => {
      if (witness === undefined) return missing(reply)
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const { status, type, body: answer } = await witness.addCheckpoint(new Uint8Array(body))
      return reply.code(status).type(type).header('cache-control', 'no-store').send(answer)
    },
  )
}

/** Not for long: what is missing now may be there with the next checkpoint. */
const missing = (reply: FastifyReply) =>
  reply.code(404).type(text).header('cache-control', 'no-store').send('There is no such file in this log.\n')
