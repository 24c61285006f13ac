/** Against a real store: who drafts, edits and issues, and what the store makes of it. */
import { beforeAll, describe, expect, test } from 'vitest'
import { openPlaces, type Places } from '../place/index.ts'
import { actual, type Draft, exercise, plusMs, type RecordId } from '../record/index.ts'
import { aReport, aStore, type TestStore } from '../store/store.test-support.ts'
import { aPlan, catalogues } from './builders.ts'
import type { ReportTemplate } from './contract.ts'
import { type DraftOrder, openReports, type ReportOutcome, type Reports } from './reports.ts'

const vera = { kind: 'person', name: 'Vera Hoxha', role: 'duty officer' } as const
const arben = { kind: 'person', name: 'Arben Leka' } as const

let places: Places
beforeAll(async () => {
  places = await openPlaces({
    ...{ id: 'nowhere', title: { en: 'Nowhere' }, countries: [], languages: ['en'], folder: '' },
    bounds: [0, 0, 1, 1],
  })
})

const template: ReportTemplate = {
  name: 'water.report',
  version: '1',
  title: { en: 'Water' },
  reads: ['water.event'],
  plan: ({ related }) => aPlan(related.length > 90 ? { countries: [] } : {}),
}

type Bench = TestStore & {
  readonly reports: Reports
  readonly subject: RecordId
  readonly draft: (more?: Partial<DraftOrder>) => Promise<ReportOutcome>
  readonly append: (parts: Partial<Draft>) => Promise<RecordId>
}

async function aBench(parts: Partial<Draft> = {}): Promise<Bench> {
  const opened = await aStore()
  const append = async (draft: Partial<Draft>) => {
    const [appended] = await opened.store.append([aReport(draft)])
    if (appended?.kind !== 'appended') throw new Error(JSON.stringify(appended))
    return appended.record.id
  }
  const reading = await append({ key: 'gauge', type: 'water.reading', ...parts })
  const subject = await append({
    ...{ key: 'event', type: 'water.event', attribution: [] },
    ...(parts.realm ? { realm: parts.realm } : {}),
    links: [{ type: 'derivedFrom', id: reading, version: 1 }],
    body: { level: 4 },
  })
  const reports = openReports({
    ...{ store: opened.store, clock: opened.clock, places, catalogues },
    templates: [template],
    publisher: { en: 'Water office' },
  })
  const draft = (more: Partial<DraftOrder> = {}) =>
    reports.draft({ subject, realm: actual, by: vera, languages: ['en', 'sq'], ...more })
  return { ...opened, reports, subject, draft, append }
}

const written = (outcome: ReportOutcome) => {
  if (outcome.kind === 'refused') throw new Error(JSON.stringify(outcome.reason))
  return outcome.report
}

