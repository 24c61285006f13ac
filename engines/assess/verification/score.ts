/** The score of one warning, or of one event that nobody warned of: pure functions of what is held. */
import { type Held, instant, millis } from '../../record/index.ts'
import type { IssuedForecast, Issuer, Observed, Sighting, VerificationRule } from './contract.ts'
import { type Because, type Fit, fitsOf } from './match.ts'
import { areaScore } from './overlap.ts'
import type { ScoreBody } from './records.ts'

export type Seen = { readonly event: Held; readonly observed: Observed }
type Ref = ScoreBody['evidence'][number]

export const refOf = ({ record: { id, version, type } }: Held): Ref => ({ id, version, type })

type RuleFacts = Pick<VerificationRule, 'name' | 'tolerance' | 'isObservable'>

export type Warned = {
  readonly warning: Held
  readonly forecast: IssuedForecast
  /** What the warning rested on. */
  readonly evidence: readonly Ref[]
}

/** Of all that was seen, what the warning is held against: in the order of its onset. */
export function scoreWarning(
  rule: RuleFacts,
  { warning, forecast: given, evidence }: Warned,
  seen: readonly Seen[],
): { readonly body: ScoreBody; readonly matched: readonly Seen[] } {
  const forecast = asItStood(given)
  const isWithdrawn = given.endedAt !== undefined && given.endedAt <= given.from
  const fitOf = fitsOf(forecast, rule.tolerance)
  const fits = (isWithdrawn ? [] : seen)
    .map((one) => ({ ...one, fit: fitOf(one.observed) }))
    .filter(({ fit }) => fit.met.length > 0)
    .sort(byOnset)
  const [first] = fits
  const isObservable = rule.isObservable(forecast.matter)
  const outcome = isWithdrawn ? 'withdrawn' : first ? 'hit' : isObservable ? 'false-alarm' : 'not-verified'
  const hasHappened = first !== undefined
  const area = first && areaOf(forecast, fits)
  const { probability } = forecast
  const body: ScoreBody = {
    rule: rule.name,
    outcome,
    because: isWithdrawn
      ? [{ name: 'taken back before it began', value: given.endedAt, bound: given.from }]
      : first
        ? first.fit.because
        : withoutEvent(isObservable, seen.length),
    matter: forecast.matter,
    issuer: forecast.issuer,
    standing: forecast.standing,
    countries: forecast.countries,
    isCounted: forecast.isFirst && (outcome === 'hit' || outcome === 'false-alarm'),
    warning: {
      ...refOf(warning),
      issuedAt: forecast.issuedAt,
      from: forecast.from,
      until: forecast.until,
      level: forecast.level,
      ...(forecast.certainty === undefined ? {} : { certainty: forecast.certainty }),
    },
    evidence,
    observed: fits.map((one) => observedRef(one, one.fit.met)),
    ...(first && { leadTimeS: Math.round((onsetOf(first.fit.met) - millis(forecast.issuedAt)) / 1000) }),
    ...(area && { area }),
    ...(probability === undefined || (outcome !== 'hit' && outcome !== 'false-alarm')
      ? {}
      : { probability, brier: Number(((probability - Number(hasHappened)) ** 2).toFixed(6)) }),
    tolerance: rule.tolerance,
    assumptions: [
      ...forecast.assumptions,
      ...new Set(fits.flatMap(({ observed }) => observed.computed ?? [])),
    ],
  }
  return { body, matched: fits }
}

/** What was taken back warned no longer than until then. */
const asItStood = (forecast: IssuedForecast): IssuedForecast =>
  forecast.endedAt !== undefined && forecast.endedAt > forecast.from && forecast.endedAt < forecast.until
    ? { ...forecast, until: forecast.endedAt }
    : forecast

/** Who should have warned of it, and did not. */
export function scoreMiss(
  rule: RuleFacts,
  { event, observed }: Seen,
  {
    issuer,
    country,
    because,
  }: { readonly issuer: Issuer; readonly country: string; readonly because: Because },
): ScoreBody {
  return {
    rule: rule.name,
    outcome: 'miss',
    because: [{ name: 'warnings of this country that meet it', value: 0, bound: 1 }, because],
    matter: observed.matter,
    issuer,
    standing: 'warning',
    countries: [country],
    isCounted: true,
    evidence: [],
    observed: [observedRef({ event, observed }, observed.sightings)],
    tolerance: rule.tolerance,
    assumptions: [],
  }
}

const withoutEvent = (isObservable: boolean, looked: number): readonly Because[] => [
  isObservable
    ? { name: 'observed events that meet it', value: 0, bound: 1 }
    : { name: 'observers of this matter among the sources', value: 0, bound: 1 },
  { name: 'observed events looked at', value: looked },
]

const onsetOf = (sightings: readonly Sighting[]): number =>
  Math.min(...sightings.map(({ onset }) => millis(onset)))
const endOf = (sightings: readonly Sighting[]): number => Math.max(...sightings.map(({ end }) => millis(end)))

const observedRef = (
  { event, observed: { level } }: Seen,
  met: readonly Sighting[],
): ScoreBody['observed'][number] => ({
  ...refOf(event),
  onset: instant(onsetOf(met)),
  end: instant(endOf(met)),
  ...(level === undefined ? {} : { level }),
  by: [...new Set(met.map(({ by }) => by))].sort(),
})

/** Against all that was seen where it warned: what the same event did elsewhere is others' to warn of. */
function areaOf(forecast: IssuedForecast, seen: readonly Fitted[]): ScoreBody['area'] {
  const geometries = seen.flatMap(({ observed, fit }) =>
    observed.computed === undefined ? fit.met.flatMap(({ geometry }) => geometry ?? []) : [],
  )
  if (forecast.geometry === undefined || geometries.length === 0) return undefined
  return areaScore(forecast.geometry, { type: 'GeometryCollection', geometries })
}

type Fitted = Seen & { readonly fit: Fit }
const byOnset = (a: Fitted, b: Fitted): number =>
  onsetOf(a.fit.met) - onsetOf(b.fit.met) || (a.event.record.id < b.event.record.id ? -1 : 1)
