/**
 * Assessment: what an event means for people and places. A pack declares assessors; each turns one event into one
 * assessment record with ranges, methods and assumptions in it, never a bare number.
 */
import type { Draft, Held, Place, Validity } from '../record/index.ts'
import type { ReactorView } from '../store/index.ts'

export type Assessment<Body = unknown> = {
  readonly valid: Validity
  readonly place?: Place
  readonly body: Body
}

export type Assessor<EventFigures = unknown, Body = unknown, World = unknown> = {
  /** `hazards.earthquake-impact` */
  readonly name: string
  readonly version: string
  readonly reads: string
  readonly writes: string
  /** Pure but for the world it is handed (places, populations): undefined when there is nothing to assess. */
  readonly assess: (
    event: Held<{ readonly figures?: EventFigures }>,
    world: World,
  ) => Promise<Assessment<Body> | undefined>
  /** What becomes of its assessment when the event can no longer be assessed; absent: it stays as it was. */
  readonly withdraw?: (
    earlier: Held<Body>,
    event: Held<{ readonly figures?: EventFigures }>,
  ) => Assessment<Body> | undefined
}

/** What a record shows in the light of what is held; realm and producer are the engine's to add. */
export type Detection<Body = unknown> = Omit<Draft<Body>, 'type' | 'realm' | 'producer'>

export type Detector<World = unknown> = {
  /** `environment.exceedance` */
  readonly name: string
  readonly version: string
  readonly reads: readonly string[]
  readonly writes: string
  /** Pure but for what it is handed: the record, the log up to it, the world. */
  readonly detect: (input: Held, view: ReactorView, world: World) => Promise<readonly Detection[]>
}

/** One reference case through our code: column-oriented values under the same keys as the case's `expected`. */
export type ReferenceCase = {
  readonly id: string
  readonly topic: string
  readonly method: string
  readonly input: Readonly<Record<string, unknown>>
  readonly params?: Readonly<Record<string, unknown>>
  readonly tolerance?: Readonly<Record<string, number | string>>
  readonly expected: Readonly<Record<string, unknown>>
}
export type ReferenceMethod = {
  /** Exactly the `method` of the case files. */
  readonly method: string
  /** `file` reads a table named in the case, relative to the case file. */
  readonly run: (input: ReferenceCase, file: (path: string) => Promise<string>) => Promise<unknown>
  /** Fields that the tolerance of its cases calls by another word. */
  readonly namedAs?: Readonly<Record<string, string>>
}

/**
 * In place of a value: ours, where the method can show on this very input that the reference's value is wrong, or where
 * the case lacks an input that its value needs. It is told in the result and never counted as agreement.
 */
export class ReferenceDeparture {
  readonly value: unknown
  readonly why: string

  constructor(value: unknown, why: string) {
    this.value = value
    this.why = why
  }
}
