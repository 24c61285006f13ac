/**
 * What the page shows of an impact assessment (`hazards.impact`). Every part is taken as possibly absent, since another
 * node's pack may be older or newer than this page: what is absent is not shown, and nothing is guessed in its place.
 */
import { isExposure } from './exposure-view.ts'
import type { Level } from './level.tsx'

export type Range = readonly [low: number, high: number]
export type Town = {
  readonly name: string
  readonly country: string
  readonly at: readonly [lon: number, lat: number]
  readonly people: number
  readonly distanceKm?: number
  readonly mmi: number
  readonly mmiLow?: number
  readonly mmiHigh?: number
}
export type Assumption = {
  readonly key: string
  readonly text: string
  readonly args?: Readonly<Record<string, string | number>>
}
type LossRange = { readonly from: number; readonly to?: number; readonly probability: number }
type Exposed = { readonly mmi: number; readonly low: number; readonly high: number }
type Body = {
  readonly state?: 'active' | 'withdrawn'
  readonly level?: Level
  readonly rule?: {
    readonly name: string
    readonly value: number
    readonly thresholds: Readonly<Record<string, number>>
  }
  readonly maxMmi?: number
  readonly towns?: readonly Town[]
  readonly cells?: readonly { readonly cell: string; readonly mmi: number }[]
  readonly countries?: readonly { readonly code: string; readonly exposed?: readonly Exposed[] }[]
  readonly fatalities?: {
    readonly expected: number
    readonly low: number
    readonly high: number
    readonly ranges?: readonly LossRange[]
  }
  readonly critical?: readonly (Town & { readonly why?: string })[]
  readonly models?: readonly { readonly name: string; readonly weight: number }[]
  readonly assumptions?: readonly Assumption[]
}

export type ImpactView = Required<Pick<Body, 'towns' | 'cells' | 'critical' | 'assumptions' | 'models'>> &
  Pick<Body, 'rule' | 'maxMmi' | 'fatalities'> & {
    readonly level: Level
    readonly isWithdrawn: boolean
    /** Strongest first. */
    readonly bands: readonly { readonly mmi: number; readonly people: Range }[]
    /** People by country are those at this intensity or above. */
    readonly countryMmi: number
    /** Most people first; countries where nobody is reached are left out. */
    readonly byCountry: readonly { readonly country: string; readonly people: Range }[]
  }

/** Shaking that people take for strong; where nobody has it, the weaker figure says more. */
const strongMmi = 5
const feltMmi = 4

export function readImpact(raw: unknown): ImpactView | undefined {
  if (typeof raw !== 'object' || raw === null || isExposure(raw)) return undefined
  const body = raw as Body
  const countries = body.countries ?? []
  const exposed = countries.flatMap((country) => country.exposed ?? [])
  const countryMmi = exposed.some(({ mmi, high }) => mmi >= strongMmi && high > 0) ? strongMmi : feltMmi
  return {
    level: body.level ?? null,
    isWithdrawn: body.state === 'withdrawn',
    rule: body.rule,
    maxMmi: body.maxMmi,
    fatalities: body.fatalities,
    towns: (body.towns ?? []).toSorted(byStepThenPeople),
    cells: body.cells ?? [],
    critical: (body.critical ?? []).toSorted(byStepThenPeople),
    models: body.models ?? [],
    assumptions: body.assumptions ?? [],
    bands: bandsOf(exposed),
    countryMmi,
    byCountry: countries
      .map(({ code, exposed: own = [] }) => ({
        country: code,
        people: total(own.filter(({ mmi }) => mmi >= countryMmi)),
      }))
      .filter(({ people: [, high] }) => high > 0)
      .toSorted((a, b) => b.people[1] - a.people[1]),
  } as ImpactView
}

/** Within one whole degree the difference is below the models' spread, and the larger town comes first. */
const byStepThenPeople = (a: Town, b: Town): number =>
  Math.round(b.mmi) - Math.round(a.mmi) || b.people - a.people

function bandsOf(exposed: readonly Exposed[]): ImpactView['bands'] {
  const byMmi = Map.groupBy(exposed, ({ mmi }) => mmi)
  return [...byMmi]
    .map(([mmi, parts]) => ({ mmi, people: total(parts) }))
    .filter(({ people: [, high] }) => high > 0)
    .toSorted((a, b) => b.mmi - a.mmi)
}

const total = (parts: readonly Exposed[]): Range => [
  parts.reduce((sum, { low }) => sum + low, 0),
  parts.reduce((sum, { high }) => sum + high, 0),
]
