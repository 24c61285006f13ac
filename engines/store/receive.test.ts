import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import {
  actual,
  confidentialRecordId,
  createRegistry,
  defineRecord,
  leafOf,
  type MosaicRecord,
  narrow,
  nodeId,
  openParcel,
  plusMs,
  withhold,
} from '../record/index.ts'
import { connect } from './connect.ts'
import type { Provenance, Store } from './contract.ts'
import { aPeerRecord, aProof, arriving, sent, skopje } from './receive.test-support.ts'
import { aReport, aStore, atMainShock } from './store.test-support.ts'

const salt = new Uint8Array(32).fill(7)
const kinds = (outcomes: readonly { readonly kind: string }[]) => outcomes.map(({ kind }) => kind)
const tirana = nodeId('tirana.example')
const registry = createRegistry([
  defineRecord({ type: 'arms.weapon', schemaVersion: 1, body: Type.Unknown(), confidential: true }),
  defineRecord({
    type: 'hazards.report',
    schemaVersion: 1,
    body: Type.Object({ name: Type.String(), size: Type.Number() }),
  }),
])

const marked = aPeerRecord({
  handling: {
    tlp: 'TLP:GREEN',
    fieldMarks: { '/body/reporter/name': 'TLP:RED', '/place': 'TLP:AMBER', '/links/0': 'TLP:AMBER' },
  },
  place: { cells: ['871e8d7ffffffff'], areas: [{ scheme: 'ISO3166-1', code: 'MK' }] },
  links: [
    { type: 'about', id: aPeerRecord().id },
    { type: 'partOf', id: aPeerRecord().id, version: 3 },
  ],
  body: { magnitude: 6.4, reporter: { name: 'Ana Kola', age: 40 } },
})
const allMarks = ['/body/reporter/name', '/links/0', '/place']

async function handedOn(store: Store, record: MosaicRecord): Promise<Provenance> {
  const [found] = await store.provenance([record])
  if (found === undefined) throw new Error('it is held')
  return { ...found, parcel: sent(found.parcel) }
}

