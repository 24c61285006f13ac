/** A warning that rests on a neighbour's restricted report, from report to warning, over two real stores. */
import { describe, expect, it } from 'vitest'
import { assessReactor } from '../assess/index.ts'
import { type FusionRule, fuseReactor } from '../fuse/index.ts'
import {
  actual,
  clear,
  createRegistry,
  type Draft,
  type Handling,
  type Held,
  type MosaicRecord,
  nodeId,
  plusMs,
  type ReleaseBody,
  recordRelease,
} from '../record/index.ts'
import { type Store, settle } from '../store/index.ts'
import { aProof } from '../store/receive.test-support.ts'
import { aStore } from '../store/store.test-support.ts'
import { aProposal, aRule, hour, origin, someSettings, start } from './builders.ts'
import type { ProposalBody, WarningRule } from './contract.ts'
import { issueWarning } from './decide.ts'
import { issueReactor } from './issue.ts'
import type { IssueRule } from './mandate.ts'
import { proposeReactor } from './propose.ts'
import { type WarningBody, warnRecords } from './records.ts'

const registry = createRegistry([...warnRecords, recordRelease])
const skopje = nodeId('skopje.example')
const amber: Handling = { tlp: 'TLP:AMBER' }
const approver = { kind: 'person', name: 'Besa Hoxha' } as const

type Gauge = { readonly agency: string; readonly level: number }

const sameWater: FusionRule<Gauge> = {
  name: 'test.water',
  version: '1',
  reads: ['test.gauge'],
  writes: 'test.event',
  applies: () => true,
  revisedAt: ({ level }) => level,
  hardLinks: () => [],
  agency: ({ agency }) => agency,
  windowMs: hour,
  match: () => ({ score: 1, reasons: [] }),
  marks: { merge: 0.8, ask: 0.4 },
  summarise: (members) => {
    const [first] = [...members].sort((a, b) => b.record.body.level - a.record.body.level)
    if (first === undefined) throw new Error('no members')
    return { valid: first.record.valid, place: {}, preferred: first.record.id, figures: first.record.body }
  },
}

const waterRule: WarningRule<Gauge> = {
  name: 'test.flood',
  version: '1',
  reads: 'test.impact',
  propose: ({ record: { body, links } }) => [
    {
      valid: { from: start, until: plusMs(start, 24 * hour) },
      body: aProposal({
        event: links.find(({ type }) => type === 'about')?.id ?? aProposal().event,
        material: [{ name: 'level', value: body.level, tolerance: 0.3 }],
        args: { ...aProposal().args, level: body.level },
      }),
    },
  ],
}

const aGauge = (parts: Partial<Draft<Gauge>> = {}): Draft<Gauge> => ({
  type: 'test.gauge',
  key: 'vardar',
  realm: actual,
  producer: { kind: 'source', name: 'gauges' },
  valid: { from: start },
  handling: amber,
  body: { agency: 'hydromet', level: 3.2 },
  ...parts,
})

