import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clear,
  createRegistry,
  type Draft,
  exercise,
  type Handling,
  join,
  type Link,
  leq,
  type MosaicRecord,
  type NodeId,
  nodeId,
  plusMs,
  type ReleaseBody,
  recordId,
  recordRelease,
  wholeHandling,
} from '../record/index.ts'
import type { Appended, Store } from './contract.ts'
import { aPeerRecord, arriving, skopje } from './receive.test-support.ts'
import { aReport, aStore, atMainShock } from './store.test-support.ts'

const registry = createRegistry([recordRelease])
const here = nodeId('durres.example')
const tirana = nodeId('tirana.example')
const amber: Handling = { tlp: 'TLP:AMBER' }

const derivedFrom = ({ id, version }: MosaicRecord): Link => ({ type: 'derivedFrom', id, version })
const releasedBy = ({ id }: MosaicRecord): Link => ({ type: 'releasedBy', id })
const aWarning = (links: readonly Link[], parts: Partial<Draft> = {}): Draft =>
  aReport({ type: 'warn.warning', key: 'w', attribution: [], links, body: {}, ...parts })

const once = (records: readonly MosaicRecord[], as: Handling = clear): ReleaseBody => ({
  what: { kind: 'records', ids: records.map(({ id }) => id) },
  as,
})
const standing = (parts: object = {}, as: Handling = clear): ReleaseBody => ({
  what: { kind: 'standing', types: ['hazards.*'], upTo: 'TLP:AMBER', ...parts },
  as,
})
const releaseParts = (body: ReleaseBody) => ({
  type: 'record.release',
  key: JSON.stringify(body).slice(0, 500),
  valid: { from: atMainShock },
  links:
    body.what.kind === 'records'
      ? body.what.ids.map((id): Link => ({ type: 'releases', id, version: 1 }))
      : [],
  body,
})
const ownRelease = (body: ReleaseBody, parts: Partial<Draft> = {}): Draft =>
  aReport({
    producer: { kind: 'person', name: 'Ana Kola' },
    attribution: [],
    ...releaseParts(body),
    ...parts,
  })
const peerRelease = (body: ReleaseBody, parts: Partial<MosaicRecord> = {}): MosaicRecord =>
  aPeerRecord({ ...releaseParts(body), ...parts })

const recordIdAt = (origin: NodeId, body: ReleaseBody) =>
  recordId(origin, 'record.release', releaseParts(body).key, aReport().realm)

const one = ([outcome]: readonly Appended[]): Appended => outcome ?? { kind: 'held-back' }
async function written(store: Store, draft: Draft): Promise<MosaicRecord> {
  const outcome = one(await store.append([draft]))
  if (outcome.kind !== 'appended') throw new Error(JSON.stringify(outcome))
  return outcome.record
}
async function held(store: Store, record: MosaicRecord): Promise<MosaicRecord> {
  const [outcome] = await store.receive([arriving(record)])
  if (outcome?.kind !== 'accepted') throw new Error(JSON.stringify(outcome))
  return record
}
const notReleased = (origins: readonly NodeId[], inputs: readonly MosaicRecord[]) => ({
  kind: 'refused',
  reason: { code: 'handling/not-released', origins, inputs: inputs.map(({ id }) => id) },
})

