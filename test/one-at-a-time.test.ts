/**
 * Whoever runs the reactors, and however often they are interrupted: the records are those of one undisturbed run. Not
 * only the last versions, every version: each one more would be one more revision on somebody's screen, and may be one
 * more message to the public.
 */
import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { assessReactor } from '../engines/assess/index.ts'
import { fuseReactor } from '../engines/fuse/index.ts'
import { dryRunPayload } from '../engines/ingest/index.ts'
import { openPlaces } from '../engines/place/index.ts'
import { canonical, type Draft, instant, nodeId, SettableClock, testRealm } from '../engines/record/index.ts'
import {
  type OpenStore,
  openStore,
  type Reactor,
  type ReactorRun,
  runReactors,
  type Store,
  settle,
} from '../engines/store/index.ts'
import { type IssueRule, issueReactor, proposeReactor, warnCountriesOf } from '../engines/warn/index.ts'
import { regions, scenarioOf } from '../node.ts'
import { hazards } from '../packs/hazards/pack.ts'
import { testDatabase } from './support/database.ts'

const node = nodeId('order.example')
const identity = { node, incarnation: 'one' }
const rule: IssueRule = {
  id: 'all',
  realm: 'test',
  countries: '*',
  mandate: { kind: 'advice' },
  sender: 'order.example',
  senderName: { en: 'A node under test' },
}

let reports: readonly Draft[] = []
let reactors: readonly Reactor[] = []
let undisturbed: readonly string[] = []

/** A store, and how to open another beside it as a second process does. */
async function aDatabase() {
  const database = await testDatabase()
  const stores: OpenStore[] = []
  return {
    async open(): Promise<OpenStore> {
      const clock = new SettableClock(instant('2019-11-26T06:00:00Z'))
      const store = await openStore({ url: database.url, node, clock, incarnation: 'one' })
      stores.push(store)
      return store
    },
    async [Symbol.asyncDispose]() {
      for (const store of stores) await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

const running = (store: Store): ReactorRun => ({ store, reactors, realm: testRealm, retryAfterMs: [] })

async function contents(store: Store): Promise<readonly string[]> {
  expect(await store.quarantine.count()).toBe(0)
  const held = await store.read({ versions: 'all' })
  return held
    .map(
      ({ record }) =>
        `${record.type} ${record.key}@${record.version} ${hash('sha256', canonical(record)).slice(0, 12)}`,
    )
    .sort()
}

async function untilQuiet(store: Store): Promise<void> {
  for (let head = -2, quiet = 0; quiet < 4; await sleep(250)) {
    const now = await store.head()
    quiet = now === head ? quiet + 1 : 0
    head = now
  }
}

beforeAll(async () => {
  const see = regions['see']
  if (!see) throw new Error('the region is gone')
  const places = await openPlaces(see)
  reactors = [
    ...hazards.fusion.map((one) => fuseReactor(one, node)),
    ...hazards.assessors.map((one) => assessReactor(one, { places }, node)),
    ...hazards.warnings.map((one) => proposeReactor(one)),
    issueReactor({
      rules: [rule],
      catalogues: hazards.catalogues,
      countries: warnCountriesOf(places),
      identity,
    }),
  ]
  const scenario = await scenarioOf(see, 'durres-2019')
  const drafts: Draft[] = []
  for (const step of scenario.steps) {
    const source = hazards.sources.find(({ id }) => id === step.source)
    if (!source) throw new Error(`no source ${step.source}`)
    const bytes = await readFile(join(scenario.folder, step.payload))
    const payload = { bytes, mediaType: step.mediaType, receivedAt: instant(step.at) }
    drafts.push(...dryRunPayload({ source, payload, realm: testRealm }).drafts)
  }
  reports = drafts

  await using database = await aDatabase()
  const store = await database.open()
  await store.append(reports, { unlessEver: true })
  await settle(running(store))
  undisturbed = await contents(store)
  expect(undisturbed.filter((line) => line.startsWith('warn.warning')).length).toBeGreaterThan(3)
}, 120_000)

describe('the records of a night', () => {
  test(
    'are the same when the node dies again and again among the reports of one payload',
    {
      timeout: 240_000,
    },
    async () => {
      await using database = await aDatabase()
      const store = await database.open()
      await store.append(reports, { unlessEver: true })
      const dead = new Error('killed')
      for (let dies = 1; dies < 400; dies += 3) {
        let left = dies % 7
        const orDie = async <Result>(act: () => Promise<Result>): Promise<Result> => {
          left -= 1
          if (left === 0 && dies % 2 === 0) throw dead
          const result = await act()
          if (left <= 0) throw dead
          return result
        }
        const mortal: Store = {
          ...store,
          append: (drafts, options) => orDie(() => store.append(drafts, options)),
          checkpoints: { ...store.checkpoints, move: (turn) => orDie(() => store.checkpoints.move(turn)) },
          quarantine: { ...store.quarantine, hold: () => Promise.reject(dead) },
        }
        const ended = await settle(running(mortal)).then(
          () => true,
          (error: unknown) => {
            if (error !== dead) throw error
            return false
          },
        )
        if (ended) break
      }
      await settle(running(store))

      expect(await contents(store)).toEqual(undisturbed)
    },
  )

  test(
    'are the same when two processes run the reactors over one database',
    {
      timeout: 120_000,
    },
    async () => {
      await using database = await aDatabase()
      const [one, two] = [await database.open(), await database.open()]
      const stop = new AbortController()
      const live = [runReactors(running(one), stop.signal), runReactors(running(two), stop.signal)]
      await one.append(reports, { unlessEver: true })
      await settle(running(two))
      await untilQuiet(one)
      stop.abort()
      await Promise.all(live)

      expect(await contents(one)).toEqual(undisturbed)
    },
  )

  test(
    'are the same live, with reports that drop in while the reactors run, as in a replay',
    {
      timeout: 120_000,
    },
    async () => {
      await using database = await aDatabase()
      const store = await database.open()
      const stop = new AbortController()
      const live = runReactors(running(store), stop.signal)
      for (const report of reports) {
        await store.append([report], { unlessEver: true })
        if (Math.random() < 0.4) await sleep(Math.random() * 120)
      }
      await untilQuiet(store)
      stop.abort()
      await live

      expect(await contents(store)).toEqual(undisturbed)
    },
  )
})
