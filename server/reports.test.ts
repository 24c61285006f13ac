/** Reports over HTTP: the public reads what is issued, and nothing of a draft. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exercise, instant, type RecordId } from '../engines/record/index.ts'
import { reportsOf } from '../node.ts'
import { pagesIn } from '../test/support/pdf.ts'
import { aPlayedNode, type Json, type PlayedNode } from './builders.ts'

const realm = exercise('durres-2019')
const vera = { kind: 'person', name: 'Vera Hoxha' } as const
const knownAt = instant('2019-11-26T04:00:00Z')
let played: PlayedNode
let issued: RecordId
let open: RecordId

beforeAll(async () => {
  played = await aPlayedNode()
  const reports = reportsOf(played.node)
  const events = await played.node.store.read({ types: ['hazards.event'], realm, limit: 2 })
  const ids = await Promise.all(
    events.map(async ({ record }) => {
      const order = { subject: record.id, realm, by: vera, languages: ['en', 'sq'], knownAt }
      const drafted = await reports.draft(order)
      if (drafted.kind === 'refused') throw new Error(JSON.stringify(drafted.reason))
      return drafted.report.id
    }),
  )
  ;[issued, open] = ids as [RecordId, RecordId]
  await reports.act({ kind: 'issue', id: issued, by: vera })
}, 120_000)
afterAll(() => played?.[Symbol.asyncDispose]())

const get = (path: string) => played.app.inject({ url: `/api/v1${path}` })

describe('reports over HTTP', () => {
  test('the public lists and reads what is issued, with who issued it and on what it rests', async () => {
    const list: Json = (await get('/reports')).json()
    const one: Json = (await get(`/reports/${issued}`)).json()

    expect(list.items.map(({ id }: Json) => id)).toEqual([issued])
    expect(one).toMatchObject({ state: 'issued', issued: { name: 'Vera Hoxha' }, languages: ['en', 'sq'] })
    expect(one.rests.length).toBeGreaterThan(1)
    expect(one.credits.length).toBeGreaterThan(0)
  })

  test('a draft is not there for the public, in no form', async () => {
    const paths = ['', '.html', '.pdf', '.html?version=1'].map((end) => `/reports/${open}${end}`)

    for (const path of [...paths, `/reports/${issued}.html?version=1`])
      expect([path, (await get(path)).statusCode]).toEqual([path, 404])
  })

  test('the page holds no script, fetches nothing, and links its other languages', async () => {
    const answer = await get(`/reports/${issued}.html?language=sq`)

    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.body).toContain('<html lang="sq">')
    expect(answer.body).toContain(`href="${issued}.html?language=en&amp;realm=exercise%3Adurres-2019"`)
    expect(answer.body).not.toMatch(/<script|<link|src=/)
  })

  test('a browser is given the language that it prefers, where the report has it', async () => {
    const answer = await played.app.inject({
      url: `/api/v1/reports/${issued}.html`,
      headers: { 'accept-language': 'fi, sq-AL;q=0.9, en;q=0.5' },
    })

    expect(answer.body).toContain('<html lang="sq">')
  })

  test('the PDF is one', async () => {
    const answer = await get(`/reports/${issued}.pdf?language=en`)

    expect(answer.headers['content-type']).toBe('application/pdf')
    expect(answer.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pagesIn(answer.rawPayload)).toBeGreaterThan(0)
  })
})