describe('a report', () => {
  test('is drafted in every language asked for, with what is missing in English and marked', async () => {
    await using bench = await aBench()

    const { body } = written(await bench.draft())

    expect(body.texts['sq']?.title).toEqual({ text: 'Ujë i lartë: Ura e Zogut' })
    expect(body.texts['sq']?.sections[0]?.blocks[0]).toMatchObject({
      words: { text: 'Only in English: stays', language: 'en' },
    })
    expect(body.texts['en']?.sections[0]?.blocks[0]).toMatchObject({
      words: { text: 'Only in English: stays' },
    })
    expect(body.texts['en']?.sections[0]?.blocks[1]).toMatchObject({
      rows: [{ value: { text: '3.2–4.1\u00a0m' } }, { value: { text: '12,400' } }, {}],
    })
  })

  test('names every record and version that it rests on, and carries their credits', async () => {
    await using bench = await aBench()

    const report = written(await bench.draft())

    expect(report.body.rests.map(({ type, version }) => [type, version])).toEqual([
      ['water.reading', 1],
      ['water.event', 1],
    ])
    expect(report.links.filter(({ type }) => type === 'derivedFrom')).toHaveLength(2)
    expect(report.attribution.map(({ credit }) => credit)).toEqual(['U.S. Geological Survey'])
  })

  test('is for its own organisation until it is issued, and then handled as what it rests on', async () => {
    await using bench = await aBench()

    const drafted = written(await bench.draft())
    const issued = written(await bench.reports.act({ kind: 'issue', id: drafted.id, by: arben }))

    expect(drafted.handling.tlp).toBe('TLP:AMBER+STRICT')
    expect(issued.handling).toEqual({ tlp: 'TLP:CLEAR' })
    expect(issued.body.issued?.name).toBe('Arben Leka')
    expect(issued.producer).toMatchObject({ kind: 'person', name: 'Arben Leka' })
  })

  test('of restricted evidence is as restricted when it is issued', async () => {
    await using bench = await aBench({ handling: { tlp: 'TLP:RED', audience: ['durres.example'] } })

    const drafted = written(await bench.draft())
    const issued = written(await bench.reports.act({ kind: 'issue', id: drafted.id, by: vera }))

    expect(issued.handling).toMatchObject({ tlp: 'TLP:RED', audience: ['durres.example'] })
  })

  test('leaves out what is handled more strictly than its subject, and tells who drafts', async () => {
    await using bench = await aBench()
    await bench.append({
      ...{ key: 'secret', type: 'water.note', handling: { tlp: 'TLP:RED' } },
      links: [{ type: 'about', id: bench.subject }],
    })

    const outcome = await bench.draft()

    expect(outcome).toMatchObject({ leftOut: { restricted: 1, beyond: 0 } })
    expect(written(outcome).body.rests.map(({ type }) => type)).not.toContain('water.note')
  })

  test('once issued is frozen; the next edition supersedes it', async () => {
    await using bench = await aBench()
    const first = written(await bench.draft())
    const issued = written(await bench.reports.act({ kind: 'issue', id: first.id, by: vera }))

    const late = await bench.reports.act({
      ...{ kind: 'edit', id: first.id, by: arben, language: 'en', block: 'title', text: 'Other' },
    })
    const second = written(await bench.draft())

    expect(late).toEqual({ kind: 'refused', reason: { code: 'report/frozen', edition: 1 } })
    expect(second.body.edition).toBe(2)
    expect(second.links).toContainEqual({ type: 'supersedes', id: first.id, version: issued.version })
  })

  test('of one subject has one open edition, which is drafted anew only when that is said', async () => {
    await using bench = await aBench()
    const first = written(await bench.draft())

    const again = await bench.draft()
    bench.clock.set(plusMs(bench.clock.now(), 60_000))
    const anew = written(await bench.draft({ anew: true }))

    expect(again).toMatchObject({ reason: { code: 'report/still-open', id: first.id, version: 1 } })
    expect(anew).toMatchObject({ id: first.id, version: 2, body: { edition: 1, state: 'draft' } })
  })

  test('is not written over by who saw an older version, however near two people come', async () => {
    await using bench = await aBench()
    const drafted = written(await bench.draft())
    const write = (text: string) =>
      bench.reports.act({
        ...{ kind: 'edit' as const, id: drafted.id, version: 1, by: arben },
        ...{ language: 'en', block: 'title', text },
      })

    const outcomes = await Promise.all([write('One'), write('Two'), write('Three')])

    expect(outcomes.filter(({ kind }) => kind === 'written')).toHaveLength(1)
    expect(
      outcomes.filter((one) => one.kind === 'refused' && one.reason.code === 'report/stale'),
    ).toHaveLength(2)
  })

  test('tells what was known at an instant, and nothing that came later', async () => {
    await using bench = await aBench()
    const then = bench.clock.now()
    bench.clock.set(plusMs(then, 3_600_000))
    await bench.append({
      ...{ key: 'later', type: 'water.note', links: [{ type: 'about', id: bench.subject }] },
    })

    const { body } = written(await bench.draft({ knownAt: then }))

    expect(body.asOf).toBe(then)
    expect(body.rests).toHaveLength(2)
  })

  test('of an exercise says so before anything else, in every language', async () => {
    const realm = exercise('high-water')
    await using bench = await aBench({ realm })

    const { body } = written(await bench.draft({ realm }))

    expect(body.texts['en']?.banner?.text).toBe('EXERCISE (high-water). This is an exercise.')
    expect(body.texts['sq']?.banner).toMatchObject({ language: 'en' })
  })

  test.each([
    ['an unknown id', { subject: 'f'.repeat(40) as RecordId }, 'report/no-subject'],
    ['another realm', { realm: exercise('other') }, 'report/no-subject'],
    ['a template that is not there', { template: 'none' }, 'report/no-template'],
  ])('of %s is refused with a reason', async (_, order, code) => {
    await using bench = await aBench()

    expect(await bench.draft(order)).toMatchObject({ kind: 'refused', reason: { code } })
  })
})
