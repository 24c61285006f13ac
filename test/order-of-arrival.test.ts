import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Scenario } from '../engines/exercise/index.ts'
import { type EventBody, fuseReactor } from '../engines/fuse/index.ts'
import { dryRunPayload } from '../engines/ingest/index.ts'
import { actual, type Draft, type Held, instant, nodeId, SettableClock } from '../engines/record/index.ts'
import { openStore, settle } from '../engines/store/index.ts'
import { packs, regions, scenarioOf } from '../node.ts'
import { testDatabase } from './support/database.ts'

const node = nodeId('order.example')
const reactors = packs.flatMap(({ fusion }) => fusion.map((rule) => fuseReactor(rule, node)))
const types = packs.flatMap(({ fusion }) => fusion.map(({ writes }) => writes))

let reports: readonly Draft[] = []

/** Every report and revision that any source sent in the scenario, in the order in which they came. */
async function reportsOf(scenario: Scenario): Promise<readonly Draft[]> {
  const sources = packs.flatMap((pack) => pack.sources)
  const drafts: Draft[] = []
  for (const step of scenario.steps) {
    const source = sources.find(({ id }) => id === step.source)
    if (!source) throw new Error(`no source ${step.source}`)
    const bytes = await readFile(join(scenario.folder, step.payload))
    const payload = { bytes, mediaType: step.mediaType, receivedAt: instant(step.at) }
    drafts.push(...dryRunPayload({ source, payload, realm: actual }).drafts)
  }
  return drafts
}

/** What stands after these arrivals: who is with whom, and the figures; ids play no part. */
async function standing(arrivals: readonly Draft[]): Promise<readonly string[]> {
  await using database = await testDatabase()
  await using store = await openStore({
    url: database.url,
    node,
    clock: new SettableClock(instant('2019-11-26T00:00:00Z')),
  })
  for (const draft of arrivals) {
    await store.append([draft], { unlessEver: true })
    await settle({ store, reactors, realm: actual, retryAfterMs: [] })
  }
  expect(await store.quarantine.count()).toBe(0)
  const events = (await store.read({ types })) as readonly Held<EventBody>[]
  return events
    .filter(({ record }) => record.body.state === 'active')
    .map(({ record: { body } }) =>
      JSON.stringify([body.members.map(({ id }) => id).sort(), body.figures, body.preferred]),
    )
    .sort()
}

beforeAll(async () => {
  const see = regions['see']
  if (!see) throw new Error('the region is gone')
  reports = await reportsOf(await scenarioOf(see, 'durres-2019'))
})

describe('the reports of the Durrës earthquake', () => {
  test('give the same events in whatever order they arrive', { timeout: 600_000 }, async () => {
    const asItWas = await standing(reports)
    expect(asItWas).toHaveLength(9)

    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...reports], { minLength: reports.length }), async (arrivals) => {
        expect(await standing(arrivals)).toEqual(asItWas)
      }),
      { numRuns: process.env.MOSAIC_LONG ? 60 : 4 },
    )
  })
})
