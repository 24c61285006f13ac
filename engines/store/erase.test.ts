import { hash } from 'node:crypto'
import { latLngToCell } from 'h3-js'
import { describe, expect, test } from 'vitest'
import { type Draft, type Instant, instant, plusMs, type RecordId } from '../record/index.ts'
import { erasedOf } from './erase.ts'
import type { OpenStore } from './open-store.ts'
import { aReport, aStore, atMainShock } from './store.test-support.ts'

const durres = latLngToCell(41.51, 19.53, 7)
const reason = 'subject request 12'
const personal = {
  key: 'seen by Arta Example',
  body: { witness: 'Arta Example' },
  place: { cells: [durres], areas: [{ scheme: 'ISO3166-1', code: 'AL' }] },
  handling: { tlp: 'TLP:GREEN' },
} satisfies Partial<Draft>

async function appendOne(store: OpenStore, parts: Partial<Draft>): Promise<RecordId> {
  const [outcome] = await store.append([aReport(parts)])
  if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
  return outcome.record.id
}

/** Every word of every table, save what PostgreSQL keeps for itself. */
async function wordsOf({ database: sql }: OpenStore): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select c.relname as name from pg_class as c
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'`
  const all = await Promise.all(tables.map(({ name }) => sql`select t::text as row from ${sql(name)} as t`))
  return all.flatMap((rows) => rows.map((row) => String(row['row']))).join('\n')
}

