import type { FastifyInstance, FastifyRequest } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Audit,
  auditPolicy,
  openAudit,
  type Principal,
  type Purpose,
  thePublic,
} from '../engines/access/index.ts'
import { actual, instant, nodeId, plusMs, type RecordId, SettableClock } from '../engines/record/index.ts'
import { type MosaicNode, openNode, regions } from '../node.ts'
import { type TestDatabase, testDatabase } from '../test/support/database.ts'
import { buildApp } from './app.ts'
import { audited } from './audit-hook.ts'
import { type Json, silent } from './builders.ts'
import { contextOf } from './index.ts'

const begins = instant('2026-03-01T10:00:00Z')
const home = nodeId('durres.example')

const officer = (login: string, parts: Partial<Principal> = {}): Principal => ({
  kind: 'person',
  id: `person:${login}@durres.example`,
  organisation: 'org-dcp',
  node: home,
  standing: 'home',
  roles: ['analyst'],
  clearances: [{ community: '*', upTo: 'TLP:RED' }],
  purposes: ['civil-protection', 'law-enforcement', 'oversight'],
  police: ['H1'],
  ...parts,
})
const ana = officer('ana')
const vera = officer('vera', { roles: ['oversight'] })
const dora = officer('dora', { roles: ['duty-officer', 'oversight'] })

let database: TestDatabase
let node: MosaicNode
let audit: Audit
let app: FastifyInstance
const clock = new SettableClock(begins)
const stopping = new AbortController()
/** Who asks next. */
let asker: { principal: Principal; purpose: Purpose; caseNumber?: string; isFresh?: boolean } = {
  principal: thePublic,
  purpose: 'public',
}
const ids: Record<string, RecordId> = {}