describe("a peer's record", () => {
  test('is kept as its origin wrote it, once, whatever order its versions come in', async () => {
    await using opened = await aStore()
    const { store } = opened
    const [first, third] = [aPeerRecord(), aPeerRecord({ version: 3, body: { magnitude: 6.3 } })]

    const outcomes = [
      ...(await store.receive([arriving(third), arriving(first), arriving(first)])),
      ...(await store.receive([arriving(third)])),
    ]

    expect(kinds(outcomes)).toEqual(['accepted', 'accepted', 'unchanged', 'unchanged'])
    expect(await store.get(first.id)).toMatchObject({ record: third })
    expect(await store.get(first.id, 1)).toMatchObject({ record: first })
  })

  test('stands in the log of this node with the leaf that its origin gave it', async () => {
    await using opened = await aStore()
    await opened.store.receive([arriving(marked, { withheld: allMarks })])

    const sql = connect(opened.url, { max: 1 })
    const [row] = await sql`select encode(leaf, 'hex') as leaf from log where index = 0`
    await sql.end()

    expect(row?.['leaf']).toBe(leafOf(marked, salt))
  })

  test('with other content under a number that we hold is equivocation, and is held for people to see', async () => {
    await using opened = await aStore()
    const { store } = opened
    const forged = arriving(aPeerRecord({ body: { magnitude: 2 } }))

    const [, second] = await store.receive([arriving(aPeerRecord()), forged])
    const [third] = await store.receive([forged])

    const quarantined = second?.kind === 'equivocation' ? second.quarantined : ''
    const held = await store.quarantine.get(quarantined)
    expect(third).toEqual(second)
    expect(held).toMatchObject({ kind: 'equivocation', from: 'skopje.example', times: 2 })
    expect(JSON.parse(Buffer.from(held?.bytes ?? []).toString())).toEqual({
      parcel: forged.parcel,
      proof: forged.proof,
    })
    expect(await store.read({ versions: 'all' })).toMatchObject([{ record: { body: { magnitude: 6.4 } } }])
  })

  test('with the same content under another salt is equivocation too: an origin has one leaf for one version', async () => {
    await using opened = await aStore()

    const outcomes = await opened.store.receive([
      arriving(aPeerRecord()),
      arriving(aPeerRecord(), { salt: new Uint8Array(32).fill(8) }),
    ])

    expect(kinds(outcomes)).toEqual(['accepted', 'equivocation'])
  })

  test('is refused when it is no record, when its id is another, when it claims to be ours, or has no proof', async () => {
    await using opened = await aStore()
    const { store } = opened

    const outcomes = await store.receive([
      arriving(aPeerRecord({ version: 0 })),
      arriving(aPeerRecord({ origin: nodeId('durres.example') })),
      { ...arriving(aPeerRecord()), parcel: {} as never },
      arriving(aPeerRecord(), { proof: { ...aProof(), hashes: ['short'] } }),
      arriving(aPeerRecord(), { proof: { ...aProof(), index: 5, treeSize: 5 } }),
    ])

    expect(outcomes).toMatchObject([
      { kind: 'refused', reason: { issues: [{ place: '/version' }] } },
      { kind: 'refused', reason: { issues: [{ rule: 'record/origin-is-here' }] } },
      { kind: 'refused', reason: { code: 'record/invalid' } },
      { kind: 'refused', reason: { issues: [{ rule: 'record/proof' }] } },
      { kind: 'refused', reason: { issues: [{ rule: 'record/proof' }] } },
    ])
    expect(await store.head()).toBe(-1)
  })

  test('cannot take the id of a record of somebody else, of whatever type it says to be', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    const victim = aPeerRecord({ version: 2 })
    const thief = { origin: tirana, id: victim.id, version: 2 }

    const outcomes = await store.receive([
      arriving(aPeerRecord({ ...thief, type: 'arms.weapon' })),
      arriving(aPeerRecord({ ...thief, type: 'unknown.type' })),
      arriving(aPeerRecord(thief)),
      arriving(victim),
    ])

    expect(kinds(outcomes)).toEqual(['refused', 'refused', 'refused', 'accepted'])
    expect(outcomes[0]).toMatchObject({ reason: { issues: [{ rule: 'record/id' }] } })
  })

  test('of a confidential type is taken under the id that only its origin can compute', async () => {
    await using opened = await aStore({ registry })
    const id = confidentialRecordId(salt, skopje, 'arms.weapon', 'serial 1', actual)

    const outcomes = await opened.store.receive([
      arriving(aPeerRecord({ type: 'arms.weapon', key: 'serial 1', id })),
    ])

    expect(kinds(outcomes)).toEqual(['accepted'])
  })

  test('that was erased here does not come back', async () => {
    await using opened = await aStore()
    const { store } = opened
    const [first, second] = [aPeerRecord(), aPeerRecord({ version: 2 })]
    await store.receive([arriving(second)])
    await store.erase([second.id], { derived: false, reason: 'recalled' })

    const outcomes = await store.receive([arriving(second), arriving(first)])

    expect(outcomes).toEqual([
      { kind: 'refused', reason: { code: 'record/erased', inputs: [second.id] } },
      { kind: 'refused', reason: { code: 'record/erased', inputs: [first.id] } },
    ])
    expect(await store.provenance([second])).toEqual([undefined])
  })

  test('derived from one that was tightened here arrives tightened, unless it was let out by a release', async () => {
    await using opened = await aStore()
    const { store } = opened
    const input = aPeerRecord()
    const derived = aPeerRecord({ key: 'e', links: [{ type: 'derivedFrom', id: input.id, version: 1 }] })
    await store.receive([arriving(input)])
    await store.tighten(input.id, { tlp: 'TLP:RED' })

    const released = aPeerRecord({
      key: 'w',
      links: [...derived.links, { type: 'releasedBy', id: aPeerRecord({ key: 'r' }).id }],
    })

    await store.receive([arriving(derived), arriving(released)])

    expect(await store.get(derived.id)).toMatchObject({
      record: { handling: { tlp: 'TLP:GREEN' } },
      effective: { tlp: 'TLP:RED' },
    })
    expect((await store.get(released.id))?.effective).toBeUndefined()
  })
})