describe("a warning is public while its evidence is amber only through a release by the evidence's origins", () => {
  const evidence = aPeerRecord({ handling: amber })

  test('once', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    await held(store, evidence)
    const release = await held(store, peerRelease(once([evidence])))

    const dark = await written(store, aWarning([derivedFrom(evidence)], { key: 'without a release' }))
    const warning = await written(store, aWarning([derivedFrom(evidence), releasedBy(release)]))

    expect(dark.handling).toEqual(amber)
    expect(warning).toMatchObject({ handling: clear, links: [derivedFrom(evidence), releasedBy(release)] })
  })

  test('or by standing rule', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    await held(store, evidence)
    const release = await held(store, peerRelease(standing()))

    expect(await written(store, aWarning([derivedFrom(evidence), releasedBy(release)]))).toMatchObject({
      handling: clear,
    })
  })

  test('and by nobody else', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    await held(store, evidence)
    const ours = await written(store, ownRelease(standing()))
    const third = await held(
      store,
      peerRelease(standing(), { origin: tirana, id: recordIdAt(tirana, standing()) }),
    )

    const outcomes = await store.append([
      aWarning([derivedFrom(evidence), releasedBy(ours)]),
      aWarning([derivedFrom(evidence), releasedBy(third)]),
    ])

    expect(outcomes).toEqual([notReleased([skopje], [evidence]), notReleased([skopje], [evidence])])
  })

  test('of each of them', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    const own = await written(store, aReport({ handling: { tlp: 'TLP:GREEN', audience: ['al'] } }))
    await held(store, evidence)
    const theirs = await held(store, peerRelease(standing()))
    const ours = await written(store, ownRelease(once([own])))
    const inputs = [derivedFrom(own), derivedFrom(evidence)]

    const half = one(await store.append([aWarning([...inputs, releasedBy(theirs)])]))
    const both = await written(store, aWarning([...inputs, releasedBy(theirs), releasedBy(ours)]))

    expect(half).toEqual(notReleased([here], [own]))
    expect(both.handling).toEqual(clear)
  })

  test('also where the evidence went through an event of our own', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    await held(store, evidence)
    const event = await written(
      store,
      aReport({ type: 'hazards.event', key: 'e', links: [derivedFrom(evidence)] }),
    )
    const ours = await written(store, ownRelease(standing()))
    const theirs = await held(store, peerRelease(once([evidence])))

    const byUs = one(await store.append([aWarning([derivedFrom(event), releasedBy(ours)])]))
    const byThem = await written(store, aWarning([derivedFrom(event), releasedBy(theirs)]))

    expect(byUs).toEqual(notReleased([skopje], [event]))
    expect(byThem.handling).toEqual(clear)
  })

  test('as far as the release goes, and no further', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    await held(store, evidence)
    const release = await held(store, peerRelease(standing({}, { tlp: 'TLP:GREEN', audience: ['al', 'mk'] })))

    const warning = await written(store, aWarning([derivedFrom(evidence), releasedBy(release)]))

    expect(warning.handling).toEqual({ tlp: 'TLP:GREEN', audience: ['al', 'mk'] })
  })
})