/** The neighbour that holds the evidence (`there`), and the node that warns. */
async function aBorder(rule: Partial<IssueRule> = {}) {
  const stack = new AsyncDisposableStack()
  const here = stack.use(await aStore({ registry, node: origin }))
  const there = stack.use(await aStore({ registry, node: skopje }))
  const { store, clock } = here
  const failures: unknown[] = []
  const reactors = [
    fuseReactor(sameWater, origin),
    assessReactor(
      {
        name: 'test.impact',
        version: '1',
        reads: 'test.event',
        writes: 'test.impact',
        assess: async ({ record: { valid, body } }) => ({ valid, body: body.figures as Gauge }),
      },
      {},
      origin,
    ),
    proposeReactor(waterRule),
    issueReactor(someSettings({ rules: [aRule(rule)], identity: store.identity })),
  ]
  const run = (some = reactors) =>
    settle({
      ...{ store, reactors: some, realm: actual, retryAfterMs: [] },
      onFailure: ({ error }) => failures.push(error),
    })
  const at = (minutes: number) => {
    for (const one of [here, there]) one.clock.set(plusMs(start, minutes * 60_000))
  }
  return {
    ...{ store, there: there.store, clock, reactors, run, at, failures },
    /** The neighbour writes it, and it comes over the border. */
    comes: async (draft: Draft, digest = run) => {
      const record = await written(there.store, draft)
      const [source] = await there.store.provenance([record])
      if (source === undefined) throw new Error('not in the log')
      await store.receive([{ parcel: source.parcel, via: skopje, proof: aProof() }])
      await digest()
      return record
    },
    writes: async (draft: Draft) => {
      const record = await written(store, draft)
      await run()
      return record
    },
    warnings: async () =>
      (await store.read({ types: ['warn.warning'], versions: 'all' })) as readonly Held<WarningBody>[],
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

async function written(store: Store, draft: Draft): Promise<MosaicRecord> {
  const [outcome] = await store.append([draft])
  if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
  return outcome.record
}

function aRelease(body: ReleaseBody, parts: Partial<Draft> = {}): Draft {
  const ids = body.what.kind === 'records' ? body.what.ids : []
  return {
    type: 'record.release',
    key: 'flood release',
    realm: actual,
    producer: approver,
    valid: { from: start },
    links: ids.map((id) => ({ type: 'releases', id })),
    body,
    ...parts,
  }
}
const once = ({ id }: MosaicRecord): ReleaseBody => ({ what: { kind: 'records', ids: [id] }, as: clear })
const standing: ReleaseBody = {
  what: { kind: 'standing', types: ['test.gauge'], upTo: 'TLP:AMBER' },
  as: clear,
}

const said = (all: readonly Held<WarningBody>[]) =>
  all.map(({ record: { body, handling } }) => `${body.msgType} ${body.scope} ${handling.tlp}`)

async function newest(store: Store, type: string): Promise<MosaicRecord> {
  const [held] = await store.read({ types: [type], order: '-index' })
  if (held === undefined) throw new Error(`no ${type}`)
  return held.record
}

describe("a warning is public while its evidence is amber only through a release by the evidence's origins, once or by standing rule; no other path leads down", () => {
  it('once: restricted before the release, and the chain goes on in public when it comes', async () => {
    await using border = await aBorder()
    const gauge = await border.comes(aGauge())
    const before = said(await border.warnings())
    border.at(7)

    const release = await border.comes(aRelease(once(gauge)))

    const [alert, update] = await border.warnings()
    expect(before).toEqual(['Alert Restricted TLP:AMBER'])
    expect(said(await border.warnings())).toEqual(['Alert Restricted TLP:AMBER', 'Update Public TLP:CLEAR'])
    expect(update?.record.links).toContainEqual({ type: 'releasedBy', id: release.id })
    expect(update?.record.body.references.map(({ identifier }) => identifier)).toEqual([
      alert?.record.body.identifier,
    ])
    expect(update?.record.body.sent).toBe(plusMs(start, 7 * 60_000))
    expect((await newest(border.store, 'warn.proposal')).handling).toEqual(amber)
    expect(border.failures).toEqual([])
  })

  it('by standing rule: public from the first message on', async () => {
    await using border = await aBorder()
    await border.comes(aRelease(standing))

    await border.comes(aGauge())

    expect(said(await border.warnings())).toEqual(['Alert Public TLP:CLEAR'])
  })

  it("not by a release of this node's own of what it derived, which the store refuses", async () => {
    await using border = await aBorder()
    await border.comes(aGauge())
    const event = await newest(border.store, 'test.event')
    const proposal = await newest(border.store, 'warn.proposal')
    border.at(1)

    const own = await border.writes(aRelease(once(event)))
    const [forced] = await border.store.append([
      {
        ...aGauge({ type: 'test.note', key: 'by force', handling: clear }),
        links: [
          { type: 'derivedFrom', id: proposal.id },
          { type: 'releasedBy', id: own.id },
        ],
      },
    ])

    expect(said(await border.warnings())).toEqual(['Alert Restricted TLP:AMBER'])
    expect(forced).toMatchObject({
      kind: 'refused',
      reason: { code: 'handling/not-released', origins: [skopje] },
    })
  })

  it('of every origin: with evidence of our own beside it, both must', async () => {
    await using border = await aBorder()
    const gauge = await border.comes(aGauge())
    const own = await border.writes(aGauge({ key: 'drin', body: { agency: 'ihm', level: 3.9 } }))

    border.at(1)
    await border.comes(aRelease(once(gauge)))
    const half = said(await border.warnings())
    border.at(2)
    await border.writes(aRelease(once(own)))

    expect(half).toEqual(['Alert Restricted TLP:AMBER', 'Update Restricted TLP:AMBER'])
    expect(said(await border.warnings()).at(-1)).toBe('Update Public TLP:CLEAR')
  })

  it('as far as the release goes', async () => {
    await using border = await aBorder()
    await border.comes(aRelease({ ...standing, as: { tlp: 'TLP:GREEN' } }))

    await border.comes(aGauge())

    expect(said(await border.warnings())).toEqual(['Alert Restricted TLP:GREEN'])
  })
})

describe('a release that ended', () => {
  it('binds what is derived later: once recalled, the next message is restricted again', async () => {
    await using border = await aBorder()
    const release = await border.comes(aRelease(standing))
    await border.comes(aGauge())
    border.at(5)
    await border.comes({
      ...aGauge({ type: 'exchange.recall', key: 'r', handling: clear }),
      links: [{ type: 'recalls', id: release.id }],
    })

    await border.comes(aGauge({ body: { agency: 'hydromet', level: 4.4 } }))

    expect(said(await border.warnings())).toEqual(['Alert Public TLP:CLEAR', 'Update Restricted TLP:AMBER'])
  })

  it('just before the message goes out loses no warning: it goes out restricted', async () => {
    await using border = await aBorder()
    await border.comes(aRelease(standing, { valid: { from: start, until: plusMs(start, 60_000) } }))
    await border.comes(aGauge(), () => border.run(border.reactors.slice(0, -1)))

    border.at(2)
    await border.run()

    expect(said(await border.warnings())).toEqual(['Alert Restricted TLP:AMBER'])
    expect(border.failures).toEqual([])
  })
})

describe('the same releases', () => {
  it('give the same messages after a crash that lost every checkpoint', async () => {
    await using border = await aBorder()
    const gauge = await border.comes(aGauge())
    border.at(3)
    await border.comes(aRelease(once(gauge)))
    const before = await border.store.read({ versions: 'all' })

    for (const { reactor } of await border.store.checkpoints.all())
      await border.store.checkpoints.set(reactor, -1)
    await border.run()

    expect(await border.store.read({ versions: 'all' })).toEqual(before)
  })

  it('leave to people what people issue: a person sends the same version again, in public', async () => {
    await using border = await aBorder({ issues: 'by-person' })
    const gauge = await border.comes(aGauge())
    const { id } = (await newest(border.store, 'warn.proposal')) as MosaicRecord<ProposalBody>
    await issueWarning(border.store, id, approver)
    await border.run()
    border.at(3)
    await border.comes(aRelease(once(gauge)))
    const byItself = said(await border.warnings())

    border.at(4)
    await issueWarning(border.store, id, approver)
    await border.run()

    expect(byItself).toEqual(['Alert Restricted TLP:AMBER'])
    expect(said(await border.warnings())).toEqual(['Alert Restricted TLP:AMBER', 'Update Public TLP:CLEAR'])
  })
})

it('no rule of this node speaks on what a peer assessed; a person may', async () => {
  await using border = await aBorder()

  await border.comes(aGauge({ type: 'test.impact', key: 'theirs', handling: clear }))
  const byItself = said(await border.warnings())
  await issueWarning(border.store, (await newest(border.store, 'warn.proposal')).id, approver)
  await border.run()

  expect(byItself).toEqual([])
  expect(said(await border.warnings())).toEqual(['Alert Public TLP:CLEAR'])
})
