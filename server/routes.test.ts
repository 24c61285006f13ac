import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPlayedNode, type Json, type PlayedNode } from './builders.ts'
import * as schemas from './schemas/index.ts'

let played: PlayedNode
beforeAll(async () => {
  played = await aPlayedNode()
})
afterAll(() => played[Symbol.asyncDispose]())

const problemOf = async (path: string, init: object = {}) => {
  const answer = await played.app.inject({ url: path, ...init })
  return {
    status: answer.statusCode,
    type: answer.headers['content-type'],
    code: answer.json<Json>().code as string,
  }
}

describe('what the node answers fits what it publishes', () => {
  const routes: readonly (readonly [path: string, schema: TSchema])[] = [
    ['/node', schemas.nodeSchema],
    ['/replay', schemas.replaySchema],
    ['/events', schemas.eventPageSchema],
    ['/events?knownAt=2019-11-26T03:10:00Z', schemas.eventPageSchema],
    ['/warnings', schemas.warningPageSchema],
    ['/sources', schemas.sourcePageSchema],
    ['/sources?realm=exercise:durres-2019', schemas.sourcePageSchema],
    ['/quarantine', schemas.quarantinePageSchema],
    ['/areas', schemas.areaPageSchema],
    ['/map/towns.json', schemas.townsSchema],
    ['/map/countries.json', schemas.countryShapesSchema],
    ['/../../health', schemas.healthSchema],
    ['/../../ready', schemas.healthSchema],
  ]
  test.each(routes)('%s', async (path, schema) => {
    const answer = await played.ask(path)

    expect([...Compile(schema).Errors(answer)]).toEqual([])
  })

  test('every event, whole', async () => {
    const check = Compile(schemas.eventDetailSchema)
    const { items } = await played.ask<schemas.EventPage>('/events?limit=500')

    expect(items.length).toBeGreaterThan(5)
    for (const { id } of items) expect([...check.Errors(await played.ask(`/events/${id}`))]).toEqual([])
  })

  test('every warning, in every language', async () => {
    const check = Compile(schemas.warningDetailSchema)
    const { items } = await played.ask<schemas.WarningPage>('/warnings?limit=500')

    expect(items.length).toBeGreaterThan(3)
    for (const { id } of items.slice(0, 10)) {
      const detail = await played.ask<schemas.WarningDetail>(`/warnings/${id}`)
      expect([...check.Errors(detail)]).toEqual([])
      expect(detail.infos.map(({ language }) => language)).toEqual(detail.languages)
      expect(detail.because.length).toBeGreaterThan(0)
    }
  })
})

describe('pages', () => {
  async function walk(path: string): Promise<string[]> {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const mark = path.includes('?') ? '&' : '?'
      const page: Json = await played.ask(`${path}${cursor ? `${mark}cursor=${cursor}` : ''}`)
      seen.push(...page.items.map(({ id }: Json) => id))
      cursor = page.next
    } while (cursor)
    return seen
  }

  test.each([
    '/events?',
    '/events?minMagnitude=5&',
    '/events?country=al&',
    '/warnings?',
    '/warnings?country=AL&',
    '/warnings?inForce=false&',
  ])('of %s visit everything once, in the order of the whole', async (path) => {
    const whole = await walk(`${path}limit=500`)

    expect(whole.length).toBeGreaterThan(2)
    expect(new Set(whole).size).toBe(whole.length)
    for (const limit of [1, 2, 7]) expect(await walk(`${path}limit=${limit}`)).toEqual(whole)
  })

  test('give warnings that hold from the same instant each once', async () => {
    const { items } = await played.ask<schemas.WarningPage>('/warnings?limit=500')

    const onsets = items.map(({ onset }) => onset)
    expect(new Set(onsets).size).toBeLessThan(onsets.length)
  })

  test('of a filter that nothing fits are empty and the last', async () => {
    expect(await played.ask('/events?minMagnitude=9.5')).toEqual({ items: [] })
  })
})