describe('a release lets nothing out', () => {
  const evidence = aPeerRecord({
    handling: amber,
    place: { areas: [{ scheme: 'ISO3166-1', code: 'MK' }] },
  })
  const areas = (code: string) => [{ scheme: 'ISO3166-1', code }]

  test.each<[string, ReleaseBody, Partial<MosaicRecord>]>([
    ['of another type', standing({ types: ['health.*', 'hazards.event'] }), {}],
    ['above its label', standing({ upTo: 'TLP:GREEN' }), {}],
    ['of another area', standing({ areas: areas('AL') }), {}],
    ['after its end', standing({ until: plusMs(atMainShock, -1) }), {}],
    ['before it is valid', standing(), { valid: { from: plusMs(atMainShock, 1) } }],
    [
      'after it was valid',
      standing(),
      { valid: { from: plusMs(atMainShock, -2), until: plusMs(atMainShock, -1) } },
    ],
    ['of another record', once([aPeerRecord({ key: 'other' })]), {}],
    ['of another version', once([evidence]), { links: [{ type: 'releases', id: evidence.id, version: 2 }] }],
    ['that it does not link', once([evidence]), { links: [] }],
    ['in another realm', standing(), { realm: exercise('durres-2019') }],
    ['by a body that is none', { what: 'all', as: clear } as never, { schemaVersion: 2 }],
    ['by a record of another type', standing(), { type: 'record.note' }],
  ])('%s', async (_, body, parts) => {
    await using opened = await aStore({ registry })
    const { store } = opened
    await held(store, evidence)
    const release = await held(store, peerRelease(body, parts))

    expect(one(await store.append([aWarning([derivedFrom(evidence), releasedBy(release)])]))).toEqual(
      notReleased([skopje], [evidence]),
    )
  })

  test('once a newer version of it, a recall or an erasure has ended it', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    await held(store, evidence)
    const narrowed = await held(store, peerRelease(standing(), { key: 'a' }))
    const recalled = await held(store, peerRelease(standing(), { key: 'b' }))
    const erased = await held(store, peerRelease(standing(), { key: 'c' }))
    const draft = (release: MosaicRecord) =>
      aWarning([derivedFrom(evidence), { ...releasedBy(release), version: 1 }], { key: release.id })
    const before = await store.append([narrowed, recalled, erased].map(draft))

    await held(store, peerRelease(standing({ upTo: 'TLP:GREEN' }), { key: 'a', version: 2 }))
    await held(
      store,
      aPeerRecord({ type: 'exchange.recall', key: 'r', links: [{ type: 'recalls', id: recalled.id }] }),
    )
    await store.erase([erased.id], { derived: false, reason: 'withdrawn' })
    const after = await store.append([narrowed, recalled, erased].map(draft))

    expect(before.map(({ kind }) => kind)).toEqual(['appended', 'appended', 'appended'])
    expect(after).toEqual(Array.from({ length: 3 }, () => notReleased([skopje], [evidence])))
  })

  test('of what was tightened beyond it since', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    await held(store, evidence)
    const release = await held(store, peerRelease(standing()))
    await store.tighten(evidence.id, { tlp: 'TLP:RED' })

    expect(one(await store.append([aWarning([derivedFrom(evidence), releasedBy(release)])]))).toEqual(
      notReleased([skopje], [evidence]),
    )
  })

  test('that a circle of records would let explain itself', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    const [a, b] = ['a', 'b'].map((key) => aPeerRecord({ key, handling: amber }))
    if (a === undefined || b === undefined) throw new Error('two records')
    await held(store, { ...a, links: [{ type: 'derivedFrom', id: b.id }] })
    await held(store, { ...b, links: [{ type: 'derivedFrom', id: a.id }] })
    const ours = await written(store, ownRelease(standing()))

    expect(one(await store.append([aWarning([derivedFrom(a), releasedBy(ours)])]))).toEqual(
      notReleased([skopje], [a]),
    )
  })

  test('and is itself derived from nothing, and links what it names', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    const own = await written(store, aReport({ handling: amber }))

    const outcomes = await store.append([
      ownRelease(standing(), { links: [derivedFrom(own)] }),
      ownRelease(once([own]), { links: [] }),
    ])

    expect(outcomes).toMatchObject([
      { kind: 'refused', reason: { issues: [{ rule: 'release/derived' }] } },
      { kind: 'refused', reason: { issues: [{ rule: 'release/unlinked' }] } },
    ])
  })
})

describe('a marked field', () => {
  const marked = aPeerRecord({
    handling: { tlp: 'TLP:GREEN', fieldMarks: { '/body/name': 'TLP:RED' } },
    body: { magnitude: 6.4, name: 'Ana Kola' },
  })

  test('binds the whole of what is derived, because nobody sees where it went', async () => {
    await using opened = await aStore()
    await held(opened.store, marked)

    expect(await written(opened.store, aWarning([derivedFrom(marked)]))).toMatchObject({
      handling: { tlp: 'TLP:RED' },
    })
  })

  test('that this node was not given binds nothing', async () => {
    await using opened = await aStore()
    await opened.store.receive([arriving(marked, { withheld: ['/body/name'] })])

    expect(await written(opened.store, aWarning([derivedFrom(marked)]))).toMatchObject({
      handling: { tlp: 'TLP:GREEN' },
    })
  })
})

/** A step of a random history: a record of some origin, derived from earlier ones, perhaps under releases. */
type Step = {
  readonly origin: number
  readonly handling: Handling
  readonly inputs: readonly number[]
  readonly releasing: readonly number[]
}
const handlings = fc.constantFrom<Handling>(
  clear,
  { tlp: 'TLP:GREEN' },
  amber,
  { tlp: 'TLP:CLEAR', audience: ['al', 'me', 'mk'] },
  { tlp: 'TLP:AMBER', audience: ['al', 'mk'], originatorControl: true },
)
const steps = fc.array(
  fc.record<Step>({
    origin: fc.nat({ max: 2 }),
    handling: handlings,
    inputs: fc.uniqueArray(fc.nat({ max: 20 }), { maxLength: 3 }),
    releasing: fc.uniqueArray(fc.nat({ max: 2 }), { maxLength: 3 }),
  }),
  { minLength: 3, maxLength: 14 },
)

