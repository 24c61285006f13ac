/**
 * Non-interference (Goguen and Meseguer 1982), by trying: two nodes that differ in nothing but records which the asker may
 * not see answer every question alike: bodies, headers, order, pages, counts, errors, the stream, and the number of
 * looks into the database. Opaque tokens and the node's incarnation are random, so they are compared by their length.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Draft, exercise, type Held, plusMs, type Realm } from '../engines/record/index.ts'
import { settle } from '../engines/store/index.ts'
import { aTwin, begins, hiddenLike, movedTo, type Twin, theScenario } from './leak.test-support.ts'
import { append, askers, fill } from './leak-ground.test-support.ts'
import { type Ground, isPageFile, isSignIn, leakTable } from './leak-table.test-support.ts'
import { listen, told } from './leak-told.test-support.ts'

let bank: readonly Held[] = []
beforeAll(async () => {
  bank = await theScenario()
})

describe.each(askers)('to a $name', (asker) => {
  let seen: Twin
  let all: Twin
  const next = counter()
  beforeAll(async () => {
    ;[seen, all] = await Promise.all([aTwin(asker), aTwin(asker)])
  })
  afterAll(async () => {
    await seen[Symbol.asyncDispose]()
    await all[Symbol.asyncDispose]()
  })

  test('nothing that the node says differs because of a record that he may not see', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const ground = await fill(seen, all, { asker, bank, seed, run: next() })
        for (const [route, line] of Object.entries(leakTable)) {
          if (line.kind === 'exempt') continue
          if (line.kind === 'stream') await compareStreams(seen, all, ground)
          else
            for (const path of line.probes(ground)) {
              const answer = await told(all, path, line.kind)
              expect([route, path, answer]).toEqual([route, path, await told(seen, path, line.kind)])
              if (!ground.secrets.some((word) => path.includes(word)))
                for (const word of ground.secrets) expect(JSON.stringify(answer)).not.toContain(word)
            }
        }
      }),
      { numRuns: 2, endOnFailure: true },
    )
  }, 240_000)

  test('what comes while he listens comes as if nothing else had', async () => {
    const realm = exercise(`live-${asker.name}`)
    const drafts = movedTo(realm, bank).slice(0, 6)
    const [one, other] = [
      listen(seen, `realm=${realm}`, drafts.length),
      listen(all, `realm=${realm}`, drafts.length),
    ]
    await Promise.all([one.began, other.began])

    for (const [at, draft] of drafts.entries()) {
      await append(all, hiddenLike(draft, at, { handling: { tlp: 'TLP:RED' }, linkTo: [] }))
      for (const twin of [seen, all]) await append(twin, draft)
    }

    expect(await other.heard).toEqual(await one.heard)
  })

  test('what is derived of restricted reports leaves what he sees as it is', async () => {
    const realm = exercise(`derived-${asker.name}`)
    const reports = movedTo(realm, bank)
      .filter(({ type }) => type === 'hazards.observation')
      .slice(0, 8)
    for (const [at, report] of reports.entries()) {
      for (const twin of [seen, all]) twin.clock.set(plusMs(begins, 50 * 86_400_000 + at * 60_000))
      const beside = { handling: { tlp: 'TLP:AMBER' } as const, linkTo: [] }
      await append(all, hiddenLike(report, 2 * at, beside))
      await react(all, realm)
      for (const twin of [seen, all]) await append(twin, report)
      for (const twin of [seen, all]) await react(twin, realm)
      await append(all, hiddenLike(report, 2 * at + 1, beside))
      await react(all, realm)
    }

    const paths = [`/api/v1/events?realm=${realm}&limit=3`, `/api/v1/records?realm=${realm}&limit=9`]
    for (const path of paths)
      expect(await told(all, path, 'walked')).toEqual(await told(seen, path, 'walked'))
    const events = await seen.node.store.read({ realm, types: ['hazards.event'] })
    expect(events.length).toBeGreaterThan(1)
    expect(await all.node.store.count({ realm, types: ['hazards.event'] })).toBeGreaterThan(events.length)
    for (const { record } of events)
      for (const path of [`/api/v1/events/${record.id}?realm=${realm}`, `/api/v1/records/${record.id}`])
        expect(await told(all, path, 'asked')).toEqual(await told(seen, path, 'asked'))
  })

  test('a way out that lets something through is found', async () => {
    const leaky = await aTwin(asker, (app, { store }) => {
      app.get('/api/v1/leak', async () => ({ records: await store.count({}) }))
    })
    const before = await told(leaky, '/api/v1/leak', 'asked')
    await append(
      leaky,
      hiddenLike(movedTo('test' as Realm, bank)[0] as Draft, 0, { handling: { tlp: 'TLP:RED' }, linkTo: [] }),
    )

    expect(await told(leaky, '/api/v1/leak', 'asked')).not.toEqual(before)
    expect(routesWithoutLine(leaky)).toEqual(['GET /api/v1/leak'])
    await leaky[Symbol.asyncDispose]()
  })

  test('there is no way out but those that are tried', () => {
    expect(routesWithoutLine(all)).toEqual([])
    const routes = [...namesOf(all), 'GET /*'] // which is there where the page is built
    expect(Object.keys(leakTable).filter((line) => !routes.includes(line))).toEqual([])
  })
})

const namesOf = ({ routes }: Twin): readonly string[] =>
  routes.flatMap(({ method, url }) =>
    [method]
      .flat()
      .filter((one) => one !== 'HEAD')
      .map((one) => `${one} ${url}`),
  )

const routesWithoutLine = (twin: Twin): readonly string[] =>
  namesOf(twin).filter((route) => !(route in leakTable) && !isPageFile(route) && !isSignIn(route))

async function compareStreams(seen: Twin, all: Twin, { realm, visible, marked }: Ground): Promise<void> {
  const versions = await seen.node.store.count({ realm: realm as Realm, versions: 'all' })
  expect(versions).toBeGreaterThan(visible.length)
  const [one, other] = await Promise.all(
    [seen, all].map((twin) => listen(twin, `realm=${realm}&after=start`, versions).heard),
  )
  expect(marked.length).toBeGreaterThan(0)
  expect(other).toEqual(one)
  const idsOf = async (twin: Twin) => {
    const answer = listen(twin, `realm=${realm}&after=start`, versions)
    await answer.heard
    return answer.ids()
  }
  const [mine, theirs] = [await idsOf(seen), await idsOf(all)]
  for (const at of [0, Math.floor(versions / 2), versions - 2]) {
    const rest = versions - at - 1
    const [after, afterThere] = await Promise.all([
      listen(seen, `realm=${realm}`, rest, mine[at]).heard,
      listen(all, `realm=${realm}`, rest, theirs[at]).heard,
    ])
    expect(afterThere).toEqual(after)
  }
}

const react = ({ node }: Twin, realm: Realm) =>
  settle({ store: node.store, reactors: node.reactors(node.store.identity, []), realm })

function counter(): () => number {
  let count = 0
  return () => {
    count += 1
    return count
  }
}