beforeAll(async () => {
  const region = regions['see']
  if (!region) throw new Error('the region is gone')
  database = await testDatabase()
  const settings = { name: home, title: { en: 'Node' }, dataFolder: '', databaseUrl: database.url, region }
  node = await openNode({ ...settings, issueRules: [], userAgent: 'test' }, clock)
  const policy = auditPolicy({
    quotas: [{ id: 'five-reads', acts: ['read'], perDay: 5, organisations: ['org-small'] }],
  })
  const { store } = node
  audit = openAudit({ database: store.database, store, clock, node: home, policy, alarm: () => {} })
  const parts = await contextOf({ node, host: '0.0.0.0', log: silent }, stopping.signal)
  app = await buildApp({ ...parts, audit, looksElsewhere }, (route) => {
    route.onRequest = [askAs].concat((route.onRequest as never) ?? [])
  })
  app.get('/api/v1/kept/:id', async (request) => {
    const held = await store.get((request.params as { id: RecordId }).id)
    await audited(request, 'read', held ? [held] : [])
    return { body: held?.record.body }
  })
  for (const [key, handling] of Object.entries({
    open: { tlp: 'TLP:CLEAR' },
    amber: { tlp: 'TLP:AMBER' },
    police: { tlp: 'TLP:AMBER', police: ['H1'] },
  } as const)) {
    const producer = { kind: 'source', name: 'test' } as const
    const valid = { from: begins, until: begins }
    const draft = { type: 'test.report', key, realm: actual, producer, valid, handling, body: { key } }
    const [appended] = await store.append([draft])
    if (appended?.kind === 'appended') ids[key] = appended.record.id
  }
})
afterAll(async () => {
  stopping.abort()
  await app?.close()
  await audit?.[Symbol.asyncDispose]()
  await node?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const looksElsewhere = async () => [
  { kind: 'unanswered', node: nodeId('tirana.example'), reason: 'exchange/unreachable' } as const,
]

async function askAs(request: FastifyRequest): Promise<void> {
  const { principal, purpose, caseNumber, isFresh = false } = asker
  const { now, embargoNow } = request.asking
  request.asking = { principal, purpose, now, embargoNow, ...(caseNumber ? { caseNumber } : {}) }
  const authenticatedAt = isFresh ? now : plusMs(now, -3_600_000)
  if (principal.kind === 'person') request.signedIn = { kind: 'session', session: 's', authenticatedAt }
}

const as = (principal: Principal, parts: Partial<typeof asker> = {}) => {
  asker = { principal, purpose: 'civil-protection', ...parts }
  return {
    get: async (path: string): Promise<Json> => answerOf(await app.inject(`/api/v1${path}`)),
    post: async (path: string, payload: object): Promise<Json> =>
      answerOf(await app.inject({ method: 'POST', url: `/api/v1${path}`, payload })),
  }
}
const answerOf = (response: { statusCode: number; json: () => Json }): Json => ({
  status: response.statusCode,
  ...response.json(),
})
const newest = async () => {
  await audit.auditor.flush()
  return (await audit.auditor.trail({ limit: 1 })).items[0]
}

describe('who signs in and reads', () => {
  test('is on the trail with the records that the route gave', async () => {
    expect(await as(ana).get(`/kept/${ids['amber']}`)).toMatchObject({ status: 200 })

    expect(await newest()).toMatchObject({
      principal: ana.id,
      act: 'read',
      outcome: 'done',
      records: [ids['amber']],
    })
  })

  test('is on the trail by route and question where a route says nothing, also when refused', async () => {
    await as(ana).get('/records?type=test.report')
    const list = await newest()
    await as(ana).get(`/records/${'0'.repeat(40)}`)
    const missing = await newest()

    expect(list).toMatchObject({
      principal: ana.id,
      query: { route: 'GET /api/v1/records', asked: { type: 'test.report' } },
    })
    expect(missing).toMatchObject({
      outcome: 'refused',
      reason: 'server/not-found',
      records: ['0'.repeat(40)],
    })
  })

  test('names a case number for law enforcement and for what is police-coded, or is told why not', async () => {
    const police = { purpose: 'law-enforcement' } as const
    const without = await as(ana, police).get(`/kept/${ids['amber']}`)
    const coded = await as(ana).get(`/kept/${ids['police']}`)
    const refused = await newest()
    const anyList = await as(ana, police).get('/records')
    const given = await as(ana, { ...police, caseNumber: 'K-17' }).get(`/kept/${ids['police']}`)

    expect([without, coded, anyList]).toMatchObject([
      { status: 403, code: 'access/case-number-required' },
      { status: 403, code: 'access/case-number-required' },
      { status: 403, code: 'access/case-number-required' },
    ])
    expect(coded.reasons).toEqual([
      { code: 'access/case-number-required', because: { kind: 'police-code', codes: ['H1'] } },
    ])
    expect(without).not.toHaveProperty('body')
    expect(refused).toMatchObject({ outcome: 'refused', reason: 'access/case-number-required' })
    expect(given).toMatchObject({ status: 200 })
    expect(await newest()).toMatchObject({ caseNumber: 'K-17', records: [ids['police']] })
  })

  test('gets what the quota allows, then a refusal that says when it opens', async () => {
    const small = officer('sara', { organisation: 'org-small' })

    const answers = []
    for (let n = 0; n < 6; n++) answers.push(await as(small).get(`/kept/${ids['amber']}`))

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429])
    expect(answers[5]).toMatchObject({ code: 'access/quota-exceeded' })
    expect(answers[5].detail).toContain('2026-03-02T00:00:00.000Z')
    expect(answers[5].reasons).toMatchObject([{ rule: 'five-reads', perDay: 5 }])
  })

  test('gets no answer while the trail cannot be written', async () => {
    const police = { purpose: 'law-enforcement', caseNumber: 'K-17' } as const
    await node.store.database`alter table audit_entry rename to audit_entry_away`
    const [explicit, net] = [
      await as(ana, police).get(`/kept/${ids['police']}`),
      await as(ana, police).get(`/records/${ids['police']}`),
    ]
    await node.store.database`alter table audit_entry_away rename to audit_entry`

    for (const answer of [explicit, net]) {
      expect(answer).toMatchObject({ status: 503, code: 'access/audit-unavailable' })
      expect(answer).not.toHaveProperty('body')
    }
    expect(await as(ana, police).get(`/kept/${ids['police']}`)).toMatchObject({ status: 200 })
  })

  test('anybody is counted and not traced', async () => {
    const before = (await newest())?.seq
    await as(thePublic, { purpose: 'public' }).get('/records')
    await as(thePublic, { purpose: 'public' }).get(`/kept/${ids['open']}`)

    expect((await newest())?.seq).toBe(before)
    const { public: counted } = await audit.auditor.figures({ from: begins, until: plusMs(begins, 1) })
    expect(counted).toEqual(
      expect.arrayContaining([expect.objectContaining({ what: 'GET /api/v1/records', act: 'search' })]),
    )
  })
})

