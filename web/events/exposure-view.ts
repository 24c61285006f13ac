/**
 * What the page shows of `hazards.exposure`: who lies where a disaster other than shaking is told of. Every part is taken
 * as possibly absent, since another node's pack may be older or newer than this page.
 */
import type { Level } from './level.tsx'

type People = { readonly low: number; readonly high: number }
export type ExposedCountry = {
  readonly code: string
  readonly relation: 'touched' | 'near' | 'downstream' | 'reported'
  readonly nearestKm?: number
  readonly people?: People
  readonly downstream?: { readonly river: string; readonly order: number; readonly km: People }
  readonly warnedBy?: { readonly authority: string; readonly name: string; readonly until: string }
}
export type ExposedTown = {
  readonly name: string
  readonly country: string
  readonly people: number
  readonly why?: string
}
export type ExposureView = {
  readonly level: Level
  readonly area?: 'shape' | 'circle' | 'unknown'
  readonly radiusKm?: number
  readonly people?: People
  readonly rule?: { readonly name: string; readonly value: number | string; readonly because: string }
  readonly countries: readonly ExposedCountry[]
  readonly towns: readonly ExposedTown[]
  readonly townsInside: number
  readonly critical: readonly ExposedTown[]
  readonly assumptions: readonly {
    readonly key: string
    readonly text: string
    readonly args?: Readonly<Record<string, string | number>>
  }[]
}

/** Undefined for what is no estimate of exposure. */
export function readExposure(raw: unknown): ExposureView | undefined {
  if (!isExposure(raw)) return undefined
  const {
    countries = [],
    towns = [],
    critical = [],
    assumptions = [],
    level = null,
    townsInside,
    ...rest
  } = raw
  return {
    ...rest,
    level,
    countries,
    towns,
    critical,
    assumptions,
    townsInside: townsInside ?? towns.length,
  }
}

/** It says how its area is known; an estimate of shaking has intensities instead. */
export const isExposure = (raw: unknown): raw is Partial<ExposureView> =>
  typeof raw === 'object' && raw !== null && 'area' in raw && !('maxMmi' in raw)
