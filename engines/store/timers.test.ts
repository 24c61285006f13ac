import { describe, expect, test } from 'vitest'
import { actual, type Held, instant, nodeId, plusMs } from '../record/index.ts'
import { aReport, aStore, atMainShock } from './store.test-support.ts'
import { runTimers, type Timer, type TimerDueBody, Timers, timerDue } from './timers.ts'

const node = nodeId('durres.example')
const hour = 3_600_000
const at = (hours: number) => plusMs(atMainShock, hours * hour)

/** An hour after it is over. */
const afterwards: Timer = {
  name: 'test/afterwards',
  reads: ['hazards.observation'],
  dueAt: ({ record: { valid } }) => valid.until && plusMs(valid.until, hour),
}
const lasting = (key: string, hours: number) =>
  aReport({ key, valid: { from: atMainShock, until: at(hours) }, body: { hours } })

async function opened() {
  const open = await aStore()
  const run = { store: open.store, realm: actual, timers: [afterwards], node }
  const said = async () =>
    ((await open.store.read({ types: [timerDue.type] })) as readonly Held<TimerDueBody>[]).map(
      ({ record }) => record.body.due,
    )
  return { ...open, run, said, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() }
}

describe('what falls due', () => {
  test('is said once its instant has come, and not before', async () => {
    await using open = await opened()
    await open.store.append([lasting('short', 1), lasting('long', 5)])
    const timers = new Timers(open.run)

    expect(await timers.next(at(9))).toBe(at(2))
    expect(await timers.next(at(1.5))).toBeUndefined()
    await timers.fire(at(1.5))
    expect(await open.said()).toEqual([])
    await timers.fire(at(2))

    expect(await open.said()).toEqual([at(2)])
    expect(await timers.next(at(9))).toBe(at(6))
  })

  test('moves with the record: what was prolonged falls due later', async () => {
    await using open = await opened()
    await open.store.append([lasting('flood', 1)])
    const timers = new Timers(open.run)
    await timers.next(at(0))
    await open.store.append([lasting('flood', 4)])

    await timers.fire(at(2))
    expect(await open.said()).toEqual([])
    await timers.fire(at(5))

    expect(await open.said()).toEqual([at(5)])
  })

  test('is said after a night in which the node was off, and by two processes once', async () => {
    await using open = await opened()
    await open.store.append([lasting('short', 1), lasting('long', 30)])
    const first = new Timers(open.run)
    await first.next(at(2))
    await first.fire(at(2))

    const runs = [new Timers(open.run), new Timers({ ...open.run, store: await open.beside() })]
    for (const timers of runs) {
      await timers.next(at(40))
      await timers.fire(at(40))
    }

    expect(await open.said()).toEqual([at(2), at(31)])
  })

  test('is another node’s matter where the record is another node’s', async () => {
    await using open = await opened()
    await open.store.append([lasting('short', 1)])
    const timers = new Timers({ ...open.run, node: nodeId('skopje.example') })

    expect(await timers.next(instant('2030-01-01T00:00:00Z'))).toBeUndefined()
  })

  test('is looked for while the node runs, until it stops', async () => {
    await using open = await opened()
    await open.store.append([lasting('short', 1)])
    open.clock.set(at(3))
    const stopping = new AbortController()

    const running = runTimers(open.run, { clock: open.clock, signal: stopping.signal, everyMs: 5 })
    for await (const [due] of open.store.follow({
      after: -1,
      types: [timerDue.type],
      signal: stopping.signal,
    })) {
      expect((due as Held<TimerDueBody>).record.body.due).toBe(at(2))
      break
    }
    stopping.abort()
    await running
  })
})
