import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CapAlert, CapVerdict } from '../../formats/index.ts'
import {
  actual,
  canonical,
  type Draft,
  type Held,
  nodeId,
  type Realm,
  testRealm,
} from '../../record/index.ts'
import { type Store, settle } from '../../store/index.ts'
import { aStore } from '../../store/store.test-support.ts'
import { alertDraft } from './alert-draft.ts'
import { aCancel, anAlert, anUpdate, aRegister, known, resolvedKnown } from './alerts.test-support.ts'
import { resolveReactor } from './reactor.ts'
import { type NoticeBody, noticeRecord } from './records.ts'

const node = nodeId('durres.example')
const reactor = resolveReactor(aRegister, node)

/** As ingest would have it: no path is told from another. */
function draftOf(alert: CapAlert, realm: Realm): Draft {
  const verdict: CapVerdict = { verdict: 'clean', alert, defects: [] }
  const read = alertDraft({ verdict, signature: { kind: 'unsigned' } }, aRegister.profile)
  if (!read.ok) throw new Error(JSON.stringify(read.issues))
  const { isTest: _, ...observed } = read.observed
  return {
    ...observed,
    realm,
    producer: { kind: 'source', name: 'cap' },
    attribution: [{ source: 'Weather', licence: 'CC0-1.0', credit: 'Weather' }],
  }
}

/** One after the other, each digested before the next. */
async function arrive(store: Store, alerts: readonly CapAlert[], realm: Realm = actual): Promise<void> {
  for (const alert of alerts) {
    const [outcome] = await store.append([draftOf(alert, realm)], { unlessEver: true })
    expect(outcome?.kind).toMatch(/appended|unchanged/)
    await settle({
      store,
      realm,
      reactors: [reactor],
      onFailure: ({ error }) => {
        throw error
      },
    })
  }
}

const noticesIn = async (store: Store, realm: Realm = actual) =>
  (await store.read({ types: [noticeRecord.type], realm })) as readonly Held<NoticeBody>[]

