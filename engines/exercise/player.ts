/**
 * Plays a scenario into one realm: for each step it sets the clock to the step's time, hands the payload to the same
 * ingest that live sources use, and lets the reactors digest it before the next. What the player does next is a
 * checkpoint, so a killed replay goes on where it stopped and ends with the records of an undisturbed one.
 *
 * States: `playing` → `paused` → `playing` … → `done`, or `failed` with its reason when a step cannot be played. Steps before `opensAt` are played without waiting. Between two
 * steps it waits the scenario's own time divided by the speed, but never longer than `longestWaitMs`: nights are short.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ingestPayload, type SourceDeclaration } from '../ingest/index.ts'
import {
  type Instant,
  instant,
  MosaicError,
  millis,
  type NodeId,
  type Realm,
  type SettableClock,
} from '../record/index.ts'
import {
  type Reactor,
  type ReactorRun,
  type Store,
  settle,
  type Timer,
  Timers,
  whenBack,
} from '../store/index.ts'
import type { Scenario, ScenarioStep } from './scenario.ts'

export type PlayerSetting = {
  readonly scenario: Scenario
  /** A store whose clock, origin and salts are the scenario's. */
  readonly store: Store
  readonly clock: SettableClock
  readonly sources: readonly SourceDeclaration[]
  readonly reactors: readonly Reactor[]
  /** What falls due by time alone, on the scenario's clock. */
  readonly timers?: readonly Timer[]
  readonly onFailure?: ReactorRun['onFailure']
}

export type PlayerState = {
  readonly scenario: string
  readonly state: 'playing' | 'paused' | 'done' | 'failed'
  /** With `failed`: what stopped it. */
  readonly reason?: string
  /** The scenario's time. */
  readonly time: Instant
  readonly from: Instant
  readonly until: Instant
  /** Scenario seconds per second. */
  readonly speed: number
  /** Steps played, of how many. */
  readonly step: number
  readonly steps: number
}

const longestWaitMs = 4000
const slowest = 0.1
const fastest = 100_000

export class ScenarioPlayer implements AsyncDisposable {
  readonly #setting: PlayerSetting
  readonly #listeners = new Set<(state: PlayerState) => void>()
  readonly #stop = new AbortController()
  #wake = new AbortController()
  #state: PlayerState['state'] = 'paused'
  #reason: string | undefined
  #speed: number
  #step = 0
  #skips = 0
  #running: Promise<void> | undefined
  readonly #timers: Timers

  constructor(setting: PlayerSetting, speed = 30) {
    this.#setting = setting
    this.#timers = timersOf(setting)
    this.#speed = speed
  }

  get state(): PlayerState {
    const { scenario, clock } = this.#setting
    return {
      scenario: scenario.id,
      state: this.#state,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      time: clock.now(),
      from: instant(scenario.from),
      until: instant(scenario.until),
      speed: this.#speed,
      step: this.#step,
      steps: scenario.steps.length,
    }
  }

