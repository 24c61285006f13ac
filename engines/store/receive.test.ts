import { describe, expect, test } from 'vitest'
import { type MosaicRecord, nodeId, recordId } from '../record/index.ts'
import { aReport, aStore, atMainShock } from './store.test-support.ts'

const skopje = nodeId('skopje.example')

function aPeerRecord(parts: Partial<MosaicRecord> = {}): MosaicRecord {
  const { type, key, realm, producer, valid, body } = aReport()
  return {
    id: recordId(skopje, type, key, realm),
    version: 1,
    type,
    schemaVersion: 1,
    origin: skopje,
    key,
    realm,
    producer,
    attribution: [],
    recordedAt: atMainShock,
    valid,
    handling: { tlp: 'TLP:GREEN' },
    links: [],
    body,
    ...parts,
  }
}

describe("a peer's record", () => {
  test('is kept as its origin wrote it, once, whatever order its versions come in', async () => {
    await using opened = await aStore()
    const { store } = opened
    const [first, third] = [aPeerRecord(), aPeerRecord({ version: 3, body: { magnitude: 6.3 } })]

    const outcomes = [...(await store.receive([third, first, first])), ...(await store.receive([third]))]

    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'unchanged', 'unchanged'])
    expect(await store.get(first.id)).toMatchObject({ record: third })
    expect(await store.get(first.id, 1)).toMatchObject({ record: first })
  })

  test('with other content under a number that we hold is equivocation, and is held for people to see', async () => {
    await using opened = await aStore()
    const { store } = opened
    const forged = aPeerRecord({ body: { magnitude: 2 } })

    const [, second] = await store.receive([aPeerRecord(), forged])
    const [third] = await store.receive([forged])

    const quarantined = second?.kind === 'equivocation' ? second.quarantined : ''
    expect(third).toEqual(second)
    expect(await store.quarantine.get(quarantined)).toMatchObject({
      kind: 'equivocation',
      from: 'skopje.example',
      times: 2,
    })
    expect(await store.read({ versions: 'all' })).toMatchObject([{ record: { body: { magnitude: 6.4 } } }])
  })

  test('is refused when it is no record, when its id is another, or when it claims to be ours', async () => {
    await using opened = await aStore()
    const { store } = opened

    const outcomes = await store.receive([
      aPeerRecord({ version: 0 }),
      aPeerRecord({ origin: nodeId('durres.example') }),
      {} as MosaicRecord,
    ])

    expect(outcomes).toMatchObject([
      { kind: 'refused', reason: { issues: [{ place: '/version' }] } },
      { kind: 'refused', reason: { issues: [{ rule: 'record/origin-is-here' }] } },
      { kind: 'refused', reason: { code: 'record/invalid' } },
    ])
    expect(await store.head()).toBe(-1)
  })
})
