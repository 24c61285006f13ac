/** Which texts, responses and urgency a proposal has, by the family of its hazard. */
import type { CapResponseType, CapSeverity, CapUrgency } from '../../../engines/formats/index.ts'
import type { ProposalBody } from '../../../engines/warn/index.ts'
import type { HazardKind } from '../kinds.ts'

export type WarnFamily = 'flood' | 'wildfire' | 'weather' | 'other'

const families: Partial<Readonly<Record<HazardKind, WarnFamily>>> = {
  flood: 'flood',
  wildfire: 'wildfire',
  storm: 'weather',
  wind: 'weather',
  thunderstorm: 'weather',
  rain: 'weather',
  'snow-ice': 'weather',
  fog: 'weather',
  heat: 'weather',
  cold: 'weather',
  coastal: 'weather',
  avalanche: 'weather',
  cyclone: 'weather',
}
export const warnFamilyOf = (kind: HazardKind): WarnFamily => families[kind] ?? 'other'

const isGrave = (severity: CapSeverity): boolean => severity === 'Extreme' || severity === 'Severe'

export function responsesOf(family: WarnFamily, severity: CapSeverity): readonly CapResponseType[] {
  if (!isGrave(severity)) return ['Prepare', 'Monitor']
  return family === 'weather' ? ['Avoid', 'Prepare', 'Monitor'] : ['Avoid', 'Execute', 'Monitor']
}

export const urgencyOf = (status: string): CapUrgency => (status === 'forecast' ? 'Expected' : 'Immediate')

const shared: Pick<ProposalBody['texts'], 'revised' | 'advice' | 'ending'> = {
  revised: 'hazard.revised',
  advice: { headline: 'hazard.headline.advice', instruction: 'hazard.instruction.advice' },
  ending: {
    headline: 'hazard.ending.headline',
    description: 'hazard.ending.description',
    instruction: 'hazard.ending.instruction',
  },
}

export const touchedTexts = (kind: HazardKind, hasTowns: boolean): ProposalBody['texts'] => ({
  event: `hazard.kind.${kind}`,
  headline: 'hazard.headline',
  description: 'hazard.description',
  instruction: `hazard.instruction.${warnFamilyOf(kind)}`,
  area: hasTowns ? 'hazard.area' : 'hazard.area.plain',
  ...shared,
})

export const downstreamTexts: ProposalBody['texts'] = {
  event: 'hazard.kind.flood',
  headline: 'hazard.headline.downstream',
  description: 'hazard.description.downstream',
  instruction: 'hazard.instruction.downstream',
  area: 'hazard.area.river',
  ...shared,
}
