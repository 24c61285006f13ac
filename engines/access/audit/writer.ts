/**
 * Writes entries to the trail: what one process notes within 50 ms goes in one transaction, and processes take turns on
 * the row of `audit_head`.
 *
 * What is put `now` starts the batch at once (a batch that is being written is followed by the next), and is answered
 * when it is durable; what is put `soon` waits for company. Putting waits for no lock and no other reader.
 *
 * States: idle → waiting (a timer runs) → writing → idle; writing → troubled (the database refuses) → writing again,
 * later each time. In trouble what was put `now` is rejected and forgotten, because its act is not answered; what was put
 * `soon` was answered already and is kept. Once that has lasted `patienceMs`, or too much waits, nothing more is taken:
 * `AuditUnavailable`, so that the node stops answering what it cannot note. A crash loses at most what was put `soon`
 * within the last 50 ms.
 */
import type { Sql } from '../../store/index.ts'
import { chainDigest, type PreparedEntry } from './entry.ts'
import { AuditUnavailable } from './errors.ts'
import { appendEntries, headForUpdate, knownContents, moveHead, type Transaction } from './queries.ts'

export type WriterOptions = {
  readonly database: Sql
  readonly batchMs?: number
  readonly patienceMs?: number
  /** Entries that may wait; one about many records counts as several. */
  readonly most?: number
  /** Told of every write that failed. */
  readonly onTrouble?: (error: unknown) => void
}

type Waiting = {
  readonly entries: readonly PreparedEntry[]
  /** Absent: put `soon`. */
  readonly answer?: { readonly done: () => void; readonly failed: (error: unknown) => void }
}

/** Of entries, and of the records that they name. */
const weightPerBatch = 1000
const weightOf = ({ entries }: Waiting): number =>
  entries.reduce((sum, { records }) => sum + 1 + records.length / 20, 0)

export class Writer implements AsyncDisposable {
  readonly #options: Required<Omit<WriterOptions, 'onTrouble'>> & Pick<WriterOptions, 'onTrouble'>
  #waiting: Waiting[] = []
  #count = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #troubledSince: number | undefined
  #isClosed = false

  constructor(options: WriterOptions) {
    this.#options = { batchMs: 50, patienceMs: 5000, most: 20_000, ...options }
  }

  /** Throws `AuditUnavailable` when no more can be taken. */
  soon(entries: readonly PreparedEntry[]): void {
    this.#refuseIfUnavailable()
    this.#take({ entries })
    this.#wake(this.#options.batchMs)
  }

  async now(entries: readonly PreparedEntry[]): Promise<void> {
    this.#refuseIfUnavailable()
    const written = new Promise<void>((done, failed) => this.#take({ entries, answer: { done, failed } }))
    this.#wake(0)
    await written
  }

  /** All that was put before is durable when this answers. */
  flush(): Promise<void> {
    return this.#waiting.length === 0 && this.#writing === undefined ? Promise.resolve() : this.now([])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return
    try {
      await this.flush()
    } finally {
      this.#isClosed = true
      clearTimeout(this.#timer)
      await this.#writing
    }
  }

  #refuseIfUnavailable(): void {
    const { most, patienceMs } = this.#options
    const isPatient =
      this.#troubledSince === undefined || performance.now() - this.#troubledSince < patienceMs
    if (this.#isClosed || this.#count >= most || !isPatient) throw new AuditUnavailable()
  }

  #take(waiting: Waiting): void {
    this.#waiting.push(waiting)
    this.#count += weightOf(waiting)
  }

  #wake(inMs: number): void {
    if (this.#writing !== undefined) return // it goes on with what came meanwhile
    if (inMs === 0) {
      clearTimeout(this.#timer)
      this.#timer = undefined
      this.#writing = this.#drain()
    } else this.#timer ??= setTimeout(() => this.#wake(0), inMs)
  }

  async #drain(): Promise<void> {
    let failures = 0
    while (this.#waiting.length > 0 && failures === 0) {
      const batch = this.#nextBatch()
      try {
        await this.#write(batch.flatMap(({ entries }) => entries))
        this.#troubledSince = undefined
        for (const { answer } of batch) answer?.done()
      } catch (error) {
        failures++
        this.#onFailure(batch, error)
      }
    }
    this.#writing = undefined
    if (this.#waiting.length > 0 && !this.#isClosed) this.#wake(this.#retryMs())
  }

  #nextBatch(): readonly Waiting[] {
    let weight = 0
    let end = 0
    for (const waiting of this.#waiting) {
      if (weight >= weightPerBatch) break
      weight += weightOf(waiting)
      end++
    }
    this.#count -= weight
    return this.#waiting.splice(0, end)
  }

  #onFailure(batch: readonly Waiting[], error: unknown): void {
    this.#troubledSince ??= performance.now()
    const kept = batch.filter(({ answer }) => answer === undefined)
    this.#waiting.unshift(...kept)
    this.#count += kept.reduce((sum, waiting) => sum + weightOf(waiting), 0)
    for (const { answer } of batch) answer?.failed(new AuditUnavailable(error))
    this.#options.onTrouble?.(error)
  }

  #retryMs(): number {
    const troubledMs = performance.now() - (this.#troubledSince ?? performance.now())
    return Math.min(2000, 10 + this.#options.batchMs + troubledMs)
  }

  /** A write may have succeeded although its answer was lost: in trouble, what is there already is not written again. */
  #write(entries: readonly PreparedEntry[]): Promise<void> {
    const { database } = this.#options
    const isRepeat = this.#troubledSince !== undefined
    if (entries.length === 0) return Promise.resolve()
    return database.begin(async (handle) => {
      const tx = handle as Transaction
      const head = await headForUpdate(tx)
      const known = isRepeat ? await knownContents(tx, entries) : new Set<string>()
      const missing = entries.filter(({ contentDigest }) => !known.has(contentDigest))
      let { digest } = head
      const chained = missing.map((prepared, n) => {
        const { entry, contentDigest } = prepared
        const { at, retainUntil } = entry
        const seq = head.nextSeq + n
        digest = chainDigest(digest, { seq, at, retainUntil, contentDigest })
        return { ...prepared, seq, digest }
      })
      await appendEntries(tx, chained)
      await moveHead(tx, head.nextSeq + chained.length, digest)
    }) as Promise<void>
  }
}
