/**
 * Warnings between whole nodes: real reports of an earthquake, fused, assessed and issued by the node of one country, and
 * read on the nodes of others as their pages read them. Two checks of the hazards centre stand here by their own words;
 * delivery to a duty officer and in his language is not of this test.
 */
import { describe, expect, test } from 'vitest'
import { actual, type Draft, type Instant, plusMs } from '../../engines/record/index.ts'
import type { IssueRule } from '../../engines/warn/index.ts'
import type { WarningDetail, WarningSummary } from '../../server/schemas/index.ts'
import { faultyLink } from '../support/faulty-link.ts'
import { type Bell, createBell } from './bell.ts'
import { noon, welcome } from './region.test-support.ts'
import { aWholeNode, type WholeNode } from './whole-node.test-support.ts'

const hourMs = 3_600_000

const albaniaWarns: IssueRule = {
  id: 'albania-warns',
  realm: 'actual',
  countries: ['AL'],
  mandate: { kind: 'authority', of: ['AL'], text: 'Law 45/2019 on civil protection' },
  sender: 'warnings@durres.example',
  senderName: { en: 'Civil protection' },
}

const aShock = (eventId: string, time: Instant, magnitude: number): Draft => ({
  type: 'hazards.observation',
  key: `emsc:${eventId}`,
  realm: actual,
  producer: { kind: 'source', name: 'emsc-earthquakes' },
  attribution: [{ source: 'emsc', licence: 'CC-BY-4.0', credit: 'EMSC' }],
  valid: { from: time, until: time },
  place: { geometry: { type: 'Point', coordinates: [19.45, 41.32] } },
  body: {
    kind: 'earthquake',
    source: 'emsc-earthquakes',
    agency: 'EMSC',
    eventId,
    ids: [eventId],
    origin: { time, latitude: 41.32, longitude: 19.45, depth: 10_000 },
    magnitude: { mag: magnitude, type: 'mw' },
    eventType: 'earthquake',
    evaluationMode: 'automatic',
    evaluationStatus: 'preliminary',
    updated: time,
  },
})

async function tellOf(at: WholeNode, draft: Draft): Promise<void> {
  const [outcome] = await at.node().store.append([draft])
  if (outcome?.kind !== 'appended') throw new Error(JSON.stringify(outcome))
}

async function warningsAt(at: WholeNode): Promise<readonly WarningSummary[]> {
  const { items } = await at.ask<{ readonly items: readonly WarningSummary[] }>('/warnings?limit=50')
  return items
}

/** Warnings alone; what they were derived from stays at home. */
const terms = { gives: [{ types: ['warn.warning'], upTo: 'TLP:GREEN' }] } as const

type Three = {
  readonly durres: WholeNode
  readonly skopje: WholeNode
  readonly podgorica: WholeNode
  readonly until: Bell['until']
}

/** Durrës gives its warnings to both; all are peers of each other, over lines of some delay. */
async function inThree(act: (nodes: Three) => Promise<void>): Promise<void> {
  const bell = createBell()
  await using durres = await aWholeNode('durres.example', bell.ring, [albaniaWarns])
  await using skopje = await aWholeNode('skopje.example', bell.ring)
  await using podgorica = await aWholeNode('podgorica.example', bell.ring)
  await using lines = new AsyncDisposableStack()
  for (const from of [durres, skopje, podgorica])
    for (const to of [durres, skopje, podgorica].filter((node) => node !== from)) {
      const line = lines.use(await faultyLink(to.url, { delayMs: 50 }))
      await welcome((await from.node().trust()).exchange, line.url, terms)
    }
  await act({ durres, skopje, podgorica, until: bell.until })
}

const states = async (at: WholeNode) =>
  (await warningsAt(at)).map(({ country, status, inForce, onset }) => ({ country, status, inForce, onset }))

const passTo = (at: Instant, nodes: Omit<Three, 'until'>) => {
  for (const node of Object.values(nodes)) node.clock.set(at)
}

describe('the nodes of three countries', () => {
  test(
    'a node that was offline receives the missed, still valid warnings on return and shows expired ones as expired',
    () =>
      inThree(async ({ until, ...nodes }) => {
        const { durres, skopje, podgorica } = nodes
        await podgorica.away()
        await tellOf(durres, aShock('of the first day', noon, 6.4))
        await until('the first warning is in Skopje', async () => (await warningsAt(skopje)).length === 1)
        const secondDay = plusMs(noon, 20 * hourMs)
        passTo(secondDay, nodes)
        await tellOf(durres, aShock('of the second day', secondDay, 5.9))
        await until('the second warning is in Skopje', async () => (await warningsAt(skopje)).length === 2)
        await durres.away()
        const now = plusMs(noon, 30 * hourMs)
        passTo(now, nodes)

        await podgorica.back()
        await until('both are in Podgorica', async () => (await warningsAt(podgorica)).length === 2)

        const shown = await states(podgorica)
        expect(shown).toEqual([
          { country: 'AL', status: 'Actual', inForce: true, onset: secondDay },
          { country: 'AL', status: 'Actual', inForce: false, onset: noon },
        ])
        const [held] = await podgorica.node().store.read({ types: ['warn.warning'] })
        const [source] = held ? await podgorica.node().store.provenance([held.record]) : []
        expect([held?.record.origin, source?.via]).toEqual(['durres.example', 'skopje.example'])
        const xml = await fetch(`${podgorica.url}/api/v1/warnings/${held?.record.id}.xml`)
        expect(await xml.text()).toContain('<status>Actual</status>')
      }),
    60_000,
  )

  test(
    'a warning issued in one country stands on the nodes of its neighbours within seconds, with area, severity, certainty and expiry',
    () =>
      inThree(async ({ durres, skopje, podgorica, until }) => {
        const told = performance.now()
        await tellOf(durres, aShock('now', noon, 6.4))
        for (const at of [skopje, podgorica])
          await until(`it is in ${at.name}`, async () => (await warningsAt(at)).length === 1)
        const tookMs = performance.now() - told

        expect(tookMs).toBeLessThan(60_000)
        const [own] = await warningsAt(durres)
        for (const at of [skopje, podgorica]) {
          const [{ id } = { id: '' }] = await warningsAt(at)
          const there = await at.ask<WarningDetail>(`/warnings/${id}`)
          const here = await durres.ask<WarningDetail>(`/warnings/${own?.id}`)
          expect(there).toMatchObject({
            severity: here.severity,
            certainty: here.certainty,
            expires: here.expires,
            inForce: true,
          })
          expect(there.areas).toEqual(here.areas)
          expect(there.areas[0]?.polygons.length).toBeGreaterThan(0)
          expect(there.headline['sq']).toContain('6,4')
        }
      }),
    60_000,
  )
})
