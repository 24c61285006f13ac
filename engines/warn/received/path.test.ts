/** From the bytes of a feed to notices in the log, over a real database. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeWithData } from '../../../test/support/shared-data.ts'
import { ingestPayload, type SourceDeclaration } from '../../ingest/index.ts'
import { actual, type Held, instant, nodeId, testRealm } from '../../record/index.ts'
import { settle } from '../../store/index.ts'
import { aStore, type TestStore } from '../../store/store.test-support.ts'
import { aRegister } from './alerts.test-support.ts'
import { alertDecoder } from './decode.ts'
import { resolveReactor } from './reactor.ts'
import { alertRecord, type NoticeBody, noticeRecord } from './records.ts'

const register = {
  ...aRegister,
  authorities: aRegister.authorities
    .map((each) => ({ ...each, hosts: [...each.hosts, 'meteo.hr'] }))
    .slice(0, 1),
}
const source: SourceDeclaration = {
  id: 'warnings',
  title: { en: 'Warnings' },
  transport: {
    kind: 'http',
    url: 'https://a.example',
    intervalMs: 300_000,
    timeoutMs: 1,
    maxBytes: 1,
    accept: '*/*',
  },
  attribution: { source: 'Weather', licence: 'CC0-1.0', credit: 'Weather' },
  family: 'cap',
  decode: alertDecoder(register).decode,
}
const reactors = [resolveReactor(register, nodeId('durres.example'))]

async function take({ store, clock }: TestStore, bytes: Uint8Array) {
  const payload = {
    bytes,
    mediaType: 'application/octet-stream',
    receivedAt: instant('2026-10-20T12:00:00Z'),
  }
  const outcome = await ingestPayload({ store, clock, source, payload, realm: actual })
  for (const realm of [actual, testRealm])
    await settle({
      store,
      reactors,
      realm,
      onFailure: ({ error }) => {
        throw error
      },
    })
  return outcome
}

describeWithData('from a feed to notices', 'hazards', (data) => {
  const bytes = (path: string) => new Uint8Array(readFileSync(data(path)))

  test('63 messages of one country become 63 notices; the same answer again writes nothing', async () => {
    await using at = await aStore()

    const outcome = await take(at, bytes('feeds/meteoalarm/croatia.json'))

    expect(outcome).toMatchObject({ read: 63, accepted: 63, quarantined: 0 })
    const notices = (await at.store.read({ types: [noticeRecord.type] })) as readonly Held<NoticeBody>[]
    expect(notices).toHaveLength(63)
    expect(
      notices.every(({ record }) => record.body.state === 'in-force' && record.place?.areas?.length === 1),
    ).toBe(true)
    const before = await at.store.head()
    expect(await take(at, bytes('feeds/meteoalarm/croatia.json'))).toMatchObject({
      accepted: 0,
      unchanged: 63,
    })
    expect(await at.store.head()).toBe(before)
  })

  test('an empty feed, half a feed, and an error under HTTP 200 after it end nothing', async () => {
    await using at = await aStore()
    const whole = bytes('cap/valid/dhmz-croatia-2026-09-11.xml')
    await take(at, whole)
    const before = await at.store.head()

    const half = await take(at, whole.slice(0, whole.length / 2))
    await take(at, new TextEncoder().encode('{"warnings":[]}'))
    await take(at, new TextEncoder().encode('{"message":"quota exceeded"}'))

    expect(half).toMatchObject({ accepted: 0, quarantined: 1 })
    expect(await at.store.head()).toBe(before)
    const notices = (await at.store.read({ types: [noticeRecord.type] })) as readonly Held<NoticeBody>[]
    expect(notices.map(({ record }) => record.body.state)).toEqual(Array(15).fill('in-force'))
  })

  test('a test that comes through a real feed never becomes a notice of what is real', async () => {
    await using at = await aStore()
    const text = new TextDecoder().decode(bytes('cap/valid/dhmz-croatia-2026-09-11.xml'))

    await take(at, new TextEncoder().encode(text.replace('<status>Actual', '<status>Exercise')))

    expect(await at.store.count({ realm: actual, types: [alertRecord.type, noticeRecord.type] })).toBe(0)
    expect(await at.store.count({ realm: testRealm, types: [noticeRecord.type] })).toBe(15)
  })
})
