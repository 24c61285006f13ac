/**
 * Assessment: what an event means for people and places. A pack declares assessors; each turns one event into one
 * assessment record with ranges, methods and assumptions in it, never a bare number.
 */
import type { Held, Place, Validity } from '../record/index.ts'

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
}