  /** Called with every change of state; answers how to stop listening. */
  onChange(listener: (state: PlayerState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Starts, or goes on after a pause. */
  play(): void {
    if (this.#state === 'done') return
    this.#state = 'playing'
    this.#changed()
    this.#start()
  }

  pause(): void {
    if (this.#state !== 'playing') return
    this.#state = 'paused'
    this.#changed()
  }

  setSpeed(speed: number): void {
    if (!(speed >= slowest && speed <= fastest)) throw new SpeedRefused(speed)
    this.#speed = speed
    this.#changed()
  }

  /** The next step at once, also while paused. */
  skip(): void {
    if (this.#state === 'done') return
    this.#skips += 1
    this.#start()
    this.#changed()
  }

  /** Resolves when the last step is digested or the player is disposed of; rejects when a step cannot be played. */
  async finished(): Promise<void> {
    await this.#start()
    if (this.#state === 'failed') throw new Error(`the replay stopped: ${this.#reason}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.#wake.abort()
    await this.#running
  }

  #start(): Promise<void> {
    this.#running ??= this.#run().catch((error: unknown) => {
      this.#state = 'failed'
      this.#reason = error instanceof Error ? error.message : String(error)
      this.#changed()
    })
    return this.#running
  }

  async #run(): Promise<void> {
    const { scenario, store, clock } = this.#setting
    this.#step = (await store.checkpoints.get(checkpointOf(scenario))) + 1
    clock.set(instant(scenario.steps[this.#step - 1]?.at ?? scenario.from))
    for (;;) {
      const step = scenario.steps[this.#step]
      if (!step) break
      await this.#until(instant(step.at))
      if (this.#stop.signal.aborted) return
      await whenBack(() => passTime(this.#setting, this.#timers, instant(step.at)), this.#stop.signal)
      clock.set(instant(step.at))
      await whenBack(() => playStep(this.#setting, step), this.#stop.signal)
      await whenBack(() => store.checkpoints.set(checkpointOf(scenario), this.#step), this.#stop.signal)
      this.#step += 1
      this.#changed()
    }
    const until = instant(scenario.until)
    await whenBack(() => passTime(this.#setting, this.#timers, until), this.#stop.signal)
    clock.set(until)
    this.#state = 'done'
    this.#changed()
  }

  /** Waits for the scenario's time to reach `at`, at the speed of the moment; listens to pause, speed and skip. */
  async #until(at: Instant): Promise<void> {
    const { scenario, clock } = this.#setting
    let waited = 0
    while (!this.#stop.signal.aborted) {
      if (this.#skips > 0) {
        this.#skips -= 1
        return
      }
      const left = millis(at) - millis(clock.now())
      const isDue = at <= scenario.opensAt || left <= 0 || waited >= longestWaitMs
      if (this.#state === 'playing' && isDue) return
      const slice =
        this.#state === 'playing' ? Math.min(250, left / this.#speed, longestWaitMs - waited) : 3_600_000
      await this.#sleep(Math.max(1, slice))
      if (this.#state !== 'playing' || this.#wake.signal.aborted) continue
      waited += slice
      const reached = millis(clock.now()) + Math.ceil(slice * this.#speed)
      if (reached >= millis(at)) return
      clock.set(instant(reached))
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#wake.signal.aborted) this.#wake = new AbortController()
    await sleep(ms, undefined, { signal: this.#wake.signal }).catch(() => {
      // woken early: a pause, a new speed or a skip is looked at by the caller
    })
  }

  #changed(): void {
    this.#wake.abort()
    for (const listener of this.#listeners) listener(this.state)
  }
}

/** Every step without waiting, to the end: for `--instant`, tests and throwaway runs. */
export async function playAtOnce(
  setting: PlayerSetting,
  onStep?: (played: number, of: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { scenario, store, clock } = setting
  const done = (await store.checkpoints.get(checkpointOf(scenario))) + 1
  const timers = timersOf(setting)
  for (const [at, step] of scenario.steps.entries()) {
    if (at < done) continue
    if (signal?.aborted) return
    await whenBack(() => passTime(setting, timers, instant(step.at)), signal)
    clock.set(instant(step.at))
    await whenBack(() => playStep(setting, step), signal)
    await whenBack(() => store.checkpoints.set(checkpointOf(scenario), at), signal)
    onStep?.(at + 1, scenario.steps.length)
  }
  await whenBack(() => passTime(setting, timers, instant(scenario.until)), signal)
  clock.set(instant(scenario.until))
}

const timersOf = ({ scenario, store, timers = [] }: PlayerSetting): Timers =>
  new Timers({ store, realm: scenario.realm as Realm, timers, node: scenario.origin as NodeId })

/** What falls due up to `at` is said at its own time and digested, one instant after another. */
async function passTime(setting: PlayerSetting, timers: Timers, at: Instant): Promise<void> {
  for (;;) {
    const due = await timers.next(at)
    if (due === undefined) return
    setting.clock.set(due)
    await timers.fire(due)
    await digest(setting)
  }
}

async function playStep(setting: PlayerSetting, step: ScenarioStep): Promise<void> {
  const { scenario, store, clock, sources } = setting
  const source = sources.find(({ id }) => id === step.source)
  if (!source) throw new SourceUnknown(scenario.id, step.source, sources)
  const bytes = await readFile(join(scenario.folder, step.payload))
  const realm = scenario.realm as Realm
  const payload = { bytes, mediaType: step.mediaType, receivedAt: clock.now() }
  await ingestPayload({ store, source, payload, realm, clock })
  await digest(setting)
}

async function digest({ scenario, store, reactors, onFailure }: PlayerSetting): Promise<void> {
  const realm = scenario.realm as Realm
  await settle({ store, reactors, realm, ...(onFailure ? { onFailure } : {}) })
}

const checkpointOf = (scenario: Scenario): string => `exercise/${scenario.realm}`

export class SpeedRefused extends MosaicError {
  override readonly name = 'SpeedRefused'
  override readonly code = 'exercise/speed-refused'

  constructor(speed: number) {
    super(`A speed of ${speed} is outside ${slowest} … ${fastest} scenario seconds per second.`)
  }
}

export class SourceUnknown extends MosaicError {
  override readonly name = 'SourceUnknown'
  override readonly code = 'exercise/source-unknown'

  constructor(scenario: string, source: string, known: readonly SourceDeclaration[]) {
    super(
      `Scenario ${scenario} names the source "${source}"; this node has ${known.map(({ id }) => id).join(', ')}.`,
    )
  }
}
