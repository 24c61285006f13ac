/** What peers say of our log while it must not be signed, honest ones and others. */
import { describe, expect, test } from 'vitest'
import { renewIncarnation } from '../store/index.ts'
import { openWitness } from '../tlog/index.ts'
import { addPeer, aNode, serve, type TestNode, until } from './exchange.test-support.ts'
import type { ExchangeRequest } from './handlers.ts'
import { signResponse } from './signing.ts'

type Said = { readonly status: number; readonly body: string }

/** The node answers as it does, but for what it last saw of a log: there it says this. */
async function saying(node: TestNode, said: Said, { witnesses }: { readonly witnesses?: TestNode } = {}) {
  const { store, clock, keys } = node
  const witness = openWitness({
    ...{ database: store.database, clock, keys },
    keysOf: async () => witnesses?.keys.all(),
  })
  return serve(async (request) => {
    if (request.url.endsWith('/log/add-checkpoint')) {
      const { status, type, body } = await witness.addCheckpoint(request.body)
      return { status, headers: { 'content-type': type }, body: Buffer.from(body) }
    }
    return request.url.endsWith('/seen') ? signed(node, request, said) : node.exchange.handlers(request)
  })
}

async function signed(
  { name, keys, clock }: TestNode,
  request: ExchangeRequest,
  { status, body: text }: Said,
) {
  const body = Buffer.from(text)
  const url = new URL(request.url, `http://${request.headers['host']}`).href
  const answer = await signResponse(
    { node: name, keyId: keys.current().keyId, sign: keys.sign },
    {
      status,
      body,
      encoding: 'identity',
      request: { method: request.method, url, headers: request.headers },
    },
    { now: clock.now(), nonce: 'nonce-of-the-liar-1' },
  )
  return { status, headers: { ...answer, 'content-type': 'application/json' }, body }
}

/** Durrës has signed a log, is as if restored since, and asks Tirana, which says this. */
async function asked(
  said: Said,
  act: (durres: TestNode, tirana: TestNode) => Promise<void>,
  witnesses = false,
): Promise<void> {
  await using durres = await aNode('durres.example')
  await using tirana = await aNode('tirana.example')
  await using face = await saying(tirana, said, witnesses ? { witnesses: durres } : {})
  await addPeer(durres, face)
  await addPeer(tirana, durres)
  await durres.append({ key: 'a report' })
  await durres.log.integrate()
  await renewIncarnation(durres.store.database)
  await act(durres, tirana)
}

const answerOf = async (durres: TestNode, because?: string) => {
  const { answers, outcome } = await durres.exchange.resumeSigning(because)
  return { answer: answers[0]?.answer, outcome }
}

const older: Said = { status: 404, body: '{"code":"exchange/no-route"}' }
const ok = (body: string): Said => ({ status: 200, body })

describe('asked what it last saw of a log', () => {
  test('a peer shows the newest checkpoint under which it took records', async () => {
    await using durres = await aNode('durres.example')
    await using tirana = await aNode('tirana.example')
    await addPeer(durres, tirana)
    await addPeer(tirana, durres)
    await durres.append({ key: 'a report' })
    tirana.live()
    await until(async () => (await tirana.exchange.status())[0]?.logSize !== undefined)
    const { size } = await durres.log.integrate()
    await renewIncarnation(durres.store.database)

    expect(await answerOf(durres)).toEqual({
      answer: { kind: 'not-ahead', size },
      outcome: { kind: 'resumes', by: 'answers' },
    })
  })

  test('a peer that never saw it says so, and the log is signed', () =>
    asked(ok('{"size":0}'), async (durres) => {
      expect(await answerOf(durres)).toMatchObject({
        answer: { kind: 'not-ahead' },
        outcome: { kind: 'resumes' },
      })
    }))

  test.each([
    ['garbage', '\u0000 no answer at all'],
    ['another form', '{"size":"much"}'],
    ['no size that a log can have', '{"size":-1}'],
    ['a note without end', JSON.stringify({ size: 3, note: 'x'.repeat(140_000) })],
  ])('a peer that answers %s has said nothing', (_, body) =>
    asked(ok(body), async (durres) => {
      expect((await answerOf(durres)).answer).toEqual({
        kind: 'no-answer',
        says: 'What came does not say what it last saw of this log.',
      })
    }))

  test('a peer that boasts of more and shows nothing holds signing, until people suspend it; no reason overrules it', () =>
    asked(ok('{"size":9000000000000000,"note":"durres.example/log\\n9\\n"}'), async (durres) => {
      const boasted = await answerOf(durres, 'it lies')
      await durres.exchange.peers.setState('tirana.example' as never, 'suspended')
      const suspended = await answerOf(durres)

      expect(boasted).toEqual({
        answer: { kind: 'says-ahead', size: 9_000_000_000_000_000 },
        outcome: { kind: 'stays-held', reason: 'says-ahead', peers: ['tirana.example'] },
      })
      expect(suspended.outcome).toEqual({ kind: 'resumes', by: 'answers' })
    }))

  test('a peer of an older program answers by its witness', () =>
    asked(
      older,
      async (durres) => {
        expect(await answerOf(durres)).toMatchObject({
          answer: { kind: 'not-ahead' },
          outcome: { kind: 'resumes' },
        })
      },
      true,
    ))

  test('a witness that stands beyond our log is ahead, whatever the same peer says besides', () =>
    asked(
      ok('{"size":0}'),
      async (durres, tirana) => {
        const { size, note } = (await durres.log.checkpoint()) ?? { size: 0, note: '' }
        await tirana.store.database`
          insert into tlog_witnessed (origin, size, root, note, cosigned_at)
          values ('durres.example/log', ${size + 5}, ${Buffer.alloc(32, 1)}, ${note}, now())`

        expect((await answerOf(durres)).answer).toEqual({ kind: 'says-ahead', size: size + 5 })
      },
      true,
    ))

  test('a witness that holds another root of an earlier size is ahead too', () =>
    asked(
      older,
      async (durres, tirana) => {
        const { note } = (await durres.log.checkpoint()) ?? { note: '' }
        await tirana.store.database`
          insert into tlog_witnessed (origin, size, root, note, cosigned_at)
          values ('durres.example/log', 1, ${Buffer.alloc(32, 1)}, ${note}, now())`

        expect((await answerOf(durres)).answer).toMatchObject({ kind: 'says-ahead' })
      },
      true,
    ))

  test('a peer of an older program that witnesses nothing leaves it open', () =>
    asked(older, async (durres) => {
      expect(await answerOf(durres)).toMatchObject({
        answer: { kind: 'no-answer', says: expect.stringContaining('neither') },
        outcome: { kind: 'stays-held' },
      })
    }))

  test('a peer that has removed us leaves it open', () =>
    asked(ok('{"size":0}'), async (durres, tirana) => {
      await tirana.exchange.peers.remove(durres.name)
      await using honest = await serve(tirana.exchange.handlers)
      await durres.exchange.peers.change(tirana.name, { url: honest.url })

      expect((await answerOf(durres)).answer).toMatchObject({ kind: 'no-answer' })
    }))
})
