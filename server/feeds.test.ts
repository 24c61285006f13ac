import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCap, readXml } from '../engines/formats/index.ts'
import { exercise, type Held, plusMs, type Realm } from '../engines/record/index.ts'
import { aPlayedNode, type PlayedNode } from './builders.ts'
import type { HeldWarning } from './views/warning.ts'

const realm = exercise('durres-2019')
let played: PlayedNode
/** Shortly after the main shock's first warnings. */
let during = ''
let warnings: readonly HeldWarning[] = []

beforeAll(async () => {
  played = await aPlayedNode()
  warnings = (await played.replay.setting.store.read({
    types: ['warn.warning'],
    realm,
  })) as readonly HeldWarning[]
  const first = warnings.find(({ record }) => record.valid.from >= '2019-11-26T02:54:00.000Z')
  if (!first) throw new Error('the scenario warns of nothing')
  during = plusMs(first.receivedAt, 1000)
})
afterAll(() => played[Symbol.asyncDispose]())

async function feed(area: string, query = '') {
  const { body, headers, statusCode } = await played.app.inject(`/api/v1/feeds/${area}.atom${query}`)
  expect(statusCode).toBe(200)
  expect(headers['content-type']).toBe('application/atom+xml; charset=utf-8')
  return {
    body,
    links: [...body.matchAll(/<content type="application\/cap\+xml" src="([^"]+)"/g)].map((m) => m[1] ?? ''),
  }
}

const pathOf = (link: string) => link.replaceAll('&#38;', '&').replace(/^https?:\/\/[^/]+/, '')

describe('the Atom feed', () => {
  test('is well-formed, and holds one entry for each warning in force', async () => {
    const { body, links } = await feed('region', `?knownAt=${during}`)

    expect(readXml(new TextEncoder().encode(body))).toMatchObject({ ok: true })
    expect(links.length).toBeGreaterThan(0)
    expect(body).toContain(`${links.length} in force as of ${during}`)
  })

  test('links every entry to a CAP message that is clean, byte for byte as issued', async () => {
    const { links } = await feed('region', `?knownAt=${during}`)

    for (const link of links) {
      const message = await played.app.inject(pathOf(link))
      expect(message.headers['content-type']).toBe('application/cap+xml; charset=utf-8')
      const issued = warnings.find(({ record }) => link.includes(record.id))
      expect(message.rawPayload.equals(Buffer.from(issued?.record.body.xml ?? ''))).toBe(true)
      const read = readCap(message.rawPayload)
      expect(read).toMatchObject({ verdict: 'clean', alert: { status: 'Exercise', scope: 'Public' } })
    }
  })

  test('of a country holds that country’s warnings only', async () => {
    const { links } = await feed('AL', `?knownAt=${during}`)

    const countries = links.map(
      (link) => warnings.find(({ record }) => link.includes(record.id))?.record.body.country,
    )
    expect(countries.length).toBeGreaterThan(0)
    expect(new Set(countries)).toEqual(new Set(['AL']))
    expect((await feed('al', `?knownAt=${during}`)).links).toEqual(links)
  })

  test('says so when no warning is in force', async () => {
    const { body, links } = await feed('region', '?knownAt=2019-11-26T00:00:00Z')

    expect(links).toEqual([])
    expect(body).toContain('No warning in force as of 2019-11-26T00:00:00.000Z')
  })

  test('of what is real never carries an exercise', async () => {
    const { body, links } = await feed('region', '?realm=actual')

    expect(links).toEqual([])
    expect(body).not.toContain('Exercise')
  })

  test('never carries advice, which is addressed to an authority', async () => {
    const [public_] = warnings.filter(({ record }) => record.body.msgType === 'Alert')
    if (!public_) throw new Error('the scenario alerts nobody')
    await withCopy(played, public_, 'test' as Realm, { scope: 'Private' })
    await withCopy(played, public_, 'test' as Realm, { scope: 'Public' })

    const at = plusMs(public_.record.body.sent, 1000)
    const { links } = await feed('region', `?realm=test`)
    const shown = await played.node.store.read({ types: ['warn.warning'], realm: 'test' as Realm })
    expect(shown.length).toBe(2)
    expect(at < public_.record.body.expires).toBe(true)
    expect(links.length).toBe(1)
    expect(links[0]).toContain(shown.find(({ record }) => record.key.endsWith('Public'))?.record.id)
  })
})

/** A warning of the exercise again in another realm, in force until far in the future. */
async function withCopy(
  { node }: PlayedNode,
  { record }: Held,
  into: Realm,
  changes: { readonly scope: 'Public' | 'Private' },
): Promise<void> {
  const body = record.body as HeldWarning['record']['body']
  const [appended] = await node.store.append([
    {
      type: record.type,
      key: `${record.key}-${changes.scope}`,
      realm: into,
      producer: record.producer,
      valid: { from: record.valid.from },
      links: record.links.filter(({ type }) => type === 'about'),
      body: {
        ...body,
        ...changes,
        identifier: `${body.identifier}-${changes.scope}`,
        expires: '2099-01-01T00:00:00.000Z',
      },
    },
  ])
  if (appended?.kind !== 'appended') throw new Error(JSON.stringify(appended))
}
