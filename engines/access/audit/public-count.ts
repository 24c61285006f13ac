/** How often anybody read what is public: by day, act and route, and nothing about whom. Written once a second. */
import type { Clock } from '../../record/index.ts'
import type { Sql } from '../../store/index.ts'
import { addPublicCounts, dayOf } from './queries.ts'

const everyMs = 1000
/** Different routes and types of a day; what comes beyond is counted together. */
const mostKinds = 1000

type Count = { readonly day: string; readonly act: string; readonly what: string; count: number }

export class PublicCounter implements AsyncDisposable {
  readonly #database: Sql
  readonly #clock: Clock
  readonly #onTrouble: (error: unknown) => void
  #counts = new Map<string, Count>()
  #timer: NodeJS.Timeout | undefined

  constructor(database: Sql, clock: Clock, onTrouble: (error: unknown) => void = () => {}) {
    this.#database = database
    this.#clock = clock
    this.#onTrouble = onTrouble
  }

  count(act: string, what: string): void {
    this.#add({ day: dayOf(this.#clock.now()), act, what, count: 1 })
  }

  #add({ day, act, what, count }: Count): void {
    const named = this.#counts.size < mostKinds ? what : 'other'
    const key = JSON.stringify([day, act, named])
    const found = this.#counts.get(key)
    if (found) found.count += count
    else this.#counts.set(key, { day, act, what: named, count })
    this.#timer ??= setTimeout(() => void this.flush().catch(this.#onTrouble), everyMs).unref()
  }

  /** What could not be written is kept and added to the next. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const counts = this.#counts
    if (counts.size === 0) return
    this.#counts = new Map()
    try {
      await addPublicCounts(this.#database, [...counts.values()])
    } catch (error) {
      for (const count of counts.values()) this.#add(count)
      throw error
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.flush()
  }
}
