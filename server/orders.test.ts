/** What people order over HTTP in their own name: recalls, and decisions on what a rule proposed. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Principal, thePublic } from '../engines/access/index.ts'
import { exercise, nodeId, plusMs, type RecordId, type TlpLabel } from '../engines/record/index.ts'
import type { Trust } from '../trust.ts'
import { buildApp } from './app.ts'
import { aPlayedNode, type Json, type PlayedNode, silent } from './builders.ts'
import { contextOf } from './index.ts'

const realm = exercise('durres-2019')
let played: PlayedNode
let trust: Trust
let app: FastifyInstance
let asker: { principal: Principal; isFresh: boolean } = { principal: thePublic, isFresh: false }
const stopping = new AbortController()

const officer = (login: string, parts: Partial<Principal> = {}): Principal => ({
  kind: 'person',
  id: `person:${login}@durres.example`,
  organisation: 'org-dcp',
  node: nodeId('durres.example'),
  standing: 'home',
  roles: ['duty-officer'],
  clearances: [{ community: '*', upTo: 'TLP:AMBER' }],
  purposes: ['civil-protection'],
  police: [],
  ...parts,
})
const ana = officer('ana')

beforeAll(async () => {
  played = await aPlayedNode()
  trust = await played.node.trust()
  const parts = await contextOf(
    {
      node: played.node,
      replay: played.replay,
      host: '0.0.0.0',
      log: silent,
      audit: { audit: trust.audit },
      recalls: trust.recalls,
    },
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
  const { principal, isFresh } = asker
  const { now } = request.asking
  request.asking = { ...request.asking, principal, purpose: 'civil-protection' }
  const authenticatedAt = isFresh ? now : plusMs(now, -3_600_000)
  if (principal.kind === 'person') request.signedIn = { kind: 'session', session: 's', authenticatedAt }
  if (principal.kind === 'token') request.signedIn = { kind: 'token', token: 't' }
}

const as = (principal: Principal, isFresh = true) => {
  asker = { principal, isFresh }
}

async function post(path: string, payload: object): Promise<{ status: number; body: Json }> {
  const answer = await app.inject({ method: 'POST', url: `/api/v1${path}`, payload })
  return { status: answer.statusCode, body: answer.json() }
}
const get = async (path: string): Promise<{ status: number; body: Json }> => {
  const answer = await app.inject({ url: `/api/v1${path}` })
  return { status: answer.statusCode, body: answer.json() }
}

async function aReport(key: string, tlp: TlpLabel = 'TLP:CLEAR'): Promise<RecordId> {
  const producer = { kind: 'person', name: 'Vera Hoxha' } as const
  const valid = { from: played.node.clock.now() }
  const draft = { type: 'test.report', key, realm, producer, valid, handling: { tlp }, body: { key } }
  const [appended] = await played.node.store.append([draft])
  if (appended?.kind !== 'appended') throw new Error(JSON.stringify(appended))
  return appended.record.id
}

const theTrail = async () => {
  await trust.audit.auditor.flush()
  return (await trust.audit.auditor.trail({ limit: 20 })).items
}

describe('a recall over HTTP', () => {
  test('withdraws a record in the name of who has signed in, is on the trail, and is listed', async () => {
    as(ana)
    const target = await aReport('names a witness')

    const ordered = await post('/recalls', { target, action: 'withdraw', reason: 'It names a witness.' })
    const listed = await get('/recalls')

    expect(ordered).toMatchObject({ status: 201, body: { isNew: true, touched: 1, told: [] } })
    expect(listed.body.items[0]).toMatchObject({
      target,
      action: 'withdraw',
      by: 'person:ana@durres.example',
      isComplete: true,
    })
    expect((await get(`/records/${target}`)).status).toBe(404)
    expect((await theTrail()).find(({ act }) => act === 'change')).toMatchObject({
      principal: ana.id,
      records: [target],
    })
  })

  test('tightens a handling, and the second same order changes nothing', async () => {
    as(ana)
    const order = {
      target: await aReport('an inquiry'),
      action: 'relabel',
      reason: 'An inquiry began.',
      handling: { tlp: 'TLP:GREEN' },
    }

    const first = await post('/recalls', order)
    const second = await post('/recalls', order)
    const wider = await post('/recalls', { ...order, handling: { tlp: 'TLP:CLEAR' } })

    expect(first.body).toMatchObject({ isNew: true })
    expect(second.body).toMatchObject({ isNew: false, recall: first.body.recall })
    expect(wider).toMatchObject({ status: 409, body: { code: 'exchange/relabel-not-stricter' } })
  })

  test('is refused to whoever may not, has not just shown who they are, or is a guest or a token', async () => {
    const order = { target: await aReport('stays'), action: 'withdraw', reason: 'Some reason.' }
    const askers: readonly [Principal, boolean, string][] = [
      [thePublic, false, 'sign-in/not-signed-in'],
      [officer('reader', { roles: ['reader'] }), true, 'access/role-missing'],
      [officer('program', { kind: 'token' }), true, 'access/person-needed'],
      [ana, false, 'sign-in/show-again'],
      [officer('guest', { standing: 'guest' }), true, 'access/not-the-owner'],
    ]

    for (const [principal, isFresh, code] of askers) {
      as(principal, isFresh)
      expect((await post('/recalls', order)).body).toMatchObject({ code })
    }
  })

  test('of a record that its orderer may not see is as of one that is not there', async () => {
    as(ana)
    const hidden = await aReport('hidden', 'TLP:RED')
    const order = { action: 'withdraw', reason: 'Some reason.' }

    const one = await post('/recalls', { ...order, target: hidden })
    const other = await post('/recalls', { ...order, target: 'f'.repeat(40) })

    expect([one.status, other.status]).toEqual([404, 404])
    expect(one.body.detail.replaceAll(hidden, '')).toBe(other.body.detail.replaceAll('f'.repeat(40), ''))
  })

  test('is listed for nobody who may not see the recall itself', async () => {
    as(ana)
    const target = await aReport('an amber one', 'TLP:AMBER')
    const { body } = await post('/recalls', { target, action: 'withdraw', reason: 'Some reason.' })
    as(officer('guest', { standing: 'guest', clearances: [] }))

    const { body: listed } = await get('/recalls')

    expect(body.recall).toMatch(/^[0-9a-f]{40}$/)
    expect(JSON.stringify(listed)).not.toContain(target)
  })
})

describe('a decision over HTTP', () => {
  const proposals = () => played.node.store.read({ realm, types: ['warn.proposal'] })

  test('is written with the name of the session, whatever the body says', async () => {
    as(ana)
    const [held] = await proposals()
    const { id, version } = held?.record ?? {}
    const order = { proposal: id, version, decision: 'decline', because: 'Nothing was felt.' }

    const forged = await post('/decisions', { ...order, by: { kind: 'person', name: 'Someone Else' } })
    const decided = await post('/decisions', order)

    expect(forged.status).toBe(400)
    expect(decided.status).toBe(201)
    const written = await played.node.store.get(decided.body.decision)
    expect(written?.record).toMatchObject({
      type: 'warn.decision',
      producer: { kind: 'person', name: ana.id, role: 'duty-officer' },
      body: { decision: 'decline', because: 'Nothing was felt.' },
    })
    expect((await theTrail()).find(({ act }) => act === 'change')).toMatchObject({ records: [id] })
  })

  test('on a version that is not the newest is refused with what to do', async () => {
    as(officer('approver', { roles: ['approver'] }))
    const [held] = await proposals()

    const { status, body } = await post('/decisions', {
      proposal: held?.record.id,
      version: 99,
      decision: 'issue',
      because: 'It was felt.',
    })

    expect({ status, code: body.code }).toEqual({ status: 409, code: 'warn/decision-unfit' })
  })

  test('is for duty officers and approvers, in person', async () => {
    const [held] = await proposals()
    const order = { proposal: held?.record.id, version: 1, decision: 'issue', because: 'It was felt.' }
    for (const principal of [
      thePublic,
      officer('a', { roles: ['analyst'] }),
      officer('t', { kind: 'token' }),
    ]) {
      as(principal)
      expect((await post('/decisions', order)).status).toBeGreaterThanOrEqual(401)
    }
    as(ana)
    expect((await post('/decisions', { ...order, proposal: await aReport('no proposal') })).status).toBe(404)
  })
})
