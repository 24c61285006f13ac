/**
 * How a region writes level and kind into CAP beside CAP's own words: parameters that its neighbours' systems sort by.
 * The words are data of the region; a draft or proposal that carries the parameter already keeps its own.
 */
import type { CapPair, CapSeverity } from '../formats/index.ts'

export type WarningProfile = {
  readonly levelParameter: string
  readonly levels: Readonly<Record<CapSeverity, string | undefined>>
  /** What stands for a message that ends a warning. */
  readonly noWarning: string
  readonly kindParameter: string
  /** Hazard → value. A hazard without one is written without. */
  readonly kinds: Readonly<Record<string, string>>
}

export type Profiled = {
  readonly hazard: string
  readonly severity: CapSeverity
  readonly isEnding: boolean
  readonly parameter: readonly CapPair[]
}

/** The parameters with the profile's before them, where the hazard has a kind in it. */
export function withProfile(
  { hazard, severity, isEnding, parameter }: Profiled,
  profile: WarningProfile | undefined,
): readonly CapPair[] {
  const kind = profile?.kinds[hazard]
  if (profile === undefined || kind === undefined) return parameter
  const level = isEnding ? profile.noWarning : profile.levels[severity]
  const own = [
    ...(level === undefined ? [] : [{ valueName: profile.levelParameter, value: level }]),
    { valueName: profile.kindParameter, value: kind },
  ]
  const isNamed = (name: string) =>
    parameter.some(({ valueName }) => valueName.toLowerCase() === name.toLowerCase())
  return [...own.filter(({ valueName }) => !isNamed(valueName)), ...parameter]
}