describe('what cannot be answered is a problem with a stable code', () => {
  const none = 'f'.repeat(40)
  test.each([
    ['/api/v1/events?cursor=nonsense', 400, 'server/no-cursor'],
    [`/api/v1/events?cursor=${Buffer.from('["x",1]').toString('base64url')}`, 400, 'server/no-cursor'],
    [`/api/v1/quarantine?cursor=${Buffer.from('[1]').toString('base64url')}`, 400, 'server/no-cursor'],
    ['/api/v1/events?knownAt=yesterday', 400, 'server/no-instant'],
    ['/api/v1/events?from=2019', 400, 'server/no-instant'],
    ['/api/v1/events?realm=elsewhere', 400, 'server/invalid-request'],
    ['/api/v1/stream?realm=elsewhere', 400, 'server/no-realm'],
    ['/api/v1/events?limit=0', 400, 'server/invalid-request'],
    ['/api/v1/events?limit=many', 400, 'server/invalid-request'],
    ['/api/v1/events/42', 400, 'server/no-id'],
    [`/api/v1/events/${none}`, 404, 'server/not-found'],
    ['/api/v1/warnings/42', 400, 'server/no-id'],
    ['/api/v1/warnings/42.xml', 400, 'server/no-id'],
    [`/api/v1/warnings/${none}`, 404, 'server/not-found'],
    [`/api/v1/warnings/${none}.xml`, 404, 'server/not-found'],
    ['/api/v1/quarantine/42', 404, 'server/not-found'],
    [`/api/v1/quarantine/${none}/bytes`, 404, 'server/not-found'],
    ['/api/v1/feeds/atlantis.atom', 404, 'server/not-found'],
    ['/api/v1/nothing', 404, 'server/no-route'],
    ['/api/nothing', 404, 'server/no-route'],
  ])('%s', async (path, status, code) => {
    expect(await problemOf(path)).toEqual({
      status,
      code,
      type: expect.stringContaining('application/problem+json'),
    })
  })

  test('an event of another realm is not shown as this one’s', async () => {
    const { items } = await played.ask<schemas.EventPage>('/events')

    const { status } = await problemOf(`/api/v1/events/${items[0]?.id}?realm=actual`)
    expect(status).toBe(404)
  })

  test('a method that a route has not', async () => {
    expect((await problemOf('/api/v1/events', { method: 'DELETE' })).code).toBe('server/no-route')
  })

  test('a body that is too large, no JSON, or not what is asked', async () => {
    const post = (payload: string) =>
      problemOf('/api/v1/replay', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        payload,
      })

    expect(await post(`{"action":"${'x'.repeat(1_100_000)}"}`)).toMatchObject({
      status: 413,
      code: 'server/too-large',
    })
    expect(await post('{"action"')).toMatchObject({ status: 400, code: 'server/invalid-request' })
    expect(await post('{"action":"explode"}')).toMatchObject({ status: 400, code: 'server/invalid-request' })
  })
})

describe('what was known when', () => {
  const mainShock = async (knownAt: string) => {
    const { items } = await played.ask<schemas.EventPage>(
      `/events?from=2019-11-26T02:54:00Z&until=2019-11-26T02:55:00Z&knownAt=${knownAt}`,
    )
    return items
  }

  test('before the first report of the main shock, nothing', async () => {
    expect(await mainShock('2019-11-26T02:56:00Z')).toEqual([])
  })

  test('at 02:58 what one agency said first, at 03:10 what two had said', async () => {
    const [early] = await mainShock('2019-11-26T02:58:00Z')
    const [later] = await mainShock('2019-11-26T03:10:00Z')

    expect(early?.reports).toBe(1)
    expect(later?.reports).toBe(2)
    expect(later?.id).toBe(early?.id)
    expect(later?.revision).toBeGreaterThan(early?.revision ?? 0)
    expect(later?.updatedAt).not.toBe(early?.updatedAt)
  })

  test('the event’s page at 02:58 holds nothing that came later', async () => {
    const [early] = await mainShock('2019-11-26T02:58:00Z')
    const detail = await played.ask<schemas.EventDetail>(`/events/${early?.id}?knownAt=2019-11-26T02:58:00Z`)

    const times = [
      ...detail.history.map(({ receivedAt }) => receivedAt),
      ...detail.members.flatMap(({ revisions }) => revisions.map(({ receivedAt }) => receivedAt)),
      ...detail.warningList.map(({ receivedAt }) => receivedAt),
    ]
    expect(times.length).toBeGreaterThan(1)
    for (const time of times) expect(time <= '2019-11-26T02:58:00.000Z').toBe(true)
  })

  test('in the end the main shock is one event of both agencies, with its warnings', async () => {
    const [final, ...others] = await mainShock('2019-11-28T12:00:00Z')

    expect(others).toEqual([])
    expect(final?.state).toBe('active')
    expect(final?.agencies.length).toBeGreaterThan(1)
    const { items } = await played.ask<schemas.WarningPage>(`/warnings?event=${final?.id}&limit=500`)
    expect(items.map(({ country }) => country)).toContain('AL')
    expect(items.every(({ status }) => status === 'Exercise')).toBe(true)
  })
})
