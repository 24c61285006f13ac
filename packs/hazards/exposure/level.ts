/**
 * The level of a disaster: green, yellow, orange, red.
 *
 * GDACS, where a threshold of its is known and a source tells the figure (as found; its other thresholds are not public):
 *   flood      orange above 100 dead or 80 000 displaced · red above 1000 dead or 800 000 displaced
 *   wildfire   orange above 10 000 ha with 10 000 people in and around it (its front page) · green from 5000 ha. Its red
 *              is not known, so no fire is red by this rule
 *   tsunami    orange from 1 m at the coast · red from 3 m
 * Otherwise the severity that the tellings give: Extreme red, Severe orange, Moderate yellow, else green. These are the
 * colours of Meteoalarm for the same words. Where both speak the higher counts: few dead so far are no reason to make an
 * authority's red warning milder.
 */
import type { CapSeverity } from '../../../engines/formats/index.ts'
import type { HazardKind } from '../kinds.ts'
import type { HazardFigures } from '../records.ts'
import { type ExposureBody, levels } from './record.ts'

export type Level = ExposureBody['level']
export type Levelled = Pick<ExposureBody, 'level' | 'rule'>

export type LevelInput = {
  readonly kind: HazardKind
  readonly severity: CapSeverity | undefined
  readonly measures: HazardFigures['measures']
  /** In and around the area, upper figure. */
  readonly people: number
}

export function levelOf(input: LevelInput): Levelled {
  const bySeverity = severityLevel(input.severity)
  const byFigures = figuresLevel(input)
  if (byFigures === undefined) return bySeverity
  return levels.indexOf(byFigures.level) >= levels.indexOf(bySeverity.level) ? byFigures : bySeverity
}

function severityLevel(severity: CapSeverity = 'Unknown'): Levelled {
  const level =
    ({ Extreme: 'red', Severe: 'orange', Moderate: 'yellow' } as const)[severity as 'Extreme'] ?? 'green'
  return {
    level,
    rule: { name: 'severity', value: severity, because: 'highest severity that a telling in force gives' },
  }
}

function figuresLevel({ kind, measures, people }: LevelInput): Levelled | undefined {
  if (kind === 'flood') return floodLevel(measures)
  if (kind === 'wildfire') return fireLevel(measures, people)
  return kind === 'tsunami' ? waveLevel(measures) : undefined
}

function floodLevel(measures: LevelInput['measures']): Levelled | undefined {
  const dead = highest(measures, /\b(dead|deaths?|fatalit)/i)
  const displaced = highest(measures, /\b(displaced|evacuated)/i)
  if (dead === undefined && displaced === undefined) return undefined
  const isOver = (deaths: number, people: number) => (dead ?? 0) > deaths || (displaced ?? 0) > people
  const level = isOver(1000, 800_000) ? 'red' : isOver(100, 80_000) ? 'orange' : 'green'
  const because = `${dead ?? 'no figure for'} dead, ${displaced ?? 'no figure for'} displaced`
  return { level, rule: { name: 'gdacs-flood', value: dead ?? displaced ?? 0, because } }
}

function fireLevel(measures: LevelInput['measures'], people: number): Levelled | undefined {
  const hectares = hectaresOf(measures)
  if (hectares === undefined) return undefined
  const level = hectares > 10_000 && people > 10_000 ? 'orange' : 'green'
  const because = `${Math.round(hectares)} ha burnt, up to ${Math.round(people)} people in and around it`
  return { level, rule: { name: 'gdacs-wildfire', value: Math.round(hectares), because } }
}

/** What a source calls burnt; the outline of hot spots is an upper figure of its own and not that. */
function hectaresOf(measures: LevelInput['measures']): number | undefined {
  const burnt = measures.filter(({ name }) => /burn|burned|burnt/i.test(name))
  const inHectares = burnt.map(({ unit, high }) =>
    /^ha$|hectare/i.test(unit) ? high : /km2|km²/i.test(unit) ? high * 100 : undefined,
  )
  const known = inHectares.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

function waveLevel(measures: LevelInput['measures']): Levelled | undefined {
  const metres = highest(
    measures.filter(({ unit }) => /^m$|met(er|re)/i.test(unit)),
    /wave|height/i,
  )
  if (metres === undefined) return undefined
  const level = metres >= 3 ? 'red' : metres >= 1 ? 'orange' : 'green'
  return { level, rule: { name: 'gdacs-tsunami', value: metres, because: `${metres} m at the coast` } }
}

function highest(measures: LevelInput['measures'], name: RegExp): number | undefined {
  const all = measures.filter((measure) => name.test(measure.name)).map(({ high }) => high)
  return all.length === 0 ? undefined : Math.max(...all)
}
