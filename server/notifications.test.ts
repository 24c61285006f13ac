/** What states tell each other over HTTP: in and out, with the clock, and answered by who has signed in. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Principal, thePublic } from '../engines/access/index.ts'
import { actual, nodeId, plusMs, type RecordId, SettableClock } from '../engines/record/index.ts'
import { aPeerRecord, arriving } from '../engines/store/receive.test-support.ts'
import { noon } from '../test/region/region.test-support.ts'
import { buildApp } from './app.ts'
import { aPlayedNode, type Json, type PlayedNode, silent } from './builders.ts'
import { contextOf } from './index.ts'

const hour = 3_600_000
const tirana = nodeId('tirana.example')
const clock = new SettableClock(noon)
let played: PlayedNode
let app: FastifyInstance
let asker: Principal = thePublic
const stopping = new AbortController()

const ana: Principal = {
  kind: 'person',
  id: 'person:ana@durres.example',
  organisation: 'org-dcp',
  node: nodeId('durres.example'),
  standing: 'home',
  roles: ['duty-officer'],
  clearances: [{ community: '*', upTo: 'TLP:AMBER' }],
  purposes: ['civil-protection'],
  police: [],
}

beforeAll(async () => {
  played = await aPlayedNode({ isPlayed: false, clock })
  const parts = await contextOf(
    { node: played.node, host: '0.0.0.0', log: silent, audit: { audit: (await played.node.trust()).audit } },
    stopping.signal,
  )
  app = await buildApp(parts, (route) => {
    route.onRequest = [askAs].concat((route.onRequest as never) ?? [])
  })
}, 60_000)
afterAll(async () => {
  stopping.abort()
  await app?.close()
  await played?.[Symbol.asyncDispose]()
})

async function askAs(request: FastifyRequest): Promise<void> {
  request.asking = { ...request.asking, principal: asker, purpose: 'civil-protection' }
  const authenticatedAt = request.asking.now
  if (asker.kind === 'person') request.signedIn = { kind: 'session', session: 's', authenticatedAt }
}

const get = async (path: string): Promise<Json> => (await app.inject({ url: `/api/v1${path}` })).json()
async function acknowledge(id: string, payload: object = {}): Promise<{ status: number; body: Json }> {
  const url = `/api/v1/notifications/${id}/acknowledgement`
  const answer = await app.inject({ method: 'POST', url, payload })
  return { status: answer.statusCode, body: answer.json() }
}

const bodyFor = (nodes: readonly string[]) => ({
  headline: 'Test of the line between points of contact',
  from: { contact: 'al-accidents', country: 'AL', role: 'duty officer' },
  addressees: [{ contact: 'xx', country: 'XX', nodes: [...nodes], dueAt: plusMs(noon, hour) }],
  withoutContact: [],
  sentAt: noon,
  text: 'Answer, please.',
})

/** One that came from Tirana. */
async function fromTirana(key: string, nodes: readonly string[], origin = tirana): Promise<RecordId> {
  const type = 'environment.communication-test'
  const handling = { tlp: 'TLP:AMBER', audience: ['durres.example', 'tirana.example'] } as const
  const record = aPeerRecord({
    ...{ origin, type, key, realm: actual, valid: { from: noon }, recordedAt: noon },
    ...{ handling, body: bodyFor(nodes) },
  })
  const [received] = await played.node.store.receive([arriving(record, { via: origin })])
  if (received?.kind !== 'accepted') throw new Error(JSON.stringify(received))
  return received.record.id
}

describe('notifications over HTTP', () => {
  test('are listed by pages with the clock of each addressee, and stay hidden from who may not have them', async () => {
    asker = ana
    const ids = [await fromTirana('one', ['durres.example']), await fromTirana('two', ['skopje.example'])]

    const first = await get('/notifications?realm=actual&limit=1')
    const second = await get(`/notifications?realm=actual&limit=1&cursor=${encodeURIComponent(first.next)}`)
    const own = await get('/notifications?realm=actual&box=in&open=true')
    const alarms = await get('/notifications?realm=actual&kind=alarm')
    asker = thePublic
    const seenByAnybody = await get('/notifications?realm=actual')

    expect([first.items[0].id, second.items[0].id].sort()).toEqual(ids.toSorted())
    expect(own.items).toMatchObject([
      {
        ...{
          id: ids[0],
          kind: 'communication-test',
          box: 'in',
          state: 'waiting',
          origin: tirana,
          isSenderKnown: true,
        },
        clocks: [{ state: 'waiting', dueAt: plusMs(noon, hour), waitingSince: noon, remainingMs: hour }],
      },
    ])
    expect([alarms.items, seenByAnybody.items]).toEqual([[], []])
  })

  test('are acknowledged in the name of who has signed in, once, and by nobody to whom they are not addressed', async () => {
    asker = ana
    const [mine, other] = [
      await fromTirana('three', ['durres.example']),
      await fromTirana('four', ['x.example']),
    ]

    const forged = await acknowledge(mine, { by: { name: 'Someone Else' } })
    const written = await acknowledge(mine, { note: 'Received.' })
    const again = await acknowledge(mine)
    const foreign = await acknowledge(other)

    expect(forged.status).toBe(400)
    expect(written.status).toBe(201)
    expect(again.body).toEqual(written.body)
    expect(foreign).toMatchObject({ status: 409, body: { code: 'environment/acknowledgement-unfit' } })
    expect(await get(`/notifications/${mine}?realm=actual`)).toMatchObject({
      state: 'answered',
      clocks: [
        {
          state: 'acknowledged',
          acknowledged: { by: { name: ana.id }, node: 'durres.example', note: 'Received.' },
        },
      ],
      notCounting: [],
      body: { text: 'Answer, please.' },
    })
  })

  test('show an answer of somebody else as not counting', async () => {
    asker = ana
    const id = await fromTirana('five', ['durres.example'])
    const stranger = nodeId('stranger.example')
    const answer = aPeerRecord({
      ...{ origin: stranger, type: 'environment.acknowledgement', key: id, realm: actual, recordedAt: noon },
      ...{ valid: { from: noon }, links: [{ type: 'about', id }] },
      body: { notification: id, version: 1, at: noon, by: { name: 'Nobody' } },
    })
    await played.node.store.receive([arriving(answer, { via: stranger })])

    expect(await get(`/notifications/${id}?realm=actual`)).toMatchObject({
      state: 'waiting',
      notCounting: [{ node: 'stranger.example', because: 'not-addressed' }],
    })
  })

  test('say when the register does not have their sender for whom it says it is', async () => {
    asker = ana
    const id = await fromTirana('seven', ['durres.example'], nodeId('pretender.example'))

    expect(await get(`/notifications/${id}?realm=actual`)).toMatchObject({ isSenderKnown: false })
  })

  test('are answered by nobody who may not write, and what is hidden is not there', async () => {
    const id = await fromTirana('six', ['durres.example'])
    asker = thePublic
    expect((await acknowledge(id)).status).toBe(401)
    asker = { ...ana, roles: ['reader'] }
    expect((await acknowledge(id)).status).toBe(403)
    asker = { ...ana, id: 'person:guest@guests.example', node: nodeId('x.example'), standing: 'guest' }
    expect((await acknowledge(id)).status).toBe(404)
    expect((await get(`/notifications/${id}?realm=actual`)).code).toBe('server/not-found')
  })
})