/** Notices that go on elsewhere are aliases. */
const standing = async (store: Store, realm?: Realm) =>
  (await noticesIn(store, realm))
    .filter(({ record }) => record.body.goesOnAs === undefined)
    .map(({ record }) => ({
      key: record.key,
      state: record.body.state,
      event: record.body.texts.event['en'],
      level: record.body.level.own?.code,
      said: record.body.messages.map(({ role, triple }) => `${role} ${triple.identifier}`),
      dangling: record.body.dangling,
      holds: record.body.holds,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))

const clear = canonical({ tlp: 'TLP:CLEAR' })

const expected = (alerts: readonly CapAlert[]) =>
  resolvedKnown(...alerts.map((alert) => known(alert, { handling: clear }))).map(
    ({ key, state, shown, messages, dangling, hold }) => ({
      key,
      state,
      event: shown.infos.find(({ language }) => language === 'en')?.event,
      level: shown.level?.code,
      said: messages.map(({ role, triple }) => `${role} ${triple.identifier}`),
      dangling,
      holds: hold !== undefined,
    }),
  )

describe('notices from messages as they come', () => {
  const first = anAlert({ id: 'a' })
  const orange = anUpdate({ id: 'b', sent: 20, names: [first], says: [{ level: 3 }] })

  test('a warning that is updated and cancelled is one notice in three versions, with its place and its credit', async () => {
    await using at = await aStore()

    await arrive(at.store, [first, orange, aCancel('c', 30, first, orange)])

    const [notice, ...others] = await noticesIn(at.store)
    expect(others).toEqual([])
    expect(notice?.record).toMatchObject({
      version: 3,
      place: { areas: [{ scheme: 'EMMA_ID', code: 'XA001' }] },
      attribution: [{ credit: 'Weather' }],
      valid: { from: '2026-09-11T07:00:00.000Z', until: '2026-09-11T07:00:00.000Z' },
      body: { state: 'ended', endedAt: '2026-09-11T06:30:00.000Z', level: { own: { code: '3' } } },
    })
    expect(notice?.record.links.filter(({ type }) => type === 'derivedFrom')).toHaveLength(3)
  })

  test('the Update before the Alert, and the Cancel before both, end as in the right order', async () => {
    await using at = await aStore()
    const all = [aCancel('c', 30, first, orange), orange, first]

    await arrive(at.store, all)

    expect(await standing(at.store)).toEqual(expected(all))
  })

  test('a notice whose beginning comes late says under which name it goes on', async () => {
    await using at = await aStore()

    await arrive(at.store, [orange, first])

    const all = await noticesIn(at.store)
    const moved = all.find(({ record }) => record.body.goesOnAs !== undefined)
    expect(all).toHaveLength(2)
    expect(all.some(({ record }) => record.key === moved?.record.body.goesOnAs)).toBe(true)
  })

  test('the same message again writes nothing', async () => {
    await using at = await aStore()
    await arrive(at.store, [first, orange])
    const before = await at.store.head()

    await arrive(at.store, [first, orange, first])

    expect(await at.store.head()).toBe(before)
  })

  test('a test that came to stand in the realm actual makes no notice there, and one where it belongs', async () => {
    await using at = await aStore()
    const tried: CapAlert = { ...first, status: 'Test' }

    await arrive(at.store, [tried, { ...aCancel('c', 30, first), status: 'Exercise' }])
    await arrive(at.store, [tried], testRealm)

    expect(await noticesIn(at.store)).toEqual([])
    expect((await noticesIn(at.store, testRealm)).map(({ record }) => record.body.status)).toEqual(['Test'])
  })

  test('a restricted Cancel leaves the public warning, and its own notices are bound as it is', async () => {
    await using at = await aStore()
    const secret = { ...anAlert({ id: 's', sent: 5, says: [{ kind: 3 }] }), scope: 'Restricted' as const }
    const cancel = { ...aCancel('c', 30, first), scope: 'Restricted' as const, restriction: 'staff' }

    await arrive(at.store, [first, secret, cancel])

    const notices = await noticesIn(at.store)
    expect(notices.map(({ record }) => [record.body.state, record.handling.tlp]).sort()).toEqual([
      ['in-force', 'TLP:AMBER'],
      ['in-force', 'TLP:CLEAR'],
    ])
  })

  test('whatever comes in whatever order, the store ends with what the resolver says of the whole', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        await using at = await aStore()
        await arrive(at.store, story)
        expect(await standing(at.store)).toEqual(expected(story))
      }),
      { numRuns: 15, seed: 7 },
    )
  }, 240_000)
})

/** Chains with gaps, in any order; no two with one name. */
const stories = fc
  .array(
    fc.record({
      sent: fc.integer({ min: 0, max: 90 }),
      sender: fc.constantFrom('duty@weather.example', 'warnings@exchange.example', 'una@other.example'),
      msgType: fc.constantFrom('Alert' as const, 'Update' as const, 'Cancel' as const),
      names: fc.array(fc.nat({ max: 8 }), { maxLength: 2 }),
      says: fc.array(
        fc.record({
          kind: fc.constantFrom(1, 3),
          area: fc.constantFrom('XA001', 'XA002'),
          level: fc.constantFrom(1 as const, 2 as const, 3 as const),
          from: fc.constantFrom(60, 90),
          until: fc.constantFrom(600, 640),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
    { minLength: 2, maxLength: 7 },
  )
  .map((messages): readonly CapAlert[] => {
    const bare = messages.map((message, nth) => anAlert({ ...message, names: [], id: `m${nth}` }))
    const all = messages.map((message, nth) =>
      anAlert({
        ...message,
        names: message.names.map((each) => bare[each] ?? anAlert({ id: 'elsewhere' })),
        id: `m${nth}`,
      }),
    )
    return all.toSorted((a, b) => ((a.info[0]?.description ?? '') < (b.info[0]?.description ?? '') ? -1 : 1))
  })