describe('oversight', () => {
  test('reads the trail page by page, and is on it', async () => {
    const first = await as(vera).get('/audit/trail?limit=2')
    const second = await as(vera).get(`/audit/trail?limit=2&cursor=${encodeURIComponent(first.next)}`)

    expect(first.items).toHaveLength(2)
    expect(second.items[0].seq).toBeLessThan(first.items[1].seq)
    expect(await newest()).toMatchObject({ principal: vera.id, act: 'oversee' })
    expect(JSON.stringify(first)).not.toContain('"body"')
  })

  test('finds nothing where nothing is, and is told what it may not ask', async () => {
    expect(await as(vera).get('/audit/trail?principal=person:nobody')).toMatchObject({
      status: 200,
      items: [],
    })
    expect(await as(vera).get('/audit/trail?act=guess')).toMatchObject({ status: 400 })
    expect(await as(vera).get('/audit/figures?from=2020-01-01T00:00:00Z')).toMatchObject({
      status: 400,
      code: 'server/no-span',
    })
  })

  test('reads figures without names or ids', async () => {
    const figures = await as(vera).get('/audit/figures?until=2026-03-02T00:00:00Z')

    expect(figures.figures.length).toBeGreaterThan(0)
    expect(JSON.stringify(figures)).not.toMatch(/person:|[0-9a-f]{40}/)
  })

  test.each(['/audit/trail', '/audit/figures'])('others may not read %s', async (path) => {
    expect(await as(ana).get(path)).toMatchObject({ status: 403, code: 'access/role-missing' })
    expect(await as(thePublic, { purpose: 'public' }).get(path)).toMatchObject({ status: 401 })
  })
})

describe('who looked', () => {
  test('is told to the owner without names, with the nodes that did not answer', async () => {
    await as(ana).get(`/kept/${ids['amber']}`)
    await audit.auditor.flush()

    const looks = await as(ana).get(`/records/${ids['amber']}/looks`)
    const named = await as(vera).get(`/records/${ids['amber']}/looks`)

    expect(looks.looks[0]).toMatchObject({ node: home, organisation: 'org-dcp', purpose: 'civil-protection' })
    expect(looks.looks[0]).not.toHaveProperty('principal')
    expect(looks.unanswered).toEqual([{ node: 'tirana.example', reason: 'exchange/unreachable' }])
    expect(named.looks[0]).toHaveProperty('principal')
  })

  test('is not told of a record that the asker may not see, nor to anybody', async () => {
    const guest = officer('gul', { standing: 'guest', clearances: [], organisation: 'org-x' })

    expect(await as(guest).get(`/records/${ids['amber']}/looks`)).toMatchObject({ status: 404 })
    expect(await as(thePublic, { purpose: 'public' }).get(`/records/${ids['open']}/looks`)).toMatchObject({
      status: 401,
    })
  })
})

describe('broken glass', () => {
  const why = { reason: 'Dam at Vjosa overtops', minutes: 15 }

  test('takes a fresh credential, is reviewed by a second person, and the first sees only their own', async () => {
    const stale = await as(dora).post('/break-glass', why)
    const broken = await as(dora, { isFresh: true }).post('/break-glass', why)
    const own = await as(dora).post(`/break-glass/${broken.id}/review`, { verdict: 'justified' })
    const early = await as(vera).post(`/break-glass/${broken.id}/review`, { verdict: 'justified' })
    const waiting = await as(vera).get('/break-glass?unreviewed=true')
    clock.set(plusMs(begins, 16 * 60_000))
    const reviewed = await as(vera).post(`/break-glass/${broken.id}/review`, { verdict: 'justified' })
    const again = await as(vera).post(`/break-glass/${broken.id}/review`, { verdict: 'justified' })

    expect(stale).toMatchObject({ status: 403, code: 'access/step-up-required' })
    expect(broken).toMatchObject({ status: 201, principal: dora.id })
    expect(own).toMatchObject({ status: 403, code: 'access/second-person-needed' })
    expect(early).toMatchObject({ status: 409, code: 'access/glass-still-broken' })
    expect(waiting.items).toHaveLength(1)
    expect(reviewed).toMatchObject({ status: 200, review: { by: vera.id } })
    expect(again).toMatchObject({ status: 409, code: 'access/reviewed-already' })
    expect((await as(ana).get('/break-glass')).items).toEqual([])
    expect((await as(vera).get('/break-glass')).items).toHaveLength(1)
    expect(await as(vera).post('/break-glass/none/review', { verdict: 'justified' })).toMatchObject({
      status: 404,
    })
  })

  test('gives the principal its time until, and what is read under it is written first', async () => {
    const broken = await as(dora, { isFresh: true }).post('/break-glass', why)
    const principal = await audit.withGlass(dora)

    await as(principal).get(`/kept/${ids['amber']}`)

    expect(principal.breakGlassUntil).toBe(broken.until)
    const [entry] = (await audit.auditor.trail({ limit: 1 })).items
    expect(entry).toMatchObject({ principal: dora.id, glassBroken: true, records: [ids['amber']] })
  })

  test('that nobody reviewed in time is loud', async () => {
    const calm = await audit.findings()
    clock.set(plusMs(begins, 5 * 86_400_000))

    const loud = await audit.findings()

    expect(calm.map(({ check, ok }) => [check, ok])).toEqual([
      ['audit', true],
      ['break-glass', true],
    ])
    expect(loud[1]).toMatchObject({ ok: false, says: expect.stringContaining('mosaic break-glass') })
  })
})
