/**
 * Warnings: rules declared by packs turn an assessment into proposals, one per country touched; people, or the node's
 * explicit auto-issue rule with its mandate, turn a proposal into a warning; the warning is a CAP 1.2 message, frozen
 * once issued. A revised event gives an Update that references every message still in force; a false one a Cancel.
 */
import type { CapCategory, CapCertainty, CapResponseType, CapSeverity, CapUrgency } from '../formats/index.ts'
import type { AreaCode, Held, Instant, Place, RecordId, Validity } from '../record/index.ts'

/** What a pack proposes for one country; texts are catalogue keys with arguments, so that every language says the same. */
export type ProposalBody = {
  readonly country: string
  readonly event: RecordId
  readonly state: 'warn' | 'end'
  readonly hazard: string
  readonly category: readonly CapCategory[]
  readonly responseType: readonly CapResponseType[]
  readonly urgency: CapUrgency
  readonly severity: CapSeverity
  readonly certainty: CapCertainty
  readonly eventCode: readonly { readonly valueName: string; readonly value: string }[]
  readonly onset: Instant
  readonly expires: Instant
  /** Keys into the pack's catalogue, and the arguments of the messages. */
  readonly texts: ProposalTexts
  /**
   * A text that begins with `@` is a key of the same catalogue, written with the same arguments; an instant is written
   * in the country's own time; a list is joined with commas. `country` and `reason` are given by the engine.
   */
  readonly args: Readonly<Record<string, string | number | readonly string[]>>
  /** The figures whose change is worth an Update: more than `tolerance` (0 when absent) away from what was issued. */
  readonly material?: readonly {
    readonly name: string
    readonly value: number | string
    readonly tolerance?: number
  }[]
  readonly parameter: readonly { readonly valueName: string; readonly value: string }[]
  readonly areas: readonly {
    readonly desc: Readonly<Record<string, string>>
    readonly polygons: readonly (readonly (readonly [number, number])[])[]
    readonly circles: readonly { readonly center: readonly [number, number]; readonly radiusKm: number }[]
    readonly geocodes: readonly AreaCode[]
  }[]
  /** Why: rule, thresholds, figures, for the duty officer and the auditor. */
  readonly because: readonly {
    readonly name: string
    readonly value: number | string
    readonly threshold?: number | string
  }[]
}

export type ProposalTexts = {
  readonly event: string
  readonly headline: string
  readonly description: string
  readonly instruction: string
  /** What the area is called, when an area has no `desc` in a language. */
  readonly area?: string
  /** Sentence before the description of an Update. */
  readonly revised?: string
  /** In place of headline and instruction when the message is advice to an authority, not a warning. */
  readonly advice?: { readonly headline: string; readonly instruction: string }
  /** Of the message that ends the warning; `reason` is `withdrawn` or `below-threshold`. */
  readonly ending?: { readonly headline: string; readonly description: string; readonly instruction: string }
}

export type Proposed = {
  readonly valid: Validity
  readonly place?: Place
  readonly body: ProposalBody
  /** Too little to start a warning, enough to let one stand: figures that tremble about a threshold end nothing. */
  readonly onlyKeeps?: boolean
}

export type WarningRule<Body = unknown> = {
  readonly name: string
  readonly version: string
  /** Type of the assessment it reads. */
  readonly reads: string
  readonly propose: (assessment: Held<Body>) => readonly Proposed[]
  /** True when the event was false, or is told under another event's name: every warning of it ends as withdrawn. */
  readonly withdrawn?: (assessment: Held<Body>) => boolean
}

/** One language's texts: key → ICU MessageFormat, with who reviewed it and when, or nobody yet. */
export type Catalogue = {
  readonly language: string
  /** Whose forms of numbers and dates are used when the language has several: `en-GB`. Absent: the language's own. */
  readonly locale?: string
  readonly messages: Readonly<Record<string, CatalogueEntry>>
}
export type CatalogueEntry = {
  readonly text: string
  readonly reviewed?: { readonly by: string; readonly on: string }
}