describe('erasing a record', () => {
  test('takes its content from every table and leaves what says that it was there', async () => {
    await using opened = await aStore()
    const { store } = opened
    const id = await appendOne(store, personal)
    await appendOne(store, { ...personal, body: { witness: 'Arta Example', magnitude: 6 } })
    const leaves = await store.database`select leaf from log order by index`

    const erased = await store.erase([id], { derived: false, reason })

    expect(erased.map(({ version }) => version)).toEqual([1, 2])
    expect(await wordsOf(store)).not.toMatch(/Arta|usgs/)
    expect(
      await store.database`select from record where salt is not null or content_digest <> ''`,
    ).toHaveLength(0)
    expect(await store.database`select from record_cell`).toHaveLength(0)
    expect(await store.database`select leaf from log order by index`).toEqual(leaves)
    const [left] = await store.read({ erased: true })
    expect(left).toMatchObject({
      record: {
        id,
        version: 2,
        type: 'hazards.observation',
        origin: 'durres.example',
        handling: { tlp: 'TLP:GREEN' },
      },
      withheld: ['/attribution', '/body', '/key', '/place', '/producer'],
    })
    expect(left?.record).toMatchObject({
      key: '',
      attribution: [],
      body: null,
      links: [],
      recordedAt: atMainShock,
    })
    expect(await store.erasures([id])).toMatchObject([
      { id, version: 1, at: atMainShock, reason },
      { id, version: 2, at: atMainShock, reason },
    ])
    expect(await store.provenance([{ id, version: 2 }])).toEqual([undefined])
  })

  test('leaves it out of every answer, unless what is erased is asked for', async () => {
    await using opened = await aStore()
    const { store } = opened
    const id = await appendOne(store, personal)
    await appendOne(store, { key: 'other' })

    await store.erase([id], { derived: false, reason })

    expect(await store.get(id)).toBeUndefined()
    expect(await store.get(id, 1)).toBeUndefined()
    expect(await store.count({})).toBe(1)
    expect(await store.count({ versions: 'all' })).toBe(1)
    expect(await store.count({ ids: [id] })).toBe(0)
    expect(await store.count({ erased: true })).toBe(2)
    expect(await store.count({ erased: true, where: { kind: 'tlp-at-most', label: 'TLP:CLEAR' } })).toBe(1)
    const stop = new AbortController()
    for await (const batch of store.follow({ after: -1, signal: stop.signal })) {
      expect(batch.map(({ record }) => record.key)).toEqual(['other'])
      stop.abort()
    }
  })

  test('takes what is derived from it too when asked, and says so once', async () => {
    await using opened = await aStore()
    const { store } = opened
    const id = await appendOne(store, personal)
    const event = await appendOne(store, { key: 'event', links: [{ type: 'derivedFrom', id }] })

    expect(await store.erase([id], { derived: false, reason })).toHaveLength(1)
    expect(await store.get(event)).toBeDefined()
    const more = await store.erase([id], { derived: true, reason: 'recall' })

    expect(more.map((ref) => ref.id)).toEqual([event])
    expect(await store.get(event)).toBeUndefined()
    expect((await store.read({ ids: [event], erased: true }))[0]?.record.links).toEqual([
      { type: 'derivedFrom', id },
    ])
    expect(await store.erase([id], { derived: true, reason })).toEqual([])
  })

  test('that is over goes by the version in force: one that prolongs keeps all, whatever an older one said', async () => {
    await using opened = await aStore()
    const { store } = opened
    const [spring, summer] = [instant('2020-03-01T00:00:00Z'), instant('2020-06-01T00:00:00Z')]
    const until = (retainUntil: Instant) => ({ handling: { tlp: 'TLP:GREEN', retainUntil } as const })
    const prolonged = await appendOne(store, { key: 'prolonged', ...until(spring) })
    await appendOne(store, { key: 'prolonged', body: {}, ...until(summer) })
    const shortened = await appendOne(store, { key: 'shortened', ...until(summer) })
    await appendOne(store, { key: 'shortened', body: {}, ...until(spring) })
    const kept = await appendOne(store, { key: 'kept without end' })
    const at = plusMs(spring, 1)

    const gone = await store.erase([prolonged, shortened, kept], { derived: false, reason, overAt: at })

    expect(gone.map(({ id, version }) => `${id}@${version}`).sort()).toEqual([
      `${shortened}@1`,
      `${shortened}@2`,
    ])
    expect(await store.count({ ids: [prolonged], versions: 'all' })).toBe(2)
    expect(await store.count({ ids: [kept] })).toBe(1)
  })

  test('does not keep its own node from saying it again, as the next version', async () => {
    await using opened = await aStore()
    const { store } = opened
    const id = await appendOne(store, personal)
    await store.erase([id], { derived: false, reason })

    const [again] = await store.append([aReport(personal)], { unlessEver: true })

    expect(again).toMatchObject({ kind: 'appended', record: { id, version: 2 } })
    expect(await store.get(id)).toMatchObject({ record: { version: 2, key: personal.key } })
    expect(await store.get(id, 1)).toBeUndefined()
  })

  test('is remembered of that version and of older ones, not of what comes after', async () => {
    await using opened = await aStore()
    const { store } = opened
    const id = await appendOne(store, personal)
    await appendOne(store, { ...personal, body: {} })
    await store.erase([id], { derived: false, reason })

    const refs = [1, 2, 3].map((version) => ({ id, version }))
    expect([...(await erasedOf(store.database, refs))]).toEqual([
      { id, version: 1 },
      { id, version: 2 },
    ])
  })

  test('takes its files, unless another record refers to them', async () => {
    await using opened = await aStore()
    const { store } = opened
    const put = async (text: string) => {
      const bytes = Buffer.from(text)
      const { sha256, size } = await store.attachments.put('text/plain', [bytes] as never)
      expect(sha256).toBe(hash('sha256', text))
      return { sha256, size, mediaType: 'text/plain' }
    }
    const [own, shared] = [await put('statement of Arta Example'), await put('map')]
    const id = await appendOne(store, { ...personal, body: { attachments: [own, shared] } })
    const other = await appendOne(store, { key: 'other', body: { attachments: [shared] } })
    expect(await store.attachments.records(shared.sha256)).toEqual([id, other].sort())

    await store.erase([id], { derived: false, reason })

    expect(await store.attachments.get(own.sha256)).toBeUndefined()
    expect(await store.attachments.get(shared.sha256)).toMatchObject({ isComplete: true })
    expect(await store.attachments.records(shared.sha256)).toEqual([other])
    expect(await store.database`select from attachment_chunk`).toHaveLength(1)
  })
})
