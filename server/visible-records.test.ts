import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exercise, type Handling, type RecordId } from '../engines/record/index.ts'
import { aPlayedNode, type Json, type PlayedNode } from './builders.ts'
import { publicAsking } from './sign-in/asking.ts'
import { visibleRecords } from './visible-records.ts'

const realm = exercise('durres-2019')
let played: PlayedNode
const restricted: RecordId[] = []
let event = ''

/** One observation, event, assessment, warning and proposal of the exercise again, restricted in one way each. */
beforeAll(async () => {
  played = await aPlayedNode()
  const { store } = played.node
  const marks: readonly Handling[] = [
    { tlp: 'TLP:AMBER' },
    { tlp: 'TLP:CLEAR', audience: ['tirana.example'] },
    { tlp: 'TLP:CLEAR', embargoUntil: '2099-01-01T00:00:00.000Z' as never },
  ]
  for (const type of [
    'hazards.observation',
    'hazards.event',
    'hazards.impact',
    'warn.warning',
    'warn.proposal',
  ]) {
    const [held] = await store.read({
      types: [type],
      realm,
      validFrom: '2019-11-26T02:54:00.000Z' as never,
      limit: 1,
    })
    if (!held) throw new Error(`the scenario holds no ${type}`)
    if (type === 'hazards.event') event = held.record.id
    for (const [at, handling] of marks.entries()) {
      const { key, producer, valid, place, body, links } = held.record
      const about = links.filter((link) => link.type === 'about')
      const [outcome] = await store.append([
        {
          type,
          key: `restricted ${at} ${key}`,
          realm,
          producer,
          valid,
          ...(place ? { place } : {}),
          links: about,
          handling,
          body,
        },
      ])
      if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
      restricted.push(outcome.record.id)
    }
  }
})
afterAll(() => played[Symbol.asyncDispose]())

const holdsNone = (text: string) => restricted.filter((id) => text.includes(id))

const asThePublic = ({ node: { store, clock } }: PlayedNode) =>
  visibleRecords(store, () => publicAsking(clock.now(), clock.now()))

describe('what is restricted leaves through no door', () => {
  test.each([
    '/api/v1/events?limit=500',
    '/api/v1/warnings?limit=500',
    '/api/v1/feeds/region.atom?knownAt=2019-11-26T04:00:00Z',
    '/api/v1/feeds/AL.atom',
    '/api/v1/areas',
  ])('%s does not name it', async (path) => {
    const { body, statusCode } = await played.app.inject(path)

    expect(statusCode).toBe(200)
    expect(holdsNone(body)).toEqual([])
  })

  test('no detail, history or proposal names it', async () => {
    const { body } = await played.app.inject(`/api/v1/events/${event}`)

    expect(body).toContain(event)
    expect(holdsNone(body)).toEqual([])
  })

  test('asked for by its id it is not there', async () => {
    for (const id of restricted)
      for (const path of [`events/${id}`, `warnings/${id}`, `warnings/${id}.xml`])
        expect((await played.app.inject(`/api/v1/${path}`)).statusCode).toBe(404)
  })

  test('no read, count or look at a version finds it', async () => {
    const records = asThePublic(played)
    const all = await played.node.store.count({ versions: 'all' })

    expect(await records.read({ ids: restricted, versions: 'all' })).toEqual([])
    expect(await records.count({ versions: 'all' })).toBe(all - restricted.length)
    for (const id of restricted) expect(await records.get(id)).toBeUndefined()
    for (const id of restricted) expect(await records.get(id, 1)).toBeUndefined()
  })

  test('the log as it is followed passes over it', async () => {
    const stop = new AbortController()
    const records = asThePublic(played)
    const last = (await records.read({ order: '-index', limit: 500 }))[0]?.index
    const seen: string[] = []
    for await (const batch of records.follow({ after: -1, signal: stop.signal })) {
      seen.push(...batch.map(({ record }) => record.id))
      if (batch.at(-1)?.index === last) stop.abort()
    }

    expect(seen.length).toBeGreaterThan(20)
    expect(holdsNone(seen.join(' '))).toEqual([])
  })

  test('a face that others can reach shows no quarantine, and says why', async () => {
    const { store } = played.node
    const { id } = await store.quarantine.hold({
      kind: 'undecodable',
      from: 'usgs-earthquakes',
      realm,
      receivedAt: played.node.clock.now(),
      mediaType: 'application/json',
      bytes: Buffer.from('{"half'),
      issues: [{ rule: 'json/cut', place: '', message: 'The text is cut.' }],
    })
    const outside = await played.appWith({ host: '0.0.0.0' })

    for (const path of ['quarantine', `quarantine/${id}`, `quarantine/${id}/bytes`]) {
      const answer = await outside.inject(`/api/v1/${path}`)
      expect(answer.statusCode).toBe(404)
      expect(answer.json<Json>()).toMatchObject({
        code: 'server/not-shown',
        detail: expect.stringContaining('duty officers'),
      })
    }
    expect((await outside.inject('/ready')).json<Json>()).toMatchObject({ status: 'ok' })
    expect((await outside.inject('/ready')).body).not.toContain('quarantine')
  })

  test('a face on loopback shows it to the operator, with its bytes as a file', async () => {
    const { items } = await played.ask('/quarantine')
    const [item] = items
    const detail = await played.ask(`/quarantine/${item.id}`)
    const bytes = await played.app.inject(`/api/v1/quarantine/${item.id}/bytes`)

    expect(item).toMatchObject({ from: 'usgs-earthquakes', issues: [{ message: 'The text is cut.' }] })
    expect(detail.preview).toBe('{"half')
    expect(bytes.body).toBe('{"half')
    expect(bytes.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-security-policy': 'sandbox',
      'content-disposition': expect.stringContaining('attachment'),
    })
    expect((await played.app.inject('/ready')).json<Json>()).toMatchObject({ status: 'degraded' })
  })
})
