/** The warning desk over HTTP, by people with roles; what goes out is what the node's own reactors make of it. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Principal, thePublic } from '../engines/access/index.ts'
import { readCap } from '../engines/formats/index.ts'
import { actual, instant, nodeId, SettableClock } from '../engines/record/index.ts'
import { settle } from '../engines/store/index.ts'
import { type MosaicNode, openNode, regions } from '../node.ts'
import { testDatabase } from '../test/support/database.ts'
import { buildApp } from './app.ts'
import { type Json, silent } from './builders.ts'
import { contextOf } from './index.ts'

const clock = new SettableClock(instant('2026-11-23T03:00:00Z'))
let database: Awaited<ReturnType<typeof testDatabase>>
let node: MosaicNode
let app: FastifyInstance
let asker: Principal = thePublic
const stopping = new AbortController()

const person = (login: string, role: Principal['roles'][number]): Principal => ({
  kind: 'person',
  id: `person:${login}@durres.example`,
  organisation: 'org-dcp',
  node: nodeId('durres.example'),
  standing: 'home',
  roles: [role],
  clearances: [{ community: '*', upTo: 'TLP:AMBER' }],
  purposes: ['civil-protection'],
  police: [],
})
const ana = person('ana', 'duty-officer')
const besa = person('besa', 'approver')

beforeAll(async () => {
  const region = regions['see']
  if (!region) throw new Error('the region is gone')
  database = await testDatabase()
  node = await openNode(
    {
      name: nodeId('durres.example'),
      title: { en: 'Node of the tests' },
      dataFolder: '',
      databaseUrl: database.url,
      region,
      issueRules: [
        {
          id: 'albania',
          realm: 'actual',
          countries: ['AL'],
          mandate: { kind: 'authority', of: ['AL'], text: 'Law 45/2019' },
          issues: 'by-person',
          sender: 'warnings@durres.example',
          senderName: { en: 'Civil protection' },
        },
      ],
      userAgent: 'test',
    },
    clock,
  )
  const parts = await contextOf({ node, host: '0.0.0.0', log: silent }, stopping.signal)
  app = await buildApp(parts, (route) => {
    route.onRequest = [askAs].concat((route.onRequest as never) ?? [])
  })
}, 60_000)
afterAll(async () => {
  stopping.abort()
  await app?.close()
  await node?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

async function askAs(request: FastifyRequest): Promise<void> {
  request.asking = { ...request.asking, principal: asker, purpose: 'civil-protection' }
}

async function ask(as: Principal, method: 'GET' | 'POST' | 'PUT', path: string, payload?: object) {
  asker = as
  const answer = await app.inject({ method, url: `/api/v1${path}`, ...(payload && { payload }) })
  return { status: answer.statusCode, body: answer.json() as Json }
}

const run = () =>
  settle({
    store: node.store,
    realm: actual,
    reactors: node.reactors(node.store.identity, node.settings.issueRules),
    onFailure: ({ error }) => {
      throw error
    },
  })

const words = (event: string, headline: string, description: string, instruction: string) => ({
  ...{ event, headline, description, instruction },
  isReviewed: true,
})
const content = {
  country: 'AL',
  hazard: 'flood',
  category: ['Met'],
  responseType: ['Prepare'],
  urgency: 'Expected',
  severity: 'Severe',
  certainty: 'Likely',
  eventCode: [],
  parameter: [],
  onset: '2026-11-23T06:00:00.000Z',
  expires: '2026-11-24T06:00:00.000Z',
  areas: [
    {
      desc: { en: 'Lower Drin', sq: 'Drini i poshtëm' },
      polygons: [
        [
          [19.5, 41.7],
          [19.7, 41.7],
          [19.7, 41.9],
          [19.5, 41.7],
        ],
      ],
      circles: [],
      geocodes: [{ scheme: 'EMMA_ID', code: 'AL001' }],
    },
  ],
  texts: {
    en: words('Flood', 'Flood on the lower Drin', 'Water rises to 3.2 m by 18:00.', 'Go to higher ground.'),
    sq: words(
      'Përmbytje',
      'Përmbytje në Drin',
      'Uji ngjitet në 3,2 m deri në orën 18:00.',
      'Shkoni më lart.',
    ),
  },
}

async function aDraft(): Promise<Json> {
  const from = { kind: 'blank', country: 'AL', hazard: 'flood', expires: content.expires }
  const begun = await ask(ana, 'POST', '/desk/drafts', { from })
  const edited = await ask(ana, 'PUT', `/desk/drafts/${begun.body.id}`, { basedOn: 1, content })
  expect(edited).toMatchObject({ status: 200, body: { version: 2, state: 'draft' } })
  return edited.body
}
const stepOf = (as: Principal, id: string, step: string, version = 2) =>
  ask(as, 'POST', `/desk/drafts/${id}/steps`, { step, version, because: 'as agreed' })

describe('the desk over HTTP', () => {
  test('takes a warning from blank to signed CAP, by two people, and on to its cancel', async () => {
    const draft = await aDraft()
    expect(draft.findings.filter(({ level }: Json) => level === 'error')).toEqual([])

    const preview = await ask(besa, 'GET', `/desk/drafts/${draft.id}/preview`)
    const submitted = await stepOf(ana, draft.id, 'submit')
    const alone = await stepOf(ana, draft.id, 'approve')
    const early = await stepOf(ana, draft.id, 'issue')
    const approved = await stepOf(besa, draft.id, 'approve')
    const issued = await stepOf(ana, draft.id, 'issue')
    await run()
    const shown = await ask(ana, 'GET', `/desk/drafts/${draft.id}`)

    expect(preview.body).toMatchObject({
      isSendable: true,
      languages: [{ language: 'sq' }, { language: 'en', short: { encoding: 'GSM-7' } }],
    })
    expect(submitted.body.state).toBe('submitted')
    expect(alone).toMatchObject({ status: 403, body: { code: 'access/role-missing' } })
    expect(early).toMatchObject({ status: 409, body: { code: 'warn/draft-not-approved' } })
    expect(approved.body).toMatchObject({ state: 'approved', approvals: { needed: 1, given: 1 } })
    expect(issued.body.state).toBe('issued')
    expect(shown.body).toMatchObject({ fate: 'in-force' })
    const cap = (await app.inject(`/api/v1/warnings/${shown.body.warning}.xml`)).body
    const read = readCap(cap)
    expect(read).toMatchObject({ verdict: 'clean', alert: { signatures: 1, scope: 'Public' } })
    expect(cap).toContain('3; orange; Severe')
    expect(cap).toContain('12; flooding')
    expect(cap).toContain('AL001')

    const end = await ask(ana, 'POST', '/desk/drafts', {
      from: { kind: 'warning', warning: shown.body.warning, purpose: 'cancel' },
    })
    expect(end.body).toMatchObject({ purpose: 'cancel', references: [{ id: shown.body.warning }] })
    const stepEnd = (as: Principal, step: string) =>
      ask(as, 'POST', `/desk/drafts/${end.body.id}/steps`, {
        step,
        version: 1,
        because: 'over',
        despite: ['desk/figures-differ'],
      })
    await stepEnd(ana, 'submit')
    await stepEnd(besa, 'approve')
    expect((await stepEnd(ana, 'issue')).body.state).toBe('issued')
    await run()
    expect((await ask(ana, 'GET', `/desk/drafts/${draft.id}`)).body.fate).toBe('cancelled')
  })

  test('shows its papers to nobody who does not work there', async () => {
    const draft = await aDraft()
    const reader = person('vera', 'reader')

    for (const path of ['/desk', '/desk/drafts', `/desk/drafts/${draft.id}`, '/desk/queue', '/desk/duty']) {
      expect((await ask(thePublic, 'GET', path)).status).toBe(401)
      expect((await ask(reader, 'GET', path)).status).toBe(403)
    }
    expect((await ask(thePublic, 'GET', `/records/${draft.id}`)).status).toBe(404)
    expect((await ask(besa, 'POST', '/desk/drafts', { from: {} })).status).toBe(400)
    expect((await ask(besa, 'PUT', `/desk/drafts/${draft.id}`, { basedOn: 2, content })).status).toBe(403)
  })

  test('refuses what the checks found, names each place, and who may do what says why not', async () => {
    const draft = await aDraft()
    const bad = { ...content, severity: 'Unknown', expires: '2026-11-22T00:00:00.000Z' }
    const edited = await ask(ana, 'PUT', `/desk/drafts/${draft.id}`, { basedOn: 2, content: bad })
    const late = await ask(ana, 'PUT', `/desk/drafts/${draft.id}`, { basedOn: 2, content })
    const refused = await stepOf(ana, draft.id, 'submit', 3)

    expect(edited.body.can).toContainEqual({
      step: 'submit',
      isAllowed: false,
      because: 'warn/draft-findings-left',
    })
    expect(late).toMatchObject({ status: 409, body: { code: 'warn/draft-changed-since' } })
    expect(refused.status).toBe(409)
    expect(refused.body.reasons.map(({ code, place }: Json) => [code, place])).toContainEqual([
      'desk/expired',
      '/expires',
    ])
  })

  test('keeps templates and areas, and lists drafts by state', async () => {
    const area = { name: 'lower-drin', country: 'AL', area: content.areas[0] }
    const template = {
      name: 'flood-lower-drin',
      title: { en: 'Flood, lower Drin' },
      hazard: 'flood',
      category: ['Met'],
      responseType: ['Prepare'],
      urgency: 'Expected',
      severity: 'Severe',
      certainty: 'Likely',
      eventCode: [],
      parameter: [],
      hours: 24,
      texts: { event: 'earthquake.event', headline: 'x', description: 'x', instruction: 'x' },
      args: {},
    }
    await ask(ana, 'POST', '/desk/areas', area)
    const kept = await ask(ana, 'POST', '/desk/templates', template)
    const begun = await ask(ana, 'POST', '/desk/drafts', {
      from: { kind: 'template', template: kept.body.id, country: 'AL' },
    })
    const issued = await ask(besa, 'GET', '/desk/drafts?state=issued')

    expect((await ask(besa, 'GET', '/desk/areas')).body.items).toMatchObject([area])
    expect((await ask(besa, 'GET', '/desk/templates')).body.items).toMatchObject([template])
    expect(begun.body).toMatchObject({ template: kept.body, content: { texts: { sq: { event: 'Tërmet' } } } })
    expect(issued.body.items.length).toBeGreaterThan(0)
    expect(issued.body.items.every(({ state }: Json) => state === 'issued')).toBe(true)
  })

  test('has a duty screen on which an alarm is acknowledged and cleared in somebody’s name', async () => {
    const draft = await aDraft()
    await stepOf(ana, draft.id, 'submit')
    await stepOf(besa, draft.id, 'approve')
    await stepOf(ana, draft.id, 'issue')
    await run()
    const before = (await ask(ana, 'GET', '/desk/duty')).body.items[0]
    const act = (action: string) =>
      ask(ana, 'POST', '/desk/duty/actions', { subject: before.subject, action })

    const early = await act('clear')
    await act('acknowledge')
    const after = (await ask(besa, 'GET', '/desk/duty')).body.items[0]
    await act('clear')

    expect(before).toMatchObject({ state: 'alarm', method: ['visual', 'sound'], canClear: false })
    expect(early).toMatchObject({ status: 409, body: { code: 'warn/duty-not-possible' } })
    expect(after).toMatchObject({ method: [], hasAcknowledged: true, canClear: true })
    expect((await ask(ana, 'GET', '/desk/duty')).body.items).toEqual([])
  })

  test('tells everybody the key that signs', async () => {
    const { status, body } = await ask(thePublic, 'GET', '/desk/signing-key')

    expect(status).toBe(200)
    expect(body).toMatchObject({
      publicKey: expect.stringContaining('PUBLIC KEY'),
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })
})
