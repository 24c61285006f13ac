/**
 * Time as data: the clock reactor. Reactors have no clock, so what must follow from time alone (a warning has run out and
 * can be scored) is said to them by a record, `timer.due`, that this file writes when the instant has come.
 *
 * A **timer** says of a record when it falls due. What is due is judged by the newest version at that moment: a record
 * that was prolonged falls due later. Key of what is written: timer, record and instant, so that a repeat after a crash,
 * or by a second process, writes nothing.
 *
 * Where it stands is a checkpoint: everything up to that index has fallen due, was passed over, or fell away. What lies
 * after it is read again at the start, so a node that was off says afterwards what fell due meanwhile.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Static, Type } from 'typebox'
import {
  type Clock,
  type Draft,
  defineRecord,
  type Held,
  type Instant,
  type NodeId,
  type Realm,
  type RecordId,
} from '../record/index.ts'
import type { Store } from './contract.ts'
import { whenBack } from './when-back.ts'

export const timerDue = defineRecord({
  type: 'timer.due',
  schemaVersion: 1,
  body: Type.Object(
    {
      timer: Type.String({ minLength: 1 }),
      record: Type.Unsafe<RecordId>(Type.String({ pattern: '^[0-9a-f]{40}$' })),
      due: Type.Unsafe<Instant>(
        Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
      ),
    },
    { additionalProperties: false },
  ),
})
export type TimerDueBody = Static<typeof timerDue.body>

export type Timer = {
  /** `verify/hazards`; names the checkpoint. */
  readonly name: string
  readonly reads: readonly string[]
  /** Absent: this record never falls due. */
  readonly dueAt: (held: Held) => Instant | undefined
}

export type TimerRun = {
  readonly store: Store
  readonly realm: Realm
  readonly timers: readonly Timer[]
  /** Whose records fall due; another node's are that node's matter. */
  readonly node: NodeId
}

const batch = 500

/** The instants to come, of one realm. */
export class Timers {
  readonly #run: TimerRun
  readonly #waiting: readonly Waiting[]

  constructor(run: TimerRun) {
    this.#run = run
    this.#waiting = run.timers.map((timer) => ({ timer, due: new Map() }))
  }

  /**
   * Looks at what came since, and answers the next instant at or before `until` at which something falls due.
   * Undefined: nothing does.
   */
  async next(until: Instant): Promise<Instant | undefined> {
    for (const waiting of this.#waiting) await this.#lookAt(waiting)
    const all = this.#waiting.flatMap(({ due }) => [...due.values()].map(({ at }) => at))
    const first = all.reduce<Instant | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined)
    return first !== undefined && first <= until ? first : undefined
  }

  /** Writes what falls due at or before `now`; answers how many. */
  async fire(now: Instant): Promise<number> {
    let written = 0
    for (const waiting of this.#waiting) {
      const due = [...waiting.due].filter(([, { at }]) => at <= now).sort(byInstant)
      for (const [id, { at }] of due) written += await this.#fireOne(waiting, id, at)
      await this.#settle(waiting)
    }
    return written
  }

  async #lookAt(waiting: Waiting): Promise<void> {
    const { store, realm, node } = this.#run
    const { timer, due } = waiting
    waiting.seen ??= await store.checkpoints.get(this.#checkpoint(timer))
    for (;;) {
      const held = await store.read({ types: timer.reads, realm, after: waiting.seen, limit: batch })
      for (const one of held) {
        waiting.seen = Math.max(waiting.seen, one.index)
        const at = one.record.origin === node ? timer.dueAt(one) : undefined
        if (at === undefined) due.delete(one.record.id)
        else due.set(one.record.id, { at, index: one.index })
      }
      if (held.length < batch) return
    }
  }

  async #fireOne({ timer, due }: Waiting, id: RecordId, at: Instant): Promise<number> {
    const { store, realm } = this.#run
    due.delete(id)
    const newest = await store.get(id)
    const stillAt = newest && timer.dueAt(newest)
    if (newest === undefined || stillAt === undefined) return 0
    if (stillAt > at) {
      due.set(id, { at: stillAt, index: newest.index })
      return 0
    }
    const key = `${timer.name}:${id}:${at}`
    const [said] = await store.read({ types: [timerDue.type], realm, key, limit: 1 })
    if (said !== undefined) return 0
    const draft: Draft<TimerDueBody> = {
      type: timerDue.type,
      key,
      realm,
      producer: { kind: 'method', name: 'store/timers', version: '1' },
      valid: { from: at, until: at },
      links: [{ type: 'derivedFrom', id, version: newest.record.version }],
      body: { timer: timer.name, record: id, due: at },
    }
    const [outcome] = await store.append([draft])
    return outcome?.kind === 'appended' ? 1 : 0
  }

  /** Everything before the first that still waits is done with. */
  async #settle({ timer, due, seen }: Waiting): Promise<void> {
    const first = [...due.values()].reduce((least, { index }) => Math.min(least, index), Infinity)
    const done = Math.min(seen ?? -1, first - 1)
    const { store } = this.#run
    if (done > (await store.checkpoints.get(this.#checkpoint(timer))))
      await store.checkpoints.set(this.#checkpoint(timer), done)
  }

  #checkpoint(timer: Timer): string {
    return `timer/${timer.name}@${this.#run.realm}`
  }
}

type Waiting = {
  readonly timer: Timer
  readonly due: Map<RecordId, { readonly at: Instant; readonly index: number }>
  /** Index up to which records were looked at. */
  seen?: number
}

type Due = readonly [id: RecordId, due: { readonly at: Instant }]
const byInstant = ([a, one]: Due, [b, two]: Due): number =>
  one.at === two.at ? (a < b ? -1 : 1) : one.at < two.at ? -1 : 1

export type TimerClock = { readonly clock: Clock; readonly signal: AbortSignal; readonly everyMs?: number }

/** Looks every few seconds until the signal aborts: what falls due is late by no more than that. */
export async function runTimers(
  run: TimerRun,
  { clock, signal, everyMs = 10_000 }: TimerClock,
): Promise<void> {
  const timers = new Timers(run)
  while (!signal.aborted) {
    await whenBack(async () => {
      const now = clock.now()
      if ((await timers.next(now)) !== undefined) await timers.fire(now)
    }, signal)
    await sleep(everyMs, undefined, { signal }).catch(() => {
      // aborted: the loop ends
    })
  }
}