describe("a peer's record with fields withheld", () => {
  test('is kept without them, and is filled in when they come, under the same version and place', async () => {
    await using opened = await aStore()
    const { store, clock } = opened
    await store.receive([arriving(marked, { withheld: allMarks })])
    clock.set(plusMs(atMainShock, 60_000))
    const before = await store.get(marked.id)

    const outcomes = await store.receive([
      arriving(marked, { withheld: ['/links/0', '/place'] }),
      arriving(marked, { withheld: ['/body/reporter/name', '/place'] }),
      arriving(marked, { withheld: allMarks }),
    ])
    const after = await store.get(marked.id)

    expect(before).toMatchObject({ record: withhold(marked, allMarks), withheld: allMarks, index: 0 })
    expect(kinds(outcomes)).toEqual(['completed', 'completed', 'unchanged'])
    expect(after).toMatchObject({ record: withhold(marked, ['/place']), withheld: ['/place'], index: 0 })
    expect(after?.receivedAt).toBe(before?.receivedAt)
    expect(await store.head()).toBe(0)
  })

  test('is found by what came later', async () => {
    await using opened = await aStore()
    const { store } = opened
    const about = { linkedTo: [aPeerRecord().id], linkType: 'about' }
    const near = { cells: ['871e8d7ffffffff'] }

    await store.receive([arriving(marked, { withheld: allMarks })])
    const before = [await store.count(about), await store.count(near)]
    await store.receive([arriving(marked)])

    expect(before).toEqual([0, 0])
    expect([await store.count(about), await store.count(near)]).toEqual([1, 1])
    expect(await store.get(marked.id)).toMatchObject({ record: marked })
    expect((await store.get(marked.id))?.withheld).toBeUndefined()
  })

  test('is judged by the schema of its type once the whole body is there', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    const fieldMarks = { '/body/name': 'TLP:RED', '/body/size': 'TLP:RED' } as const
    const wrong = aPeerRecord({
      type: 'hazards.report',
      handling: { tlp: 'TLP:GREEN', fieldMarks },
      body: { name: 7, size: 'large' },
    })

    const outcomes = await store.receive([
      arriving(wrong),
      arriving(wrong, { withheld: ['/body/name'] }),
      arriving(wrong, { withheld: ['/body/size'] }),
    ])

    expect(kinds(outcomes)).toEqual(['refused', 'accepted', 'refused'])
    expect(outcomes[2]).toMatchObject({
      reason: { code: 'record/invalid', issues: [{ rule: 'record/body' }, {}] },
    })
    expect(await store.get(wrong.id)).toMatchObject({ withheld: ['/body/name'] })
  })

  test('stays tightened when it is filled in', async () => {
    await using opened = await aStore()
    const { store } = opened
    await store.receive([arriving(marked, { withheld: allMarks })])
    await store.tighten(marked.id, { tlp: 'TLP:RED' })

    await store.receive([arriving(marked)])

    expect(await store.get(marked.id)).toMatchObject({ record: marked, effective: { tlp: 'TLP:RED' } })
  })
})

describe('a relay', () => {
  test('hands on what an origin wrote, unaltered: the leaf is the same at the third node', async () => {
    await using a = await aStore({ node: skopje })
    await using b = await aStore({ node: tirana })
    await using c = await aStore()
    const { handling, place, links, body } = marked
    const [written] = await a.store.append([aReport({ handling, place: place as never, links, body })])
    const record = written?.kind === 'appended' ? written.record : marked
    const own = await handedOn(a.store, record)

    await b.store.receive([{ parcel: own.parcel, via: skopje, proof: aProof(4) }])
    const relayed = await handedOn(b.store, record)
    await c.store.receive([{ parcel: relayed.parcel, via: tirana, proof: relayed.proof ?? aProof() }])
    const last = await handedOn(c.store, record)

    expect(own.proof).toBeUndefined()
    expect(relayed).toEqual({ leaf: own.leaf, parcel: own.parcel, via: skopje, proof: aProof(4) })
    expect(last).toEqual({ ...relayed, via: tirana })
    expect(await c.store.get(record.id)).toMatchObject({ record })
  })

  test('that withholds more leaves the leaf as it is, and hands on no more than it has', async () => {
    await using b = await aStore({ node: tirana })
    await using c = await aStore()
    await b.store.receive([arriving(marked, { withheld: ['/links/0'] })])
    const relayed = await handedOn(b.store, marked)

    const parcel = sent(narrow(relayed.parcel, ['/place', '/links/0']))
    await c.store.receive([{ parcel, via: tirana, proof: relayed.proof ?? aProof() }])
    const last = await handedOn(c.store, marked)

    expect(openParcel(last.parcel)).toMatchObject({
      record: withhold(marked, ['/links/0', '/place']),
      leaf: leafOf(marked, salt),
      withheld: ['/links/0', '/place'],
    })
  })

  test('keeps a checkpoint once, however many records stand under it', async () => {
    await using opened = await aStore()
    const arrivals = Array.from({ length: 20 }, (_, n) =>
      arriving(aPeerRecord({ key: `k${n}` }), {
        proof: { ...aProof(n), treeSize: 40, checkpoint: 'one note' },
      }),
    )
    await opened.store.receive(arrivals)

    const sql = connect(opened.url, { max: 1 })
    const [row] = await sql`select count(*)::int as notes from origin_note`
    await sql.end()

    expect(row?.['notes']).toBe(1)
  })
})