test('no path leads down but a release by every origin, whatever is derived from whatever, wherever it came from', async () => {
  await using opened = await aStore({ registry })
  const { store } = opened
  const origins = [here, skopje, tirana]
  const releases = [
    await written(store, ownRelease(standing({ types: ['*'] }))),
    ...(await Promise.all(
      [skopje, tirana].map((origin) => {
        const body = standing({ types: ['*'] }, { tlp: 'TLP:GREEN' })
        return held(store, peerRelease(body, { origin, id: recordIdAt(origin, body) }))
      }),
    )),
  ]
  let round = 0

  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      round += 1
      const made: MosaicRecord[] = []
      for (const [n, { origin, handling, inputs, releasing }] of all.entries()) {
        const from = inputs.flatMap((at) => made[at % Math.max(made.length, 1)] ?? [])
        const links = from.map(derivedFrom)
        const key = `${round} ${n}`
        if (origin !== 0) {
          const bound = [handling, ...from.map((record) => record.handling)].reduce(join)
          const peer = origins[origin] ?? skopje
          made.push(await held(store, aPeerRecord({ origin: peer, key, links, handling: bound })))
          continue
        }
        const named = from.length === 0 ? [] : releasing.flatMap((at) => releases[at] ?? []).map(releasedBy)
        const draft = aReport({ type: 'hazards.event', key, handling, links: [...links, ...named] })
        const outcome = one(await store.append([draft]))
        if (outcome.kind !== 'appended') continue
        const { record } = outcome
        const freed = new Set(releasing.map((at) => origins[at]))
        for (const root of restrictedRoots(record, made))
          if (!freed.has(root.origin) || named.length === 0)
            expect(leq(wholeHandling(root.handling), record.handling)).toBe(true)
        made.push(record)
      }
    }),
    { numRuns: 40 },
  )
}, 60_000)

/** Told the slow way: what is stricter than its inputs together, or was let off by a release, and restricts. */
function restrictedRoots(record: MosaicRecord, made: readonly MosaicRecord[]): readonly MosaicRecord[] {
  return inputsOf(record, made).flatMap((input) => {
    const above = inputsOf(input, made).map(({ handling }) => handling)
    const isLetOff = input.links.some(({ type }) => type === 'releasedBy')
    if (isLetOff) return [input]
    const isOwn = !leq(input.handling, above.reduce(join, clear))
    return [...(isOwn ? [input] : []), ...restrictedRoots(input, made)]
  })
}

const inputsOf = ({ links }: MosaicRecord, made: readonly MosaicRecord[]): readonly MosaicRecord[] =>
  links.flatMap(({ type, id }) => (type === 'derivedFrom' ? made.filter((other) => other.id === id) : []))

describe('what an origin let out', () => {
  test('stays out when its evidence is tightened or taken back, and what another origin has in it does not', async () => {
    await using opened = await aStore({ registry })
    const { store } = opened
    const evidence = await written(store, aReport({ key: 'evidence', handling: amber }))
    const release = await written(store, ownRelease(standing()))
    const out = await written(store, aWarning([derivedFrom(evidence), releasedBy(release)]))
    const kept = await written(store, aWarning([derivedFrom(evidence)], { key: 'kept' }))
    const ofIt = await written(store, aWarning([derivedFrom(out)], { key: 'of what is out' }))

    expect((await store.tighten(evidence.id, { tlp: 'TLP:RED' })).map(({ id }) => id).sort()).toEqual(
      [evidence.id, kept.id].sort(),
    )
    await store.erase([evidence.id], { derived: true, reason: 'withdrawn' })

    expect(await store.get(kept.id)).toBeUndefined()
    expect((await store.get(out.id))?.record).toEqual(out)
    expect((await store.get(out.id))?.effective).toBeUndefined()
    expect((await store.get(ofIt.id))?.record).toEqual(ofIt)

    const foreign = await held(store, aPeerRecord({ key: 'theirs', handling: clear }))
    const both = await written(
      store,
      aWarning([derivedFrom(foreign), releasedBy(release)], { key: 'named, not theirs' }),
    )
    await store.tighten(foreign.id, amber)
    expect((await store.get(both.id))?.effective).toMatchObject({ tlp: 'TLP:AMBER' })
  })
})
